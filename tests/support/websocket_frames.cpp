#include "tests/support/websocket_frames.hpp"

namespace intent::test {

std::string frame(std::uint8_t first, std::string_view payload, std::optional<std::uint64_t> length) {
    const std::uint64_t claimed = length.value_or(payload.size());
    std::string bytes(1, static_cast<char>(first));
    const int width = claimed < 126 ? 0 : claimed < 65536 ? 2 : 8;
    bytes += static_cast<char>(width == 0 ? claimed : width == 2 ? 126 : 127);
    for (int i = width - 1; i >= 0; --i)
        bytes += static_cast<char>(claimed >> (8 * i) & 0xff);
    return bytes.append(payload);
}

std::string binary_frame(std::string_view payload) { return frame(0x82, payload); }

std::string close_payload(std::uint16_t code, std::string_view reason) {
    return std::string{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)}.append(reason);
}

std::optional<PeerFrame> read_client_frame(const std::function<std::string(std::size_t)>& read) {
    const std::string head = read(2);
    if (head.size() < 2 || (head[0] & 0x70) != 0 || (head[1] & 0x80) == 0) return std::nullopt;
    PeerFrame result{.final = (head[0] & 0x80) != 0, .opcode = head[0] & 0x0f};
    std::uint64_t length = head[1] & 0x7f;
    if (length > 125) {
        const bool wide = length == 127;
        const std::string bytes = read(wide ? 8 : 2);
        length = 0;
        for (const char byte : bytes)
            length = length << 8 | static_cast<std::uint8_t>(byte);
        if (length < (wide ? 65536u : 126u)) return std::nullopt;
    }
    const std::string key = read(4);
    result.payload = read(static_cast<std::size_t>(length));
    if (key.size() < 4 || result.payload.size() < length) return std::nullopt;
    for (std::size_t i = 0; i < result.payload.size(); ++i)
        result.payload[i] = static_cast<char>(result.payload[i] ^ key[i % 4]);
    return result;
}

}  // namespace intent::test
