#include "sandbox/rest/reply.hpp"

#include "codec/utf8.hpp"
#include "sandbox/base/problem.hpp"

#include <algorithm>
#include <array>

namespace intent::inline v0::sandbox {
namespace {

constexpr const char* exposed =
    "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-RateLimit-Bucket, X-RateLimit-Global, Retry-After, "
    "Date, Allow";

}  // namespace

std::string_view word_of(int status) noexcept {
    // The first four are in the specification, which has no words for the others.
    constexpr std::array<std::pair<int, std::string_view>, 10> words{{{400, "BAD_REQUEST"},
                                                                      {401, "UNAUTHORIZED"},
                                                                      {403, "MISSING_ACCESS"},
                                                                      {404, "NOT_FOUND"},
                                                                      {405, "METHOD_NOT_ALLOWED"},
                                                                      {409, "CONFLICT"},
                                                                      {410, "GONE"},
                                                                      {413, "BODY_TOO_LARGE"},
                                                                      {426, "UPGRADE_REQUIRED"},
                                                                      {503, "BUSY"}}};
    for (const auto& [known, word] : words)
        if (known == status) return word;
    return "INTERNAL";
}

ApiReply error_reply(int status, std::string_view code, std::string_view text) {
    ApiReply reply{.status = status, .body = "{\"error\":"};
    codec::append_json_string(reply.body, text);
    reply.body += ",\"code\":";
    codec::append_json_string(reply.body, code);
    reply.body += '}';
    return reply;
}

ApiReply problem_reply(const Problem& problem) {
    return error_reply(problem.status(), word_of(problem.status()), problem.text());
}

ApiReply failure_reply(const std::exception& error) {
    return error_reply(500, "INTERNAL", std::string("the sandbox failed: ") + error.what());
}

ApiReply with_common_headers(ApiReply reply, const std::string& origin) {
    const bool has_type = std::any_of(reply.headers.begin(), reply.headers.end(),
                                      [](const auto& header) { return header.first == "Content-Type"; });
    if (!reply.body.empty() && !has_type) reply.headers.emplace_back("Content-Type", "application/json");
    reply.headers.emplace_back("Vary", "Origin");
    if (origin.empty()) return reply;
    reply.headers.emplace_back("Access-Control-Allow-Origin", origin);
    reply.headers.emplace_back("Access-Control-Expose-Headers", exposed);
    return reply;
}

}  // namespace intent::sandbox
