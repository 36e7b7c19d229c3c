// Ready, read as far as it can be.
#pragma once

#include "codec/result.hpp"

#include <intent/raw/gateway.hpp>

#include <string>

namespace intent::session {

struct ReadyRead {
    raw::Ready ready;
    std::string problem;  ///< why something is missing in `ready`; empty if nothing is
};

/// Reads Ready's `d`. One server that makes no sense must not cost the whole session its id: what cannot be read is
/// left out, the user, the session id and each server by itself.
ReadyRead read_ready(codec::ByteView data);

}  // namespace intent::session
