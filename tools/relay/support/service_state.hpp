// What the service manager is notified of (sd_notify(3)).
#pragma once

#include <intent/relay.hpp>

#include <chrono>
#include <string>

namespace tool {

/// A machine: its functions return the text to send, empty if there is nothing to send. Texts contain nothing of users
/// or servers.
///
/// How to drive it: `on_time` at least every second, and `on_stopping` as the last.
class ServiceState {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// `watchdog`: the period of the manager; 0: none.
    explicit ServiceState(std::chrono::microseconds watchdog) : watchdog_(watchdog) {}

    /// Whether the next `on_time` needs the metrics, for the watchdog.
    bool wants_metrics(Time now) const { return watchdog_.count() > 0 && now >= next_progress_; }

    /// The service has started when the relay leads and has a session, or is a standby of a leader. Until then, the
    /// manager waits as long as attempts go on. The watchdog is content while the I/O thread reacts.
    std::string on_time(Time now, const intent::RelayStatus& status, const std::string& metrics);

    static std::string on_stopping() { return "STOPPING=1\nSTATUS=stopping: hands over"; }

private:
    const std::chrono::microseconds watchdog_;
    Time next_progress_{};
    Time next_extension_{};
    bool started_ = false;
    std::string shown_ = {};
};

}  // namespace tool
