// Columns for people.
#pragma once

#include <boost/json.hpp>

#include <string>
#include <vector>

namespace tool {

using Row = std::vector<std::string>;

/// Prints rows in columns, the first row being the heads. False if nobody reads it any more.
[[nodiscard]] bool print_table(std::vector<Row> rows);

/// A value in a cell: text as it is, null as "-", the rest as JSON.
std::string cell(const boost::json::value& value);

}  // namespace tool
