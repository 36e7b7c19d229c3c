#include <intent/errors.hpp>

#include <utility>

namespace intent::inline v0 {

namespace {

std::string describe(const HttpErrorInfo& info) {
    std::string text = info.method + " " + info.route + ": " + std::to_string(info.status);
    if (!info.code.empty()) text += " " + info.code;
    if (!info.message.empty()) text += ", server message: " + info.message;
    if (info.retry_after) text += " (try again in " + std::to_string(info.retry_after->count()) + " ms)";
    return text;
}

}  // namespace

HttpError::HttpError(HttpErrorInfo info) : Error(describe(info)), info_(std::move(info)) {}

}  // namespace intent
