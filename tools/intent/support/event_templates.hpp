// Default payloads of the gateway's events (protocol §7).
#pragma once

#include <boost/json.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tool {

/// The names of the events that have a template.
std::vector<std::string_view> template_names();

/// The payload of an event as JSON with variables such as "$author"; null if there is no template.
const char* event_template(std::string_view event);

/// The values of variables by name, without '$'.
using TemplateVariables = std::map<std::string, boost::json::value, std::less<>>;

/// The payload with its variables replaced.
boost::json::value filled(const char* payload, const TemplateVariables& variables);

}  // namespace tool
