// Decides when `intent run` starts and stops the bot: a machine without processes, files or clocks.
#pragma once

#include <chrono>
#include <optional>
#include <variant>
#include <vector>

namespace tool {

/// Starts a bot, restarts it when its files change, and stops it.
///
/// How to drive it: call an input, execute the actions in order, and call `on_time` no later than `next_wake()`. Call
/// nothing after `Finish`.
class Supervisor {
public:
    using Time = std::chrono::steady_clock::time_point;

    static constexpr auto settle_time = std::chrono::milliseconds(200);  ///< from the last change to the restart
    static constexpr auto settle_limit = std::chrono::seconds(1);        ///< the same, if changes do not cease
    static constexpr auto grace_time = std::chrono::seconds(5);          ///< from SIGTERM to SIGKILL
    static constexpr auto retry_time = std::chrono::milliseconds(300);   ///< between attempts on a busy program

    struct Start {};      ///< answer with `on_started` or `on_not_started`
    struct Ask {};        ///< SIGTERM
    struct Kill {};       ///< SIGKILL
    struct Compare {};    ///< compare the files; answer with `on_changed` if one has changed
    struct ReportEnd {};  ///< report that the bot exited by itself; it restarts after the next change of a file
    struct Finish {};
    using Action = std::variant<Start, Ask, Kill, Compare, ReportEnd, Finish>;
    using Actions = std::vector<Action>;

    void on_begin(Actions& actions);
    void on_started();
    enum class Why { not_there, busy };  ///< busy: the program is being written
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
    bool again_ = false;  ///< restart once the current process has ended
    std::optional<Time> settle_;
    Time first_event_;  ///< of those since the last comparison
    std::optional<Time> kill_;
    std::optional<Time> retry_;
};

}  // namespace tool
