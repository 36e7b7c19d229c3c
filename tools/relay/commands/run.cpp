// `intent relay run`: a relay, until SIGTERM or SIGINT.
#include "net/service_manager.hpp"
#include "relay/relay/relay_options.hpp"
#include "tools/intent/support/command.hpp"
#include "tools/intent/support/connection.hpp"
#include "tools/intent/support/duration.hpp"
#include "tools/intent/support/output.hpp"
#include "tools/relay/commands/commands.hpp"
#include "tools/relay/support/broker_access.hpp"
#include "tools/relay/support/service_state.hpp"
#include "tools/relay/support/status_service.hpp"

#include <intent/relay.hpp>

#include <chrono>
#include <csignal>
#include <ctime>
#include <memory>

namespace tool {

namespace {

using namespace std::chrono_literals;

constexpr auto tick = 500ms;
constexpr std::int64_t mib = 1 << 20;

intent::RelayOptions relay_options(const RelayRunFlags& flags) {
    intent::RelayOptions options = intent::relay_options_from_env();
    options.broker = broker_options(flags.broker);
    if (flags.gateway) options.client.gateway_url = *flags.gateway;
    if (flags.rest) options.client.rest_url = *flags.rest;
    if (flags.metrics) options.client.metrics.listen = *flags.metrics;
    if (flags.broker.verbose) options.client.log = log_for_people(intent::LogLevel::debug);
    if (flags.max_age)
        options.stream.max_age =
            std::chrono::duration_cast<std::chrono::seconds>(duration_of("--max-age", *flags.max_age));
    if (flags.max_mib) options.stream.max_bytes = static_cast<std::int64_t>(*flags.max_mib) * mib;
    if (flags.answers_mib) options.answers_bytes = static_cast<std::int64_t>(*flags.answers_mib) * mib;
    if (flags.replicas) options.stream.replicas = *flags.replicas;
    options.migrate = flags.migrate;
    return options;
}

/// Keeps the signals that end the program, or that a terminal sends, pending for `wait`.
class StopSignals {
public:
    /// Construct it before any thread: threads inherit the mask.
    StopSignals() {
        sigemptyset(&set_);
        for (const int number : {SIGINT, SIGTERM})
            sigaddset(&set_, number);
        pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    }
    /// True if one has come within the time.
    bool wait(std::chrono::milliseconds time) {
        const timespec limit{time.count() / 1000, (time.count() % 1000) * 1'000'000};
        return sigtimedwait(&set_, nullptr, &limit) > 0;
    }

private:
    sigset_t set_ = {};
};

void send(const std::unique_ptr<intent::net::NotifySocket>& socket, const std::string& text) {
    if (socket && !text.empty()) socket->send(text);
}

}  // namespace

int run_relay(const RelayRunFlags& flags) {
    const auto options = relay_options(flags);
    intent::relay::check(options);
    StopSignals signals;
    intent::Relay relay(options);
    StatusService service(options.broker, [&relay] { return relay_state(relay.status(), relay.metrics()); });
    const auto manager = intent::net::service_manager_from_environment();
    if (!manager.problem.empty()) print_error(manager.problem);
    std::unique_ptr<intent::net::NotifySocket> socket;
    if (!manager.socket.empty()) socket = std::make_unique<intent::net::NotifySocket>(manager.socket);
    ServiceState state(manager.watchdog);
    relay.start();
    for (;;) {
        const bool stop = signals.wait(tick);
        if (stop) {
            send(socket, ServiceState::on_stopping());
            relay.stop();
        }
        if (const auto status = relay.wait(0ms)) return *status;
        service.on_time();
        const bool wanted = state.wants_metrics(std::chrono::steady_clock::now());
        send(socket, state.on_time(std::chrono::steady_clock::now(), relay.status(),
                                   socket && wanted ? relay.metrics() : std::string()));
    }
}

}  // namespace tool
