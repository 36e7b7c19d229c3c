// `intent replay FILE`: dispatches the events of a recording again.
#include "net/clock.hpp"
#include "tools/intent/support/command.hpp"
#include "tools/intent/support/control.hpp"
#include "tools/intent/support/json.hpp"
#include "tools/intent/support/output.hpp"
#include "tools/intent/support/recording.hpp"
#include "tools/intent/support/sandbox_state.hpp"

#include <fmt/core.h>

#include <charconv>
#include <map>
#include <memory>
#include <set>

namespace tool {

namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

struct ReplayFlags {
    SandboxAddress address = {};
    std::string file = {};
    std::string speed = "1x";
    std::vector<std::string> users = {};
};

/// The speed factor; unset: no waiting.
std::optional<double> speed_of(const std::string& text) {
    if (text == "max") return std::nullopt;
    double speed = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), speed, std::chars_format::fixed);
    if (error != std::errc() || std::string_view(end) != "x" || !(speed >= 0.01 && speed <= 10'000)) {
        throw WrongUsage("--speed " + text + ": expected a factor such as 2x or 0.5x (0.01x-10000x), or max");
    }
    return speed;
}

/// Errors: ControlError that names a user of the recording who does not exist in this sandbox.
void check_users(const std::vector<RecordedEvent>& events, const SandboxState& sandbox_state) {
    std::set<std::string> missing;
    for (const auto& event : events)
        if (!event.user.empty() && !sandbox_state.has_user(event.user)) missing.insert(event.user);
    if (missing.empty()) return;
    throw ControlError("the recorded events went to " + *missing.begin() +
                       ", whom this sandbox does not have; --to names who shall get them");
}

/// Merges the events for other receivers: an event that several users received becomes one.
std::vector<RecordedEvent> to_others(std::vector<RecordedEvent> events) {
    std::map<std::string, std::map<std::string, int>> times;  // by event, by receiver
    std::vector<RecordedEvent> kept;
    std::map<std::string, int> kept_times;  // by event
    for (auto& event : events) {
        const std::string key = event.name + json::serialize(event.data);
        if (++times[key][event.user] <= kept_times[key]) continue;
        ++kept_times[key];
        kept.push_back(std::move(event));
    }
    return kept;
}

int replay(const ReplayFlags& flags) {
    const auto speed = speed_of(flags.speed);
    auto events = events_of(flags.file, read_input("FILE", flags.file));
    Control control(flags.address);
    control.http().heed_signals();
    const SandboxState sandbox_state(control);
    for (const auto& user : flags.users)
        sandbox_state.user("--to", user);
    if (flags.users.empty()) {
        check_users(events, sandbox_state);
    } else {
        events = to_others(std::move(events));
    }

    std::size_t dispatched = 0;
    std::size_t unheard = 0;
    const auto start = intent::net::now();
    try {
        for (const auto& event : events) {
            if (speed) {
                // Compute with durations: the absolute time may exceed the clock's range.
                const auto passed = std::chrono::floor<milliseconds>(intent::net::now() - start);
                const auto left = std::chrono::duration_cast<milliseconds>(event.at / *speed) - passed;
                if (left.count() > 0) control.http().pause(left);
            }
            json::object body{{"event", event.name}, {"data", event.data}};
            if (!flags.users.empty()) {
                body["users"] = json::array(flags.users.begin(), flags.users.end());
            } else if (!event.user.empty()) {
                body["users"] = json::array{json::value(event.user)};
            }
            const auto answer = control.post("/events", body);
            if (at(answer, "sessions") == json::value(0)) ++unheard;
            ++dispatched;
        }
    } catch (const Interrupted&) {
    }
    const auto took = std::chrono::duration_cast<milliseconds>(intent::net::now() - start);
    const std::string line = fmt::format(R"({{"recorded":{},"dispatched":{},"unheard":{},"ms":{}}})", events.size(),
                                         dispatched, unheard, took.count());
    return print_json(line) ? done : failed;
}

}  // namespace

Command add_replay(CLI::App& tool) {
    auto* command = tool.add_subcommand("replay", "Dispatch the events of a recording again");
    const auto flags = std::make_shared<ReplayFlags>();
    command->add_option("file", flags->file, "Recording of `intent record`; -: standard input")
        ->type_name("FILE")
        ->required();
    command->add_option("--speed", flags->speed, "2x: twice as fast; max: without waiting")
        ->type_name("FACTOR")
        ->capture_default_str();
    repeatable(
        command->add_option("--to", flags->users, "Send them to this user, not to the recorded ones; repeatable"))
        ->type_name("USER");
    add_address_flag(*command, flags->address);
    return {command, [flags] { return replay(*flags); }};
}

}  // namespace tool
