// Bodies of requests.
#pragma once

#include <boost/json/object.hpp>

#include <string_view>

namespace intent::sandbox {

/// The JSON object that is a body; an empty body is an empty object.
///
/// Errors: Problem 400 if the body is not a JSON object, or is nested more than 64 deep.
boost::json::object read_object(std::string_view body);

}  // namespace intent::sandbox
