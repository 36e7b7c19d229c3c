// Session descriptions of WebRTC, as far as the sandbox has to write one (RFC 8866, RFC 3264).
#pragma once

#include <string>
#include <string_view>

namespace intent::sandbox {

/// The answer to an offer that takes none of its media: each comes back with port 0, in the same order.
std::string declining_answer(std::string_view offer);

}  // namespace intent::sandbox
