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

/// A frame's envelope; `d` is left undecoded. The views point into the bytes given to `peek_frame`.
struct Frame {
    std::optional<std::uint64_t> op;       ///< unset if missing or not a whole non-negative number
    std::optional<std::string_view> type;  ///< `t`; unset if missing, nil or not a string
    std::optional<std::uint64_t> seq;      ///< `s`; unset if missing, nil or not a whole non-negative number
    ByteView data;                         ///< the bytes of `d`; empty if `d` is missing
};

/// Reads the envelope. Walks the whole message (so that nothing malformed hides in `d`) but decodes and allocates
/// nothing. The first of duplicate keys counts. Whole numbers in any integer or float encoding are accepted.
///
/// Errors: not exactly one map with string keys, depth over 64, lengths beyond the end, 0xc1, trailing bytes.
Result<Frame> peek_frame(ByteView message);

/// Like `peek_frame`, but many times faster, for the encoding that servers use (short unique keys, small numbers, few
/// maps and lists). False for every other frame, valid or malformed: then call `peek_frame`, and `frame` is undefined.
bool peek_usual_frame(ByteView message, Frame& frame) noexcept;

/// Reads the frame {op: 0, d, t: "MESSAGE_CREATE", s} in this order without walking `d`. False for any other.
/// `frame.data` is what stands before `t`: the frame is well-formed if that is exactly one value, which the caller must
/// find out, by decoding all of it, one level deep (`decode_wrapped`), or without decoding (`Reader::usual_size`).
bool expect_message(ByteView message, Frame& frame) noexcept;

Bytes write_heartbeat(std::optional<std::uint64_t> seq);
Bytes write_identify(const raw::Identify& identify);
Bytes write_resume(const raw::Resume& resume);

/// A client's frame `{op, d}` with `data` (one MessagePack value, or empty for nil).
Bytes write_command(Opcode op, ByteView data);

/// A server's frame `{op, t, s, d}`: all four keys, nil where unused (protocol §3). `data` is one MessagePack value,
/// or empty for nil. For the sandbox and for tests.
Bytes write_frame(Opcode op, ByteView data, std::optional<std::string_view> type = {},
                  std::optional<std::uint64_t> seq = {});

/// `heartbeat_interval` of Hello's or Ready's `d` in ms, a number in any encoding, unchecked. Unset if missing or not
/// a number.
std::optional<double> peek_heartbeat_interval(ByteView data);

/// A bool (op 8's `d`); unset if `data` is anything else. 0 and 1 count as bool.
std::optional<bool> peek_bool(ByteView data);

}  // namespace intent::codec
