// Text as a value of Boost.JSON.
#pragma once

#include <boost/json.hpp>

#include <string_view>

namespace tool {

inline boost::json::string json_text(std::string_view text) { return boost::json::string(text.data(), text.size()); }

}  // namespace tool
