#include "sandbox/rest/handlers/replies.hpp"

namespace intent::inline v0::sandbox {

ApiReply Handlers::list_json(std::string_view key, const std::vector<std::string>& items) const {
    std::string body = "[";
    for (const auto& item : items) {
        if (body.size() > 1) body += ',';
        body += item;
    }
    body += ']';
    if (dialect_ == Dialect::web && !key.empty()) body = "{\"" + std::string(key) + "\":" + body + "}";
    return {.status = 200, .body = std::move(body)};
}

}  // namespace intent::sandbox
