// Requests of the REST API as they arrive over HTTP.
#pragma once

#include "net/server.hpp"
#include "sandbox/rest/request.hpp"

#include <string>

namespace intent::inline v0::sandbox {

/// `path`: below the base of the API. The result is not authenticated.
RestRequest rest_request(net::ServerRequest request, std::string path);

}  // namespace intent::sandbox
