#include "rest/build.hpp"

#include "text/percent.hpp"

namespace intent::rest {

namespace {

constexpr std::size_t max_part = 256;  // bytes of a token or a code in a path

/// Why a text must not become part of a path. The text itself is not shown, because it may be a secret.
Wrong check_part(std::string_view name, std::string_view value) {
    const std::string field(name);
    if (value.empty()) return field + ": must not be empty";
    if (value.size() > max_part) {
        return field + ": " + std::to_string(value.size()) + " bytes; must be at most " + std::to_string(max_part);
    }
    if (value == "." || value == "..") return field + ": must not be \".\" or \"..\"";
    for (const char c : value) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte == 0x7f) return field + ": contains white space or a control byte";
        if (c == '/' || c == '\\') return field + ": contains '/' or '\\'; pass it alone, without the link around it";
    }
    return std::nullopt;
}

}  // namespace

Path& Path::text(std::string_view name, std::string_view value) {
    if (!wrong_) wrong_ = check_part(name, value);
    path_ += "/" + text::percent_encode(value);
    bucket_ += "/{" + std::string(name) + "}";
    route_ += "/{" + std::string(name) + "}";
    return *this;
}

Call Path::call(std::string method, Content content) {
    if (auto& wrong = wrong_ ? wrong_ : content.wrong) return Invalid{*std::move(wrong), method + " " + route_};
    std::string bucket = method + " " + bucket_;
    return Request{std::move(method), std::move(path_), std::move(route_), std::move(bucket), std::move(content.json)};
}

}  // namespace intent::rest
