// Prints tables for people.
#pragma once

#include <boost/json.hpp>

#include <string>
#include <vector>

namespace tool {

using Row = std::vector<std::string>;

/// Prints rows in columns; the first row holds the headings. False if it cannot be written.
[[nodiscard]] bool print_table(std::vector<Row> rows);

/// A value as text of a cell: text unchanged, null as "-", other values as JSON.
std::string cell(const boost::json::value& value);

}  // namespace tool
