#include "tools/intent/support/shown_path.hpp"

#include <algorithm>

namespace tool {

std::string shown_path(std::string_view path) {
    constexpr std::string_view webhooks = "/webhooks/";
    std::string shown(path.substr(0, path.find('?')));
    for (auto at = shown.find(webhooks); at != std::string::npos; at = shown.find(webhooks, at + 1)) {
        const auto slash = shown.find('/', at + webhooks.size());
        if (slash == std::string::npos) break;
        const auto end = std::min(shown.find('/', slash + 1), shown.size());
        const auto token = std::string_view(shown).substr(slash + 1, end - slash - 1);
        if (!token.empty() && token != "regenerate-token" && token != "webhooks")
            shown.replace(slash + 1, end - slash - 1, "{token}");
    }
    return shown;
}

}  // namespace tool
