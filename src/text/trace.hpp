// Trace contexts as text (W3C Trace Context).
#pragma once

#include <intent/trace.hpp>

#include <cstdint>
#include <string>

namespace intent::text {

/// The header `traceparent` of a trace that is not empty. `span` identifies the request and is not 0.
std::string traceparent(const Trace& trace, std::uint64_t span);

}  // namespace intent::text
