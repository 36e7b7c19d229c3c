#include "tools/intent/support/recording.hpp"

#include "tools/intent/support/command.hpp"
#include "tools/intent/support/journal.hpp"
#include "tools/intent/support/json.hpp"

#include <intent/timestamp.hpp>

#include <map>
#include <optional>
#include <set>

namespace tool {

namespace json = boost::json;

namespace {

/// Distinguishes frames with a new event for a user from repetitions.
class Deliveries {
public:
    bool is_new(const std::string& user, const std::string& session, const json::value& sequence,
                const std::string& event) {
        // The same sequence number in the same session: a Resume or a fault repeated the event.
        if (!sequence.is_null() && !numbers_.insert(session + " " + json::serialize(sequence)).second) return false;
        // The event is new if this session has received it more often than all other sessions of the user.
        const int times = ++of_session_[session + " " + event];
        int& maximum = of_user_[user + " " + event];
        if (times <= maximum) return false;
        maximum = times;
        return true;
    }

private:
    std::set<std::string> numbers_;
    std::map<std::string, int> of_session_;
    std::map<std::string, int> of_user_;
};

bool is_event(const json::value& entry) {
    const std::string name = text_at(entry, "t");
    return text_at(entry, "kind") == "frame" && text_at(entry, "direction") == "out" &&
           at(entry, "op") == json::value(0) && !name.empty() && name != "READY" && name != "RESUMED";
}

}  // namespace

std::vector<RecordedEvent> events_of(std::string_view file, std::string_view content) {
    std::vector<RecordedEvent> events;
    Deliveries deliveries;
    std::optional<intent::Timestamp> first;
    std::size_t number = 0;
    for (const auto& line : lines_of(content)) {
        ++number;
        const std::string where = "FILE " + std::string(file) + ": line " + std::to_string(number);
        const auto entry = parsed_json(line);
        if (!entry || !entry->is_object())
            throw WrongUsage(where + " is not a JSON object; expected a file of `intent record`");
        if (!is_event(*entry)) continue;
        const auto time = intent::parse_timestamp(text_at(*entry, "time"));
        if (!time) throw WrongUsage(where + ": time: expected an ISO 8601 time in UTC");
        if (!first) first = *time;
        const std::string user = text_at(*entry, "user");
        const std::string name = text_at(*entry, "t");
        const json::value& data = at(*entry, "data");
        if (!deliveries.is_new(user, json::serialize(at(*entry, "session")), at(*entry, "s"),
                               name + json::serialize(data))) {
            continue;
        }
        events.push_back({std::chrono::floor<std::chrono::milliseconds>(*time - *first), user, name, data});
    }
    return events;
}

}  // namespace tool
