// What `intent relay status` shows: collected from the broker and from the relays that run.
#pragma once

#include "tools/relay/support/broker_access.hpp"

#include <boost/json.hpp>

#include <string>

namespace tool {

/// Asks the broker, and every relay that answers within half a second.
///
/// Errors: std::runtime_error if the broker does not answer.
boost::json::object relay_report(const BrokerAccess& access);

/// The report for people, in several lines.
std::string report_text(const boost::json::object& report);

}  // namespace tool
