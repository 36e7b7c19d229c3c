#include "tests/support/scripted_gateway.hpp"

#include "codec/convert.hpp"

#include <span>
#include <utility>

namespace intent::test {
namespace {

codec::Bytes packed(const std::string& json) { return *codec::json_to_msgpack(json); }

}  // namespace

class ScriptedGateway::Connection final : public net::ServerSocketHandler {
public:
    explicit Connection(ScriptedGateway& owner) : owner_(owner) {}

    void on_message(std::span<const std::uint8_t> message, bool) override {
        if (const auto frame = codec::peek_frame(message)) owner_.on_frame(*frame);
    }
    void on_closed(int, std::string_view) override {}

private:
    ScriptedGateway& owner_;
};

ScriptedGateway::ScriptedGateway() {
    loop_.start();
    server_ = std::make_unique<net::Server>(loop_, net::ServerOptions{}, *this);
}

ScriptedGateway::~ScriptedGateway() { server_.reset(); }

ClientOptions ScriptedGateway::options() const {
    ClientOptions options;
    options.token = "bot_c2VjcmV0";
    options.gateway_url = "ws://127.0.0.1:" + std::to_string(server_->port()) + "/gateway";
    options.rest_url = "http://127.0.0.1:" + std::to_string(server_->port()) + "/api/v1";
    options.log = nullptr;
    return options;
}

void ScriptedGateway::dispatch(const std::string& name, const std::string& json) {
    socket_->send_binary(codec::write_frame(codec::Opcode::dispatch, packed(json), name, ++seq_));
}

void ScriptedGateway::send(codec::Opcode op, const std::string& json) {
    socket_->send_binary(codec::write_frame(op, packed(json)));
}

void ScriptedGateway::send_bytes(codec::Bytes bytes) { socket_->send_binary(std::move(bytes)); }

void ScriptedGateway::close(std::uint16_t code) { socket_->close(code, ""); }

void ScriptedGateway::send_ready() {
    seq_ = 0;
    send(codec::Opcode::ready, R"({"user":{"id":"1","username":"bot"},"servers":)" + servers + "," +
                                   (resumable ? R"("session_id":")" + session_id + "\"," : "") +
                                   R"("heartbeat_interval":40000})");
}

void ScriptedGateway::say(std::function<void()> work) { loop_.post(std::move(work)); }

void ScriptedGateway::on_request(net::ServerRequest request, std::function<void(net::ServerResponse)> respond) {
    requests.add(request.method + " " + request.path);
    if (rest) return rest(request, std::move(respond));
    respond({404});
}

std::unique_ptr<net::ServerSocketHandler> ScriptedGateway::on_socket(const net::ServerRequest&,
                                                                     std::shared_ptr<net::ServerSocket> socket) {
    socket_ = std::move(socket);
    return std::make_unique<Connection>(*this);
}

void ScriptedGateway::on_frame(const codec::Frame& frame) {
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

}  // namespace intent::test
