// Paths as error texts have them.
#pragma once

#include <string>
#include <string_view>

namespace tool {

/// A path without its query, and `{token}` where a webhook's token stands: whoever reads it may post as the webhook.
std::string shown_path(std::string_view path);

}  // namespace tool
