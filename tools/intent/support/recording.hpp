// Reads the events of a recorded journal for `intent replay`.
#pragma once

#include <boost/json.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace tool {

struct RecordedEvent {
    std::chrono::milliseconds at;  ///< since the first one
    std::string user;              ///< the receiver; empty if unknown
    std::string name;
    boost::json::value data;
};

/// The events of a recording: each event once per receiving user, regardless of the user's number of sessions and of
/// replays after a Resume. Omits events of the session itself (READY, RESUMED).
///
/// Errors: WrongUsage that names the line.
std::vector<RecordedEvent> events_of(std::string_view file, std::string_view content);

}  // namespace tool
