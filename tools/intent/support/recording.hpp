// The events of a recorded journal, as they are dispatched again.
#pragma once

#include <boost/json.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace tool {

struct RecordedEvent {
    std::chrono::milliseconds at;  ///< since the first one
    std::string user;              ///< who got it; empty if that is not known
    std::string name;
    boost::json::value data;
};

/// What is in a recording: each event once for each user who got it, however many sessions that user had, and whatever
/// was sent again after a Resume. What belongs to a session itself (READY, RESUMED) is left out.
///
/// Errors: WrongUsage, naming the line.
std::vector<RecordedEvent> events_of(std::string_view file, std::string_view content);

}  // namespace tool
