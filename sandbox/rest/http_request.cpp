#include "sandbox/rest/http_request.hpp"

#include <utility>

namespace intent::inline v0::sandbox {

RestRequest rest_request(net::ServerRequest request, std::string path) {
    return {.method = std::move(request.method),
            .path = std::move(path),
            .query = std::move(request.query),
            .authorization = std::string(request.header("authorization")),
            .body = std::move(request.body),
            .peer = std::move(request.peer),
            .wanted_headers = std::string(request.header("access-control-request-headers")),
            .origin = std::string(request.header("origin"))};
}

}  // namespace intent::sandbox
