// WebSocket frames as bytes: those of a server, also malformed ones, and what a client has sent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace intent::test {

/// A frame of a client, unmasked.
struct PeerFrame {
    bool final = false;
    int opcode = 0;
    std::string payload = {};
    bool operator==(const PeerFrame&) const = default;
};

/// Bytes of a frame. `first` is FIN, RSV and opcode; `length` overrides the length in the head.
std::string frame(std::uint8_t first, std::string_view payload = {}, std::optional<std::uint64_t> length = {});

std::string binary_frame(std::string_view payload);

std::string close_payload(std::uint16_t code, std::string_view reason = {});

/// Reads one frame of a client with `read(count)`, which returns fewer bytes only at the end. Unset at the end, and
/// for a frame that no client may send: unmasked, with reserved bits, or with a length that is not minimal.
std::optional<PeerFrame> read_client_frame(const std::function<std::string(std::size_t)>& read);

}  // namespace intent::test
