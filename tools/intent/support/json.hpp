// JSON values by path: what flags set, and what answers hold.
#pragma once

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tool {

/// The value of a JSON text; nothing if it is none.
std::optional<boost::json::value> parsed_json(std::string_view text);

/// A member's text; empty if there is no such member, or no text in it.
std::string text_at(const boost::json::value& object, std::string_view name);

/// A member; null if there is none.
const boost::json::value& at(const boost::json::value& object, std::string_view name);

/// A member's elements; none if it is no array.
const boost::json::array& list_at(const boost::json::value& object, std::string_view name);

/// "path=rest" split at the first '='. Errors: WrongUsage, naming `flag`.
std::pair<std::string, std::string> split_setting(std::string_view flag, std::string_view text);

/// The JSON value in `text`. Errors: WrongUsage, naming `flag` and `path`.
boost::json::value json_of(std::string_view flag, std::string_view path, std::string_view text);

/// Puts `value` at a path such as `message.embeds.0.title`, making objects on the way; a number is an index of a list,
/// the one after its end included. Errors: WrongUsage, naming `flag` and the path.
void set_at(boost::json::value& root, std::string_view flag, std::string_view path, boost::json::value value);

/// The content of a file, or of standard input if it is "-". Errors: WrongUsage.
std::string read_input(std::string_view flag, const std::string& path);

/// The same, as the JSON value that it holds. Errors: WrongUsage.
boost::json::value read_json(std::string_view flag, const std::string& path);

}  // namespace tool
