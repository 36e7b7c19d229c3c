// Faults as the JSON of the control API.
#pragma once

#include "sandbox/base/fields.hpp"
#include "sandbox/faults/faults.hpp"

#include <boost/json/object.hpp>

#include <string_view>

namespace intent::inline v0::sandbox {

inline boost::json::string_view json_text(std::string_view text) { return {text.data(), text.size()}; }

/// Errors: Problem 400 that names the field.
Fault read_fault(const Fields& fields);
boost::json::object fault_json(const Faults::View& view);
/// The table of the kinds, as `GET /fault-kinds` returns it.
boost::json::object fault_kinds_json();

}  // namespace intent::sandbox
