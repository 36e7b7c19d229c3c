// Refusals of the platform.
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace intent::inline v0::sandbox {

/// A refusal, which the API answers as `{"error": text, "code": code}` with `status` (protocol §11). Thrown by the
/// platform and the readers of requests; caught where a request, or a call of the public class, arrives.
class Problem : public std::exception {
public:
    Problem(int status, std::string code, std::string text)
        : status_(status), code_(std::move(code)), text_(std::move(text)) {}

    int status() const noexcept { return status_; }
    const std::string& code() const noexcept { return code_; }
    const std::string& text() const noexcept { return text_; }
    const char* what() const noexcept override { return text_.c_str(); }

private:
    int status_;
    std::string code_;
    std::string text_;
};

inline Problem invalid(std::string_view field, std::string_view what) {
    return {400, "INVALID_FIELD", std::string(field) + ": " + std::string(what)};
}

inline Problem not_found(std::string_view what) { return {404, "NOT_FOUND", std::string(what) + " does not exist"}; }

/// `who lacks MANAGE_MESSAGES in #general`.
inline Problem lacks(const std::string& who, std::string_view permission, const std::string& where) {
    return {403, "MISSING_PERMISSIONS", who + " lacks " + std::string(permission) + " in " + where};
}

inline Problem no_member(const std::string& who, const std::string& server) {
    return {403, "NOT_A_MEMBER", who + " is not a member of " + server};
}

inline Problem forbidden(std::string text) { return {403, "FORBIDDEN", std::move(text)}; }

}  // namespace intent::sandbox
