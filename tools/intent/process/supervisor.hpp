// What `intent run` does when: a machine without processes, files or clocks.
#pragma once

#include <chrono>
#include <optional>
#include <variant>
#include <vector>

namespace tool {

/// Starts a bot, starts it anew when its files change, and ends it.
///
/// How to drive it: call an input, carry out the actions in their order, and call `on_time` at `next_wake()` at the
/// latest. After `Finish` nothing more is to be called.
///
/// Distinct objects: safe. Shared objects: unsafe.
class Supervisor {
public:
    using Time = std::chrono::steady_clock::time_point;

    static constexpr auto settle_time = std::chrono::milliseconds(200);  ///< without a change, before they count
    static constexpr auto grace_time = std::chrono::seconds(5);          ///< from SIGTERM to SIGKILL
    static constexpr auto retry_time = std::chrono::milliseconds(300);   ///< while a file is being written

    struct Start {};    ///< answer with `on_started` or `on_not_started`
    struct Ask {};      ///< SIGTERM
    struct Kill {};     ///< SIGKILL
    struct Compare {};  ///< look at the files; answer with `on_changed` if one has changed
    struct TellEnd {};  ///< the bot ended by itself; what comes next is a change of a file
    struct Finish {};
    using Action = std::variant<Start, Ask, Kill, Compare, TellEnd, Finish>;
    using Actions = std::vector<Action>;

    void on_begin(Actions& actions);
    void on_started();
    enum class Why { not_there, busy };  ///< busy: it is being written, and will be whole soon
    void on_not_started(Time now, Why why);
    void on_ended(Actions& actions);
    void on_file_event(Time now);
    void on_changed(Time now, Actions& actions);
    void on_stop(Time now, Actions& actions);  ///< SIGINT or SIGTERM; the second one kills
    void on_time(Time now, Actions& actions);
    std::optional<Time> next_wake() const;

private:
    enum class State { waiting, starting, running, ending };

    State state_ = State::waiting;
    bool finishing_ = false;
    bool again_ = false;  ///< start once the present one has ended
    std::optional<Time> settle_;
    std::optional<Time> kill_;
    std::optional<Time> retry_;
};

}  // namespace tool
