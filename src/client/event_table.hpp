// The wire's event names, and what becomes of each: the one place where they stand (protocol §7).
#pragma once

#include "client/incoming.hpp"
#include "codec/result.hpp"

#include <string>
#include <string_view>

namespace intent::client {

struct EventEntry {
    const char* name;
    void (*handle)(const Incoming& in);  ///< null: the session's own events, which have their actions

    /// The payload in the one shape of the specification; null: as it came.
    ///
    /// Errors: throws DecodeError.
    std::string (*canonical)(codec::ByteView payload);
};

/// Null for an event that has no type of its own.
const EventEntry* find_event(std::string_view name) noexcept;

}  // namespace intent::client
