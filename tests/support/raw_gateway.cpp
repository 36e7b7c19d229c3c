#include "tests/support/raw_gateway.hpp"

#include "codec/convert.hpp"

namespace intent::test {

std::string gateway_frame(codec::Opcode op, std::string_view json, std::optional<std::string_view> type,
                          std::optional<std::uint64_t> seq) {
    const auto data = codec::json_to_msgpack(json);
    const auto bytes = codec::write_frame(op, data ? *data : codec::Bytes{0xc0}, type, seq);
    return binary_frame({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::string ready_frame(int interval_ms) {
    return gateway_frame(codec::Opcode::ready,
                         R"({"user":{"id":"1","username":"bot"},"servers":[],"session_id":"s1","heartbeat_interval":)" +
                             std::to_string(interval_ms) + "}");
}

std::string message_frame(std::uint64_t seq, std::string_view content) {
    return gateway_frame(codec::Opcode::dispatch,
                         R"({"id":"9","channel_id":"2","author":{"id":"3","username":"alice"},"content":")" +
                             std::string(content) + R"(","created_at":"2024-01-15T12:00:00Z"})",
                         "MESSAGE_CREATE", seq);
}

std::optional<codec::Opcode> opcode_of(const PeerFrame& got) {
    const codec::Bytes bytes(got.payload.begin(), got.payload.end());
    const auto frame = codec::peek_frame(bytes);
    if (got.opcode != 2 || !frame || !frame->op) return std::nullopt;
    return static_cast<codec::Opcode>(*frame->op);
}

std::optional<codec::Opcode> take_opening(PeerConnection& connection) {
    connection.accept_upgrade();
    const auto first = connection.read_frame();
    return first ? opcode_of(*first) : std::nullopt;
}

void serve(PeerConnection& connection, const std::function<bool()>& answers) {
    while (const auto got = connection.read_frame()) {
        if (got->opcode == 8) {
            connection.send(frame(0x88, got->payload));
            connection.end_sending();
            return;
        }
        if (opcode_of(*got) == codec::Opcode::heartbeat && answers())
            connection.send(gateway_frame(codec::Opcode::heartbeat_ack, "null"));
    }
}

void serve(PeerConnection& connection) {
    serve(connection, [] { return true; });
}

ClientOptions options_for(const std::string& gateway_url) {
    ClientOptions options;
    options.token = "bot_c2VjcmV0";
    options.gateway_url = gateway_url;
    options.rest_url = "http://127.0.0.1:1/api/v1";
    options.log = SecretWatch::of_all_tests();
    SecretWatch::of_all_tests()->guard(options.token);
    return options;
}

}  // namespace intent::test
