#include "tools/relay/support/service_state.hpp"

#include "tools/relay/support/metric_values.hpp"

namespace tool {

namespace {

using namespace std::chrono_literals;

constexpr auto extension = 60s;

std::string text_of(const intent::RelayStatus& status) {
    if (!status.broker_connected) return "connecting to the broker";
    if (status.leads) return "leads, gateway " + std::string(to_text(status.gateway));
    return status.leader.empty() ? "waits for the lead" : "standby";
}

}  // namespace

std::string ServiceState::on_time(Time now, const intent::RelayStatus& status, const std::string& metrics) {
    std::string text;
    const auto add = [&](const std::string& line) { text += (text.empty() ? "" : "\n") + line; };
    const bool works = status.broker_connected &&
                       (status.leads ? status.gateway == intent::ConnectionState::ready : !status.leader.empty());
    if (!started_ && works) {
        started_ = true;
        add("READY=1");
    } else if (!started_ && now >= next_extension_) {
        next_extension_ = now + extension / 2;
        add("EXTEND_TIMEOUT_USEC=" +
            std::to_string(std::chrono::duration_cast<std::chrono::microseconds>(extension).count()));
    }
    if (wants_metrics(now) && !metrics.empty()) {
        next_progress_ = now + watchdog_ / 3;
        const std::chrono::seconds lag(metric_value(metrics, "intent_loop_lag_seconds"));
        if (lag < watchdog_ / 2) add("WATCHDOG=1");
    }
    if (auto shown = text_of(status); shown != shown_) {
        shown_ = std::move(shown);
        add("STATUS=" + shown_);
    }
    return text;
}

}  // namespace tool
