// REST requests as they arrive over HTTP.
#pragma once

#include "net/server.hpp"
#include "sandbox/rest/api.hpp"

#include <string>

namespace intent::sandbox {

/// `path`: below the base of the API. An absent `authorization` and one that is empty mean the same.
ApiRequest api_request(const net::ServerRequest& request, std::string path);

}  // namespace intent::sandbox
