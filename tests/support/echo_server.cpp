#include "tests/support/echo_server.hpp"

#include "codec/convert.hpp"
#include "codec/frame.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace intent::test {

std::vector<std::string> spellings_of(const std::string& token) {
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

class EchoServer::Connection final : public net::ServerSocketHandler {
public:
    explicit Connection(std::shared_ptr<net::ServerSocket> socket) : socket_(std::move(socket)) {}

    void on_message(std::span<const std::uint8_t> message, bool) override {
        const auto frame = codec::peek_frame(message);
        if (!frame || frame->op != static_cast<std::uint64_t>(codec::Opcode::identify)) return;
        const std::string token = codec::from_msgpack<raw::Identify>(frame->data)->token;
        socket_->send_binary(codec::write_frame(
            codec::Opcode::ready,
            *codec::json_to_msgpack(R"({"user":{"id":"1","username":"bot"},"servers":[{"id":")" + token +
                                    R"("}],"session_id":"s1","heartbeat_interval":40000})")));
        std::uint64_t seq = 0;
        for (const auto& spelling : spellings_of(token)) {
            if (spelling.find('\x01') != std::string::npos) continue;  // no JSON
            dispatch("CHANNEL_CREATE", R"({"channel":{"id":")" + spelling + R"(","type":0}})", ++seq);
        }
        dispatch(token, R"({"of":")" + token + "\"}", ++seq);
        socket_->close(4004, "refused: " + token + " and " + token.substr(0, 5) + "\x01" + token.substr(5));
    }
    void on_closed(int, std::string_view) override {}

private:
    void dispatch(const std::string& name, const std::string& json, std::uint64_t seq) {
        socket_->send_binary(codec::write_frame(codec::Opcode::dispatch, *codec::json_to_msgpack(json), name, seq));
    }

    std::shared_ptr<net::ServerSocket> socket_;
};

EchoServer::EchoServer() {
    loop_.start();
    server_ = std::make_unique<net::Server>(loop_, net::ServerOptions{}, *this);
}

EchoServer::~EchoServer() { server_.reset(); }

void EchoServer::on_request(net::ServerRequest request, std::function<void(net::ServerResponse)> respond) {
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

std::unique_ptr<net::ServerSocketHandler> EchoServer::on_socket(const net::ServerRequest&,
                                                                std::shared_ptr<net::ServerSocket> socket) {
    return std::make_unique<Connection>(std::move(socket));
}

}  // namespace intent::test
