// The payload of the event that reports a gap.
#pragma once

#include "codec/result.hpp"

#include <intent/timestamp.hpp>

#include <cstdint>
#include <string>

namespace intent::relay {

/// A span whose events are lost, except those that a back-fill has fetched (`intent::Gap`).
struct GapPayload {
    Timestamp from{};
    Timestamp to{};
    std::string reason = {};
    std::uint32_t version = 1;
    friend bool operator==(const GapPayload&, const GapPayload&) = default;
};

codec::Bytes write_gap(const GapPayload& gap);

/// A failure for another version, or if it is malformed.
codec::Result<GapPayload> read_gap(codec::ByteView bytes);

}  // namespace intent::relay
