// Faults as the JSON of the control API.
#pragma once

#include "sandbox/base/control_fields.hpp"
#include "sandbox/faults/faults.hpp"

#include <boost/json/object.hpp>

namespace intent::sandbox {

/// Errors: Problem 400 that names the field.
SandboxFault read_fault(ControlFields& fields);
boost::json::object fault_json(const Faults::View& view);

}  // namespace intent::sandbox
