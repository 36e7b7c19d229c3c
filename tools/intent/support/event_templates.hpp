// What an event of the gateway looks like when nobody says otherwise (protocol §7).
#pragma once

#include <boost/json.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tool {

/// The names of the events that there is a template for.
std::vector<std::string_view> template_names();

/// The payload of an event as JSON, in which a text such as "$author" stands for a value; null if there is no template.
const char* event_template(std::string_view event);

/// The values by name, without '$'.
using TemplateVariables = std::map<std::string, boost::json::value, std::less<>>;

/// The payload with the values of `cast` in their places.
boost::json::value filled(const char* payload, const TemplateVariables& variables);

}  // namespace tool
