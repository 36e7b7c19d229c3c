// The client's side of an open WebSocket (RFC 6455 §5-§8): received bytes in, messages and bytes to send out.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace intent::websocket {

/// A close frame has at most 125 bytes of payload (§5.5), two of them for the code.
inline constexpr std::size_t max_close_reason = 123;

enum class Opcode : std::uint8_t { continuation = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

/// XORed over the payload of a client's frame (§5.3). Each frame takes a new one that nobody can predict.
using MaskKey = std::array<std::uint8_t, 4>;

/// The machine of one connection after its handshake. It returns messages, answers pings and the peer's close frame,
/// and fails the connection on anything that a server must not send. No extension, no subprotocol.
///
/// Give `next` the received bytes until it needs more or returns `ended`, then send the output. A message without
/// fragments is returned in place.
class Protocol {
public:
    enum class Event {
        need_more,  ///< the first frame is incomplete; nothing was consumed
        nothing,    ///< consumed bytes that do not concern the user
        binary,
        text,
        ended,  ///< see `code()` and `reason()`; send the output, then close the connection: no call of `next` follows
    };

    struct Step {
        Event event = Event::nothing;
        std::size_t consumed = 0;
        std::span<const std::uint8_t> message = {};  ///< in the input or in this object; valid until the next call
        std::size_t needed = 0;                      ///< `need_more`: size of the first frame, as far as known
    };

    /// `next_key` is called once for each frame that is sent.
    Protocol(std::size_t max_message_bytes, std::function<MaskKey()> next_key);

    /// Processes the first frame of `input`, the received bytes that were not consumed yet.
    Step next(std::span<const std::uint8_t> input) {
        // Nearly every frame: a whole binary message of 126 to 65535 bytes, in the shortest encoding.
        constexpr std::uint8_t whole_binary = 0x80 | static_cast<std::uint8_t>(Opcode::binary);
        constexpr std::uint8_t two_byte_length = 126;
        if (is_between_messages() && input.size() >= 4 && input[0] == whole_binary && input[1] == two_byte_length) {
            const std::size_t length = std::size_t{input[2]} << 8 | input[3];
            if (length >= two_byte_length && length <= max_message_bytes_ && length <= input.size() - 4)
                return {Event::binary, 4 + length, input.subspan(4, length)};
        }
        return next_of_any_kind(input);
    }

    /// Of the end: the peer's close code (1005: a close frame without one), or the code of the peer's violation.
    int code() const { return code_; }
    /// Of the end. Text from the peer is valid UTF-8, but may contain control characters.
    const std::string& reason() const { return reason_; }

    /// Appends a binary message to the output. Ignored after a close frame.
    void send(std::span<const std::uint8_t> message);

    /// Appends a close frame to the output, once; `reason` is cut to its maximum. From then on `next` discards
    /// everything but the peer's close frame, and nothing is sent.
    void close(std::uint16_t code, std::string_view reason);

    std::size_t unsent() const { return output_.size(); }

    /// Moves the output into `into`, whose memory it takes for further output. Of many pings since the last call only
    /// the first few and the newest are answered, so that a flood of pings does not cause a flood of pongs.
    void take_output(std::vector<std::uint8_t>& into);

private:
    /// Whether the next frame begins a message that will be handed out.
    bool is_between_messages() const noexcept {
        return fragmented_ == Opcode::continuation && fragments_.empty() && skipping_ == 0 && !close_sent_;
    }
    Step next_of_any_kind(std::span<const std::uint8_t> input);
    const char* head_problem(std::uint8_t first, std::uint8_t second) const;
    Step skip(std::size_t available);
    std::span<const std::uint8_t> add_fragment(std::span<const std::uint8_t> payload);
    Step on_control(Opcode opcode, std::span<const std::uint8_t> payload, std::size_t frame_size);
    void on_ping(std::span<const std::uint8_t> payload);
    void answer_waiting_ping();
    Step on_close(std::span<const std::uint8_t> payload);
    Step fail(std::uint16_t code, const char* problem);
    Step fail_too_big();
    Step end(int code, std::string reason);
    void append_frame(Opcode opcode, std::span<const std::uint8_t> payload);

    const std::size_t max_message_bytes_;
    const std::function<MaskKey()> next_key_;

    Opcode fragmented_ = Opcode::continuation;  // type of the message in fragments; continuation: none
    std::vector<std::uint8_t> fragments_;       // payloads so far; or the message that was returned last
    std::uint64_t skipping_ = 0;                // payload still to arrive of a frame that is discarded

    std::vector<std::uint8_t> output_;
    int pongs_ = 0;                                          // in the output
    std::optional<std::vector<std::uint8_t>> waiting_ping_;  // payload of the newest ping beyond the maximum
    bool close_sent_ = false;

    int code_ = 1006;
    std::string reason_;
};

}  // namespace intent::websocket
