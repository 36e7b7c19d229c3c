// Reads as much of Ready as is valid.
#pragma once

#include "codec/result.hpp"

#include <intent/raw/gateway.hpp>

#include <string>

namespace intent::session {

struct ReadyRead {
    raw::Ready ready;
    std::string problem;  ///< why parts of `ready` are missing; empty if it is complete
};

/// Reads Ready's `d`. Reads the user, the session id and each server separately and leaves out what is unreadable: one
/// invalid server must not cost the session its id.
ReadyRead read_ready(codec::ByteView data);

}  // namespace intent::session
