// A gateway, and a REST API beside it, whose answers a test writes (protocol §4, §9).
#pragma once

#include "codec/convert.hpp"
#include "codec/frame.hpp"
#include "net/server.hpp"
#include "tests/support/waiting.hpp"

#include <intent/client.hpp>

#include <functional>
#include <memory>
#include <string>
#include <utility>

namespace intent::test {

/// Takes Identify and Resume, acknowledges heartbeats, notes commands, and lets the test answer them.
///
/// Threads: `answer` runs on the gateway's own thread, where `dispatch`, `send` and `close` may be called.
class ScriptedGateway final : public net::ServerHandler {
public:
    /// Set before the client starts: called with each command, its `d` as JSON.
    std::function<void(codec::Opcode op, const std::string& data)> answer;
    /// Set before the client starts: called with each REST request, to be answered now or later. Unset: all get 404.
    std::function<void(const net::ServerRequest& request, std::function<void(net::ServerResponse)> respond)> rest;
    bool resumable = true;          ///< false: Ready has no session_id
    std::string servers = "[]";     ///< of Ready, as JSON
    std::string session_id = "s1";  ///< of Ready

    Recorder<std::string> commands;  ///< "4 {…}" for each command, and "identify", "resume s1 42"
    Recorder<std::string> requests;  ///< "GET /api/v1/servers" for each REST request

    ScriptedGateway() {
        loop_.start();
        server_ = std::make_unique<net::Server>(loop_, net::ServerOptions{}, *this);
    }
    ~ScriptedGateway() override { server_.reset(); }

    ClientOptions options() const {
        ClientOptions options;
        options.token = "bot_c2VjcmV0";
        options.gateway_url = "ws://127.0.0.1:" + std::to_string(server_->port()) + "/gateway";
        options.rest_url = "http://127.0.0.1:" + std::to_string(server_->port()) + "/api/v1";
        options.log = nullptr;
        return options;
    }

    void dispatch(const std::string& name, const std::string& json) {
        socket_->send_binary(codec::write_frame(codec::Opcode::dispatch, packed(json), name, ++seq_));
    }
    void send(codec::Opcode op, const std::string& json) { socket_->send_binary(codec::write_frame(op, packed(json))); }
    void send_bytes(codec::Bytes bytes) { socket_->send_binary(std::move(bytes)); }
    void close(std::uint16_t code) { socket_->close(code, ""); }

    /// A Ready (op 3), from which on the numbers begin again.
    void send_ready() {
        seq_ = 0;
        send(codec::Opcode::ready, R"({"user":{"id":"1","username":"bot"},"servers":)" + servers + "," +
                                       (resumable ? R"("session_id":")" + session_id + "\"," : "") +
                                       R"("heartbeat_interval":40000})");
    }
    /// The number of the next dispatch is one above.
    void set_seq(std::uint64_t seq) { seq_ = seq; }

    /// Runs on the gateway's thread what a test has to say unasked.
    void say(std::function<void()> work) { loop_.post(std::move(work)); }

    void on_request(net::ServerRequest request, std::function<void(net::ServerResponse)> respond) override {
        requests.add(request.method + " " + request.path);
        if (rest) return rest(request, std::move(respond));
        respond({404});
    }

    std::unique_ptr<net::ServerSocketHandler> on_socket(const net::ServerRequest&,
                                                        std::shared_ptr<net::ServerSocket> socket) override {
        socket_ = std::move(socket);
        return std::make_unique<Connection>(*this);
    }

private:
    struct Connection final : net::ServerSocketHandler {
        explicit Connection(ScriptedGateway& owner_) : owner(owner_) {}
        void on_message(std::span<const std::uint8_t> message, bool) override {
            if (const auto frame = codec::peek_frame(message)) owner.on_frame(*frame);
        }
        void on_closed(int, std::string_view) override {}
        ScriptedGateway& owner;
    };

    static codec::Bytes packed(const std::string& json) { return *codec::json_to_msgpack(json); }

    void on_frame(const codec::Frame& frame) {
        const auto op = static_cast<codec::Opcode>(frame.op.value_or(0));
        if (op == codec::Opcode::heartbeat) {
            send(codec::Opcode::heartbeat_ack, "null");
        } else if (op == codec::Opcode::identify) {
            commands.add("identify");
            send_ready();
        } else if (op == codec::Opcode::resume) {
            const auto resume = codec::from_msgpack<raw::Resume>(frame.data);
            commands.add("resume " + resume->session_id + " " + std::to_string(resume->seq));
            dispatch("RESUMED", "{}");
        } else {
            const std::string data = *codec::msgpack_to_json(frame.data);
            commands.add(std::to_string(static_cast<int>(op)) + " " + data);
            if (answer) answer(op, data);
        }
    }

    net::Loop loop_;
    std::unique_ptr<net::Server> server_;
    std::shared_ptr<net::ServerSocket> socket_;  // the latest; of the loop's thread
    std::uint64_t seq_ = 0;
};

}  // namespace intent::test
