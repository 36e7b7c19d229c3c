// What browsers need to be told before pages of another origin may use the API.
#include "sandbox/rest/api.hpp"

#include <algorithm>

namespace intent::sandbox {
namespace {

constexpr const char* exposed =
    "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-RateLimit-Bucket, X-RateLimit-Global, Retry-After, "
    "Date, Allow";

bool is_header_list(std::string_view text) {
    return !text.empty() && text.size() <= 1024 && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
               c == ',' || c == ' ';
    });
}

}  // namespace

void add_cross_origin_headers(Headers& headers, const std::string& origin) {
    const auto is_there = [](const auto& header) { return header.first == "Vary"; };
    if (std::any_of(headers.begin(), headers.end(), is_there)) return;
    headers.emplace_back("Vary", "Origin");
    if (origin.empty()) return;
    headers.emplace_back("Access-Control-Allow-Origin", origin);
    headers.emplace_back("Access-Control-Expose-Headers", exposed);
}

ApiReply preflight_reply(const ApiRequest& request) {
    // "*" would not cover Authorization: browsers want it by name.
    std::string headers = "Authorization, Content-Type";
    if (is_header_list(request.wanted_headers)) headers += ", " + request.wanted_headers;
    ApiReply reply{.status = 204,
                   .headers = {{"Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE, OPTIONS"},
                               {"Access-Control-Allow-Headers", headers},
                               {"Access-Control-Allow-Private-Network", "true"},
                               {"Access-Control-Max-Age", "7200"}}};
    add_cross_origin_headers(reply.headers, request.origin);
    return reply;
}

}  // namespace intent::sandbox
