// Formats paths for error texts.
#pragma once

#include <string>
#include <string_view>

namespace tool {

/// A path without its query and with a webhook's token replaced by `{token}`: the token permits posting as the webhook.
std::string shown_path(std::string_view path);

}  // namespace tool
