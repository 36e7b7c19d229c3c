// The one WebRTC session description that the sandbox writes (RFC 8866, RFC 3264).
#pragma once

#include <string>
#include <string_view>

namespace intent::inline v0::sandbox {

/// An answer that rejects all media of an offer: each is listed with port 0, in the same order.
std::string declining_answer(std::string_view offer);

}  // namespace intent::sandbox
