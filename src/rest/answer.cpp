#include "rest/answer.hpp"

#include "codec/utf8.hpp"

#include <boost/json.hpp>

#include <string>

namespace intent::rest {

namespace {

namespace json = boost::json;

constexpr std::size_t longest_text = 200;

/// A server's words, fit for an error: one line, no control bytes, valid UTF-8, not too long.
std::string tidy(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto step = codec::utf8_step(text);
        const auto byte = static_cast<unsigned char>(text.front());
        if (step.length == 1 && (byte < 0x20 || byte == 0x7f)) {
            if (!out.empty() && out.back() != ' ') out.push_back(' ');
        } else if (step.valid) {
            out.append(text.substr(0, step.length));
        } else {
            out += "\xef\xbf\xbd";
        }
        text.remove_prefix(step.length);
        if (out.size() >= longest_text) return out + "…";
    }
    while (!out.empty() && out.back() == ' ')
        out.pop_back();
    return out;
}

std::string text_of(const json::value& value) {
    if (const auto* text = value.if_string()) return tidy(std::string_view(text->data(), text->size()));
    if (value.is_number()) return json::serialize(value);
    return {};
}

std::string member_text(const json::object& object, const char* name) {
    const auto* value = object.if_contains(name);
    return value ? text_of(*value) : std::string();
}

bool looks_like_html(std::string_view body) {
    const auto start = body.find_first_not_of(" \t\r\n\xef\xbb\xbf");
    return start != std::string_view::npos && body[start] == '<';
}

}  // namespace

HttpErrorInfo read_error(int status, std::string_view body) {
    HttpErrorInfo info;
    info.status = status;
    if (looks_like_html(body)) {
        info.message = "(an HTML page, not shown)";
        return info;
    }
    json::error_code error;
    const auto document = json::parse(json::string_view(body.data(), body.size()), error);
    if (error) {
        info.message = tidy(body.substr(0, 1024));
        return info;
    }
    if (const auto* object = document.if_object()) {
        info.code = member_text(*object, "code");
        info.message = member_text(*object, "error");
        if (info.message.empty()) info.message = member_text(*object, "message");
    } else {
        info.message = text_of(document);
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
