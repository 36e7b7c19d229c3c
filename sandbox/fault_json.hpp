// Faults as the JSON of the control API.
#pragma once

#include "sandbox/faults.hpp"
#include "sandbox/orders.hpp"

#include <boost/json/object.hpp>

namespace intent::sandbox {

/// Errors: Problem 400 that names the field.
SandboxFault read_fault(OrderFields& fields);
boost::json::object fault_json(const Faults::View& view);

}  // namespace intent::sandbox
