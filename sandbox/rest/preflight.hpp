// What browsers ask before a page of another origin may send a request.
#pragma once

#include "sandbox/rest/reply.hpp"
#include "sandbox/rest/request.hpp"

namespace intent::inline v0::sandbox {

ApiReply preflight_reply(const RestRequest& request);

}  // namespace intent::sandbox
