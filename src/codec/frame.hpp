// Gateway frames: one MessagePack map with `op`, `d`, `t`, `s` (protocol §3).
#pragma once

#include "codec/result.hpp"

#include <intent/raw/gateway.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace intent::codec {

/// Opcodes of protocol §4.
enum class Opcode : std::uint8_t {
    dispatch = 0,
    heartbeat = 1,
    identify = 2,
    ready = 3,
    voice_state_update = 4,
    resume = 5,
    reconnect = 6,
    request_members = 7,
    invalid_session = 8,
    hello = 9,
    presence_update = 10,
    heartbeat_ack = 11,
    voice_signal = 12,
};

/// What a frame's envelope says, with `d` left undecoded. The views point into the bytes given to `peek_frame`.
struct Frame {
    std::optional<std::uint64_t> op;       ///< unset if missing or no whole non-negative number
    std::optional<std::string_view> type;  ///< `t`; unset if missing, nil or no string
    std::optional<std::uint64_t> seq;      ///< `s`; unset if missing, nil or no whole non-negative number
    ByteView data;                         ///< the bytes of `d`; empty if there is no `d`
};

/// Reads the envelope: the whole message is walked (so nothing malformed hides in `d`), nothing is decoded or
/// allocated. Of a key that stands twice the first counts. Whole numbers in any integer or float encoding are accepted.
///
/// Errors: bytes that are not one map with string keys, a depth over 64, lengths beyond the end, 0xc1, trailing bytes.
Result<Frame> peek_frame(ByteView message);

/// The same for a frame in the encoding that servers choose (short keys, each once, small numbers, few maps and lists),
/// many times faster. False for every other frame, be it good or malformed: `peek_frame` tells; `frame` is then
/// undefined.
bool peek_usual_frame(ByteView message, Frame& frame) noexcept;

Bytes write_heartbeat(std::optional<std::uint64_t> seq);
Bytes write_identify(const raw::Identify& identify);
Bytes write_resume(const raw::Resume& resume);

/// A client's frame `{op, d}` with `data` (one MessagePack value, or empty for nil).
Bytes write_command(Opcode op, ByteView data);

/// A server's frame `{op, t, s, d}`: all four keys, nil where unused (protocol §3). `data` is one MessagePack value, or
/// empty for nil. For the sandbox's side and for tests.
Bytes write_frame(Opcode op, ByteView data, std::optional<std::string_view> type = {},
                  std::optional<std::uint64_t> seq = {});

/// `heartbeat_interval` of Hello's or Ready's `d`, in ms, as a number of any encoding; unset if missing or no number.
/// Not judged.
std::optional<double> peek_heartbeat_interval(ByteView data);

/// A bool (op 8's `d`); unset if `data` is anything else. 0 and 1 count as bool.
std::optional<bool> peek_bool(ByteView data);

}  // namespace intent::codec
