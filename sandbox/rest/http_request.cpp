#include "sandbox/rest/http_request.hpp"

#include <utility>

namespace intent::sandbox {

ApiRequest api_request(const net::ServerRequest& request, std::string path) {
    // Some clients escape the "@" of "@me".
    if (const auto at = path.find("%40"); at != std::string::npos) path.replace(at, 3, "@");
    return {.method = request.method,
            .path = std::move(path),
            .query = request.query,
            .authorization = std::string(request.header("authorization")),
            .body = request.body,
            .peer = request.peer,
            .wanted_headers = std::string(request.header("access-control-request-headers")),
            .origin = std::string(request.header("origin"))};
}

}  // namespace intent::sandbox
