// Reads and sets JSON values, in flags and in responses.
#pragma once

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tool {

/// Parses a JSON text; unset if it is invalid.
std::optional<boost::json::value> parsed_json(std::string_view text);

/// The text of a member; empty if the member is missing or not text.
std::string text_at(const boost::json::value& object, std::string_view name);

/// A member; null if it is missing.
const boost::json::value& at(const boost::json::value& object, std::string_view name);

/// The elements of a member; empty if it is not an array.
const boost::json::array& list_at(const boost::json::value& object, std::string_view name);

/// Splits "path=rest" at the first '='. Errors: WrongUsage that names `flag`.
std::pair<std::string, std::string> split_setting(std::string_view flag, std::string_view text);

/// Parses the JSON value in `text`. Errors: WrongUsage that names `flag` and `path`.
boost::json::value json_of(std::string_view flag, std::string_view path, std::string_view text);

/// Sets `value` at a path such as `message.embeds.0.title` and creates missing objects. A number is a list index; the
/// index after the last one appends. Errors: WrongUsage that names `flag` and the path.
void set_at(boost::json::value& root, std::string_view flag, std::string_view path, boost::json::value value);

/// The content of a file, or of standard input if `path` is "-". Errors: WrongUsage.
std::string read_input(std::string_view flag, const std::string& path);

/// Parses the content of `read_input` as JSON. Errors: WrongUsage.
boost::json::value read_json(std::string_view flag, const std::string& path);

}  // namespace tool
