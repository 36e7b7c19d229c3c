#include "rest/answer.hpp"

#include "text/peer_text.hpp"

#include <boost/json.hpp>

#include <string>

namespace intent::rest {

namespace {

namespace json = boost::json;

/// A member's text or number, cleaned for an error.
std::string text_of(const json::value& value, const text::Redactor& secrets) {
    if (const auto* text = value.if_string())
        return text::peer_text(std::string_view(text->data(), text->size()), secrets);
    if (value.is_number()) return json::serialize(value);
    return {};
}

std::string member_text(const json::object& object, const char* name, const text::Redactor& secrets) {
    const auto* value = object.if_contains(name);
    return value ? text_of(*value, secrets) : std::string();
}

bool looks_like_html(std::string_view body) {
    const auto start = body.find_first_not_of(" \t\r\n\xef\xbb\xbf");
    return start != std::string_view::npos && body[start] == '<';
}

}  // namespace

HttpErrorInfo read_error(int status, std::string_view body, const text::Redactor& secrets) {
    HttpErrorInfo info;
    info.status = status;
    if (looks_like_html(body)) {
        info.message = "(an HTML page, not shown)";
        return info;
    }
    json::error_code error;
    const auto document = json::parse(json::string_view(body.data(), body.size()), error);
    if (error) {
        info.message = text::peer_text(body, secrets);
        return info;
    }
    if (const auto* object = document.if_object()) {
        info.code = member_text(*object, "code", secrets);
        info.message = member_text(*object, "error", secrets);
        if (info.message.empty()) info.message = member_text(*object, "message", secrets);
    } else {
        info.message = text_of(document, secrets);
    }
    return info;
}

ErrorKind error_kind(int status) noexcept {
    switch (status) {
        case 401:
            return ErrorKind::unauthorized;
        case 403:
            return ErrorKind::forbidden;
        case 404:
            return ErrorKind::not_found;
        case 429:
            return ErrorKind::rate_limited;
        default:
            return status >= 500 && status < 600 ? ErrorKind::server : ErrorKind::other;
    }
}

}  // namespace intent::rest
