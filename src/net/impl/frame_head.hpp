// The head of a WebSocket frame (RFC 6455 §5.2).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace intent::net {

enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

struct FrameHead {
    std::uint8_t first = 0;  ///< FIN, RSV1-3 and opcode
    bool masked = false;
    bool canonical = true;  ///< the length has its shortest form
    std::size_t size = 0;   ///< bytes of the head, including the mask key
    std::uint64_t length = 0;

    bool final() const { return (first & 0x80) != 0; }
    bool reserved_bits() const { return (first & 0x70) != 0; }
    std::uint8_t opcode() const { return first & 0x0f; }
    bool is(Opcode wanted) const { return opcode() == static_cast<std::uint8_t>(wanted); }
    bool control() const { return (first & 0x08) != 0; }
    bool known() const { return opcode() <= 2 || (opcode() >= 8 && opcode() <= 10); }
};

/// Reads a head; unset if more bytes are needed.
inline std::optional<FrameHead> parse_frame_head(std::span<const std::uint8_t> bytes) {
    if (bytes.size() < 2) return std::nullopt;
    FrameHead head;
    head.first = bytes[0];
    head.masked = (bytes[1] & 0x80) != 0;
    const std::uint8_t short_length = bytes[1] & 0x7f;
    const std::size_t length_bytes = short_length == 127 ? 8 : short_length == 126 ? 2 : 0;
    head.size = 2 + length_bytes + (head.masked ? 4 : 0);
    if (bytes.size() < head.size) return std::nullopt;
    head.length = length_bytes == 0 ? short_length : 0;
    for (std::size_t i = 0; i < length_bytes; ++i)
        head.length = (head.length << 8) | bytes[2 + i];
    head.canonical = length_bytes == 0 || head.length > (length_bytes == 2 ? 125u : 65535u);
    return head;
}

}  // namespace intent::net
