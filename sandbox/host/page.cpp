#include "sandbox/host/page.hpp"

#include "text/ascii.hpp"

#include <algorithm>
#include <string>

namespace intent::inline v0::sandbox {
namespace {

constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// Removes the text before `separator` from the front and returns it trimmed.
std::string_view take(std::string_view& text, char separator) {
    const auto end = std::min(text.find(separator), text.size());
    const auto part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return text::trimmed(part);
}

/// `If-None-Match` is a list of tags, which may be marked as weak.
bool has_tag(std::string_view list, std::string_view tag) {
    while (!list.empty()) {
        std::string_view entry = take(list, ',');
        if (entry.starts_with("W/")) entry.remove_prefix(2);
        if (entry == tag || entry == "*") return true;
    }
    return false;
}

}  // namespace

std::optional<net::ServerResponse> page_response(const net::ServerRequest& request) {
    if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
    const auto files = page_files();
    const auto file = std::ranges::find(files, request.path, &PageFile::path);
    if (file == files.end()) return std::nullopt;

    const std::string tag = "\"" + std::string(file->digest) + "\"";
    net::ServerResponse response{.headers = {{"Cache-Control", "no-cache"}, {"ETag", tag}}};
    if (has_tag(request.header("if-none-match"), tag)) {
        response.status = 304;
        return response;
    }
    response.headers.insert(response.headers.end(), {{"Content-Type", std::string(file->type)},
                                                     {"Content-Security-Policy", std::string(policy)},
                                                     {"X-Content-Type-Options", "nosniff"},
                                                     {"Referrer-Policy", "same-origin"},
                                                     {"Cross-Origin-Opener-Policy", "same-origin"},
                                                     {"Cross-Origin-Resource-Policy", "same-origin"}});
    response.body = file->content;
    return response;
}

}  // namespace intent::sandbox
