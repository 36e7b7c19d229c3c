// The public class Worker, and its options.
#include "net/environment.hpp"
#include "relay/broker/broker_options.hpp"
#include "relay/wire/token.hpp"
#include "relay/worker/counters.hpp"
#include "relay/worker/session.hpp"

#include <intent/errors.hpp>
#include <intent/worker.hpp>

#include <exception>
#include <iterator>
#include <memory>
#include <utility>

namespace intent::relay {

namespace {

/// The client's source of events. Its session exists from `start` to `end`.
class WorkerRemote final : public detail::Remote {
public:
    explicit WorkerRemote(WorkerOptions options) : options_(std::move(options)) {}

    void start(std::shared_ptr<detail::RemoteSink> sink) override {
        session_ = std::make_unique<Session>(options_, sink, counters_);
        try {
            session_->start();
        } catch (const std::exception&) {
            session_.reset();
            sink->on_over(std::current_exception(), 4);
        }
    }
    void stop(std::function<void()> stopped) override {
        if (session_) return session_->stop(std::move(stopped));
        stopped();
    }
    void end() override { session_.reset(); }

    void request(detail::RemoteRequest request, std::function<void(detail::RemoteAnswer)> done) override {
        if (session_) return session_->request(std::move(request), std::move(done));
        done({.kind = detail::RemoteAnswer::Kind::not_sent, .text = "the worker has not been started"});
    }
    std::string metrics() const override { return text_of(*counters_); }
    void command(std::uint8_t op, detail::Payload data, std::function<void(std::exception_ptr)> done) override {
        if (session_) return session_->command(op, std::move(data), std::move(done));
        done(std::make_exception_ptr(NetworkError("gateway command: the worker has not been started")));
    }

private:
    const WorkerOptions options_;
    const std::shared_ptr<WorkerCounters> counters_ = std::make_shared<WorkerCounters>();
    std::unique_ptr<Session> session_;
};

void check_name(const char* option, const std::string& name) {
    if (name.empty()) throw ConfigError(std::string(option) + ": empty; it must be " + std::string(name_rule));
    if (!is_name(name))
        throw ConfigError(std::string(option) + ": \"" + to_token(name) + "\"; it must be " + std::string(name_rule));
}

void check_time(const char* option, std::chrono::milliseconds time, std::chrono::milliseconds min,
                std::chrono::milliseconds max) {
    if (time >= min && time <= max) return;
    throw ConfigError(std::string(option) + ": " + std::to_string(time.count()) + " ms; it must be " +
                      std::to_string(min.count()) + " to " + std::to_string(max.count()) + " ms");
}

void check_options(const WorkerOptions& options) {
    using namespace std::chrono_literals;
    check_name("WorkerOptions::application", options.application);
    check_name("BrokerOptions::bot", options.broker.bot);
    broker::check(broker::connection_options(options.broker, "intent"));
    if (options.max_in_flight < 1 || options.max_in_flight > 10'000)
        throw ConfigError("WorkerOptions::max_in_flight: " + std::to_string(options.max_in_flight) +
                          "; it must be 1 to 10000");
    if (options.max_deliveries < 1 || options.max_deliveries > 100)
        throw ConfigError("WorkerOptions::max_deliveries: " + std::to_string(options.max_deliveries) +
                          "; it must be 1 to 100");
    if (options.retry_delays.empty() || options.retry_delays.size() > 20)
        throw ConfigError("WorkerOptions::retry_delays: " + std::to_string(options.retry_delays.size()) +
                          " entries; it must have 1 to 20");
    for (const auto delay : options.retry_delays)
        check_time("WorkerOptions::retry_delays", delay, 0ms, 1h);
    check_time("WorkerOptions::ack_wait", options.ack_wait, 1s, 1h);
    check_time("WorkerOptions::request_timeout", options.request_timeout, 100ms, 10min);
    if (options.max_rate_limit_wait)
        check_time("WorkerOptions::max_rate_limit_wait", *options.max_rate_limit_wait, 0ms, 24h);
}

ClientOptions client_options(const WorkerOptions& options) {
    ClientOptions client;
    client.handler_threads = options.handler_threads;
    client.queue_bytes = options.queue_bytes;
    client.io_thread = options.io_thread;
    client.caches = options.caches;
    client.fetch_channels = options.fetch_channels;
    client.proxy = Proxy::off();
    client.request_timeout = options.request_timeout;
    client.max_rate_limit_wait = options.max_rate_limit_wait;
    client.slow_handler_warning = options.slow_handler_warning;
    client.tracing = options.tracing;
    client.clock = options.clock;
    client.log = options.log;
    client.metrics = options.metrics;
    return client;
}

std::shared_ptr<detail::ClientContext> make_worker(WorkerOptions options) {
    check_options(options);
    // Of its own, because an account may be allowed no other (`intent relay accounts`).
    if (options.broker.inbox_prefix == BrokerOptions{}.inbox_prefix)
        options.broker.inbox_prefix += '_' + options.application;
    auto client = client_options(options);
    return detail::make_remote_client(std::move(client), std::make_unique<WorkerRemote>(std::move(options)));
}

template <class Parse>
void parse_variable(const char* name, Parse parse) {
    const auto value = net::environment_variable(name);
    if (!value || value->empty()) return;
    try {
        parse(*value);
    } catch (const ConfigError& error) {
        throw ConfigError(std::string(name) + ": " + error.what());
    }
}

}  // namespace

}  // namespace intent::relay

namespace intent::inline v0 {

Worker::Worker(WorkerOptions options) : Client(relay::make_worker(std::move(options))) {}

WorkerOptions worker_options_from_env() {
    WorkerOptions options;
    options.broker = broker_options_from_env();
    const auto application = net::environment_variable("INTENT_APPLICATION");
    if (!application || application->empty())
        throw ConfigError(
            "INTENT_APPLICATION: not set; it names what this worker's bot does, e.g. INTENT_APPLICATION=greeter");
    options.application = *application;
    relay::parse_variable("INTENT_APPLICATION", [](const std::string& text) {
        if (!relay::is_name(text)) throw ConfigError("it must be " + std::string(relay::name_rule));
    });
    relay::parse_variable("INTENT_WORKER_MODE", [&](const std::string& text) {
        if (text != "pool" && text != "ordered") throw ConfigError("it must be \"pool\" or \"ordered\"");
        options.mode = text == "pool" ? WorkerMode::pool : WorkerMode::ordered;
    });
    relay::parse_variable("INTENT_METRICS", [&](const std::string& text) { options.metrics.listen = text; });
    LogOptions log;
    log.levels.lowest = LogLevel::warn;
    relay::parse_variable("INTENT_LOG", [&](const std::string& text) { log.levels = parse_log_levels(text); });
    relay::parse_variable("INTENT_LOG_FORMAT", [&](const std::string& text) { log.format = parse_log_format(text); });
    options.log = stderr_log(log);
    return options;
}

int detail::run_other_worker(const Program& program) {
    const auto& chosen = *static_cast<const WorkerProgram*>(program.other_options);
    WorkerOptions options = chosen.options != nullptr ? *chosen.options : worker_options_from_env();
    if (chosen.configure != nullptr) chosen.configure(chosen.configure_context, options);
    Worker worker(std::move(options));
    return program.setup_and_run(program.setup_context, worker);
}

}  // namespace intent
