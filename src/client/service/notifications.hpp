// What a service manager is notified of (sd_notify(3)).
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace intent::client {

/// The state of a service, as a machine: inputs return the text to send, empty if there is nothing to send. Texts
/// contain no text of users or servers.
///
/// How to drive it: `on_start`, then the other inputs as things happen. `on_stopping` is the last: later inputs return
/// nothing.
class Notifications {
public:
    std::string on_start();
    /// A session began or was resumed. The first time, the service has started.
    std::string on_connected();
    std::string on_disconnected();
    /// The next attempt starts after `delay`. Until the service has started, the manager waits as long as attempts go
    /// on: a bot that is killed and started again would connect no sooner.
    std::string on_reconnecting(unsigned attempt, std::chrono::milliseconds delay);
    /// `now`: of the monotonic clock. Empty before the service has started, and then no `on_reload_end` follows.
    std::string on_reload(std::chrono::microseconds now);
    std::string on_reload_end();
    /// All threads make progress.
    std::string on_progress() const;
    std::string on_stopping();

private:
    std::string status(std::string text);

    std::string status_ = {};
    bool started_ = false;
    bool stopping_ = false;
    unsigned reloads_ = 0;  // that have not ended
};

}  // namespace intent::client
