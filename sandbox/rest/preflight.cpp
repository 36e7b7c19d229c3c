#include "sandbox/rest/preflight.hpp"

#include <algorithm>

namespace intent::inline v0::sandbox {
namespace {

bool is_header_list(std::string_view text) {
    return !text.empty() && text.size() <= 1024 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
               c == ',' || c == ' ';
    });
}

}  // namespace

ApiReply preflight_reply(const RestRequest& request) {
    // "*" would not cover Authorization: browsers want it by name.
    std::string headers = "Authorization, Content-Type";
    if (is_header_list(request.wanted_headers)) headers += ", " + request.wanted_headers;
    return {.status = 204,
            .headers = {{"Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE, OPTIONS"},
                        {"Access-Control-Allow-Headers", headers},
                        {"Access-Control-Allow-Private-Network", "true"},
                        {"Access-Control-Max-Age", "7200"}}};
}

}  // namespace intent::sandbox
