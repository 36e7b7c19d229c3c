// A server that repeats the token it was sent, in every text that it may send.
#pragma once

#include "codec/convert.hpp"
#include "codec/frame.hpp"
#include "net/server.hpp"

#include <algorithm>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::test {

/// The token as it is, percent-encoded and JSON-escaped (for tokens that consist of letters, digits and '_').
inline std::vector<std::string> spellings_of(const std::string& token) {
    std::string percent, json;
    for (const char c : token) {
        constexpr std::string_view digits = "0123456789abcdef";
        const auto byte = static_cast<unsigned char>(c);
        const std::string hex{digits[byte >> 4], digits[byte & 15]};
        percent += c == '_' ? "%" + hex : std::string(1, c);
        json += "\\u00" + hex;
    }
    return {token, percent, json, token.substr(0, 6) + "\x01" + token.substr(6)};
}

/// REST: GET /v1/raw/N is refused with the N-th spelling in its body, /v1/before/N with that of the token of the
/// request before it, /v1/code/N with it in the code, /v1/users/N with a user whose id it is; /v1/data answers the
/// token as data, a message to channel 2 has it for content, everything else is a 429 whose bucket it is. Gateway: an
/// event with an id of each spelling, text frames, a name, and then a close frame that all hold it; the next connection
/// is refused likewise.
///
/// Threads: those of the loop.
class EchoServer final : public net::ServerHandler {
public:
    EchoServer() {
        loop_.start();
        server_ = std::make_unique<net::Server>(loop_, net::ServerOptions{}, *this);
    }
    ~EchoServer() override { server_.reset(); }

    std::string rest_url() const { return "http://127.0.0.1:" + std::to_string(server_->port()) + "/v1"; }
    std::string gateway_url() const { return "ws://127.0.0.1:" + std::to_string(server_->port()) + "/gateway"; }

    void on_request(net::ServerRequest request, std::function<void(net::ServerResponse)> respond) override {
        const std::string header(request.header("authorization"));
        const std::string token = header.substr(std::min<std::size_t>(header.find(' ') + 1, header.size()));
        const std::string& path = request.path;
        const std::string before = std::exchange(last_token_, token);
        const auto spelling = [&] {
            const auto all = spellings_of(path.starts_with("/v1/before/") ? before : token);
            return all.at(static_cast<std::size_t>(path.back() - '0') % all.size());
        };
        if (path.starts_with("/v1/raw/")) return respond({400, {}, "you sent " + spelling() + " and that is wrong {"});
        if (path.starts_with("/v1/before/")) return respond({400, {}, "before it you sent " + spelling() + " {"});
        if (path.starts_with("/v1/code/"))
            return respond({403, {}, R"({"code":")" + spelling() + R"(","error":"you are )" + spelling() + "\"}"});
        if (path.starts_with("/v1/users/")) return respond({200, {}, R"({"id":")" + token + R"(","username":"x"})"});
        if (path == "/v1/channels/2/messages")
            return respond({201,
                            {},
                            R"({"id":"1","channel_id":"2","author":{"id":"3","username":"x"},"content":")" + token +
                                R"(","created_at":"2024-01-15T12:00:00Z"})"});
        if (path.starts_with("/v1/data")) return respond({200, {}, R"({"username":"x","of":")" + token + "\"}"});
        respond({429,
                 {{"x-ratelimit-bucket", "of " + token}, {"retry-after", "0.001"}},
                 R"({"error":"slow down, )" + token + R"(","code":"RATE_LIMIT_EXCEEDED","retry_after":0.001})"});
    }

    std::unique_ptr<net::ServerSocketHandler> on_socket(const net::ServerRequest&,
                                                        std::shared_ptr<net::ServerSocket> socket) override {
        return std::make_unique<Connection>(std::move(socket));
    }

private:
    struct Connection final : net::ServerSocketHandler {
        explicit Connection(std::shared_ptr<net::ServerSocket> socket_) : socket(std::move(socket_)) {}

        void dispatch(const std::string& name, const std::string& json, std::uint64_t seq) {
            socket->send_binary(codec::write_frame(codec::Opcode::dispatch, *codec::json_to_msgpack(json), name, seq));
        }
        void on_message(std::span<const std::uint8_t> message, bool) override {
            const auto frame = codec::peek_frame(message);
            if (!frame || frame->op != static_cast<std::uint64_t>(codec::Opcode::identify)) return;
            const std::string token = codec::from_msgpack<raw::Identify>(frame->data)->token;
            socket->send_binary(codec::write_frame(
                codec::Opcode::ready,
                *codec::json_to_msgpack(R"({"user":{"id":"1","username":"bot"},"servers":[{"id":")" + token +
                                        R"("}],"session_id":"s1","heartbeat_interval":40000})")));
            std::uint64_t seq = 0;
            for (const auto& spelling : spellings_of(token)) {
                if (spelling.find('\x01') != std::string::npos) continue;  // no JSON
                dispatch("CHANNEL_CREATE", R"({"channel":{"id":")" + spelling + R"(","type":0}})", ++seq);
            }
            dispatch(token, R"({"of":")" + token + "\"}", ++seq);
            socket->close(4004, "refused: " + token + " and " + token.substr(0, 5) + "\x01" + token.substr(5));
        }
        void on_closed(int, std::string_view) override {}
        std::shared_ptr<net::ServerSocket> socket;
    };

    std::string last_token_;
    net::Loop loop_;
    std::unique_ptr<net::Server> server_;
};

}  // namespace intent::test
