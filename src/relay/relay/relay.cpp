#include "net/clock.hpp"
#include "net/environment.hpp"
#include "relay/broker/broker_options.hpp"
#include "relay/broker/errors.hpp"
#include "relay/broker/jetstream.hpp"
#include "relay/broker/lease.hpp"
#include "relay/relay/lead.hpp"
#include "relay/relay/relay_metrics.hpp"
#include "relay/relay/relay_options.hpp"
#include "relay/relay/session_cell.hpp"

#include <intent/client.hpp>
#include <intent/detail/remote.hpp>
#include <intent/errors.hpp>
#include <intent/relay.hpp>

#include <atomic>
#include <deque>
#include <functional>
#include <utility>
#include <variant>

namespace intent::inline v0 {

namespace {

using namespace std::chrono_literals;
namespace broker = relay::broker;
using relay::Lead;

constexpr int stopped_status = 0;
constexpr int failed_status = 1;
constexpr int configuration_status = 4;

constexpr auto poll_interval = 200ms;       // for the end of the client
constexpr auto retry_delay = 1s;            // of the set-up
constexpr auto load_timeout = 3s;           // of the last messages, at the beginning of a lead
constexpr auto settle_timeout = 5s;         // of requests at a stop
constexpr auto drain_timeout = 5s;          // of events at a stop
constexpr auto release_timeout = 2s;        // of the lease
constexpr std::size_t max_loaded = 10'000;  // channels whose last message is read

/// The part of the holder before '#': the id of the relay.
std::string id_of(const std::string& holder) { return holder.substr(0, holder.find('#')); }

}  // namespace

/// The control thread waits for the broker, sets up the streams, takes part in the election, and begins and ends leads.
struct Relay::Impl {
    explicit Impl(RelayOptions given);
    ~Impl();

    void start();
    void stop();
    std::optional<int> wait(std::chrono::milliseconds timeout);
    RelayStatus status() const;

    // The control thread.
    void control();
    int work();
    bool wait_for_broker();
    bool set_up();
    int take_part();
    int lead(std::uint64_t term);
    void end_lead(bool gracefully);
    void load_last_messages();
    bool pause(std::chrono::milliseconds time);
    void make_connection();

    struct Acquired {
        std::uint64_t term = 0;
    };
    struct Lost {
        std::string reason;
    };
    using Notice = std::variant<Acquired, Lost>;
    void notify(Notice notice);
    std::optional<Notice> next_notice(std::chrono::milliseconds timeout);
    bool stopping() const {
        const std::lock_guard lock(mutex);
        return stop_requested;
    }
    std::shared_ptr<Lead> current_lead() const {
        const std::lock_guard lock(mutex);
        return leading;
    }

    class Source;

    relay::RelayParts parts;
    std::string id;
    std::shared_ptr<relay::SessionCell> session;
    std::shared_ptr<Source> source;
    std::optional<Client> client;
    std::shared_ptr<broker::Lease> lease;  // guarded by `mutex`
    /// The broker refused the login, or the connection was closed here.
    std::shared_ptr<std::atomic<bool>> closed = std::make_shared<std::atomic<bool>>(false);

    /// The connection ends because this object does.
    std::shared_ptr<std::atomic<bool>> ending = std::make_shared<std::atomic<bool>>(false);

    mutable std::mutex mutex;
    std::condition_variable changed;
    bool started = false;
    bool stop_requested = false;
    std::optional<int> exit_status;
    std::deque<Notice> notices;
    std::shared_ptr<Lead> leading;
    std::uint64_t resent_before = 0;  // by earlier leads
    std::string set_up_problem;
    std::thread thread;
    std::mutex joining;
};

/// Adds the relay's metrics to those of its client.
class Relay::Impl::Source final : public MetricsSource {
public:
    Source(const Impl& relay, std::shared_ptr<MetricsSource> further) : relay_(&relay), further_(std::move(further)) {}

    std::string metrics() override {
        std::string text;
        {
            const std::lock_guard lock(mutex_);
            if (relay_) text = relay::relay_metrics(relay_->status(), *relay_->parts.counters);
        }
        return further_ ? text + further_->metrics() : text;
    }

    std::vector<std::string> unready_reasons() override {
        std::vector<std::string> reasons;
        {
            const std::lock_guard lock(mutex_);
            if (relay_) reasons = relay::unready_reasons(relay_->status());
        }
        if (further_)
            for (auto& reason : further_->unready_reasons())
                reasons.push_back(std::move(reason));
        return reasons;
    }

    void forget() {
        const std::lock_guard lock(mutex_);
        relay_ = nullptr;
    }

private:
    std::mutex mutex_;
    const Impl* relay_;
    const std::shared_ptr<MetricsSource> further_;
};

namespace {

relay::RelayParts make_parts(RelayOptions options) {
    relay::check(options);
    if (options.id.empty()) options.id = relay::make_relay_id();
    const std::string token(options.client.token.reveal());
    text::Redactor secrets;
    secrets.set_token(token);
    for (const auto& secret : {options.broker.password, options.broker.token})
        if (!secret.empty()) secrets = secrets.with(secret.reveal());
    const std::string holder = options.id + "#" + std::to_string(net::random_seed());
    relay::Names names(options.broker.bot);
    relay::RelayLog log(options.client.log, secrets);
    return relay::RelayParts{.options = std::move(options),
                             .names = std::move(names),
                             .holder = holder,
                             .log = std::move(log),
                             .tokens = std::make_shared<relay::TokenFilter>(token),
                             .loop = std::make_shared<net::Loop>()};
}

}  // namespace

Relay::Impl::Impl(RelayOptions given)
    : parts(make_parts(std::move(given))),
      id(parts.options.id),
      session(std::make_shared<relay::SessionCell>(parts.log)),
      source(std::make_shared<Source>(*this, parts.options.client.metrics.source)) {
    auto options = relay::client_options(parts.options);
    options.session_store = session;
    options.metrics.source = source;
    client.emplace(std::move(options));
    client->on([this](const RawEvent& event) {
        if (const auto lead = current_lead()) lead->on_event(event);
    });
    client->on([this](const Ready& ready) {
        if (const auto lead = current_lead()) lead->on_ready(ready);
    });
    client->on([this](const Gap& gap) {
        if (const auto lead = current_lead()) lead->on_gap(gap);
    });
    client->on([this](const SequenceGap& gap) {
        if (const auto lead = current_lead()) lead->on_sequence_gap(gap);
    });
}

void Relay::Impl::make_connection() {
    broker::ConnectionEvents events;
    events.changed = [log = parts.log, over = closed, ended = ending](broker::ConnectionChange change,
                                                                      const std::string& reason) {
        switch (change) {
            case broker::ConnectionChange::connected:
                return log(LogLevel::info, "connected to the broker");
            case broker::ConnectionChange::disconnected:
                if (*ended) return;
                return log(LogLevel::warn,
                           "the connection to the broker is lost" + (reason.empty() ? "" : ": " + reason));
            case broker::ConnectionChange::closed:
                *over = true;
                return log(LogLevel::debug, "the connection to the broker is closed");
        }
    };
    events.error = [log = parts.log](const std::string& text) { log(LogLevel::warn, "broker: " + text); };
    auto made = std::make_shared<broker::Connection>(
        broker::connection_options(parts.options.broker, "intent-relay-" + id), std::move(events));
    {
        const std::lock_guard lock(mutex);
        parts.connection = std::move(made);
    }
    session->use(broker::KeyValue(parts.connection, parts.names.bucket()));
    parts.bucket.emplace(parts.connection, parts.names.bucket());
    parts.answers.emplace(parts.connection, parts.names.answer_bucket());
}

void Relay::Impl::start() {
    {
        const std::lock_guard lock(mutex);
        if (started || stop_requested) return;
        started = true;
    }
    try {
        detail::open_endpoint(*client);
        parts.loop->start();
        make_connection();
    } catch (...) {
        const std::lock_guard lock(mutex);
        exit_status = failed_status;
        throw;
    }
    thread = std::thread([this] { control(); });
}

void Relay::Impl::stop() {
    {
        const std::lock_guard lock(mutex);
        stop_requested = true;
        if (!started && !exit_status) exit_status = stopped_status;
        changed.notify_all();
    }
    const std::lock_guard lock(joining);
    if (thread.joinable()) thread.join();
    parts.loop->stop();
}

Relay::Impl::~Impl() {
    stop();
    source->forget();
}

std::optional<int> Relay::Impl::wait(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex);
    changed.wait_for(lock, timeout, [&] { return exit_status.has_value(); });
    return exit_status;
}

void Relay::Impl::notify(Notice notice) {
    const std::lock_guard lock(mutex);
    notices.push_back(std::move(notice));
    changed.notify_all();
}

/// No value after `timeout`, or if the relay stops.
std::optional<Relay::Impl::Notice> Relay::Impl::next_notice(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex);
    changed.wait_for(lock, timeout, [&] { return stop_requested || !notices.empty(); });
    if (notices.empty()) return std::nullopt;
    Notice notice = std::move(notices.front());
    notices.pop_front();
    return notice;
}

/// True if the relay stops.
bool Relay::Impl::pause(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, time, [&] { return stop_requested; });
}

void Relay::Impl::control() {
    int status = failed_status;
    try {
        status = work();
    } catch (const std::exception& error) {
        parts.log(LogLevel::error, error.what());
    }
    if (current_lead()) end_lead(false);  // after an exception
    if (lease && !lease->release(release_timeout))
        parts.log(LogLevel::warn, "the lease could not be released; a standby waits until it expires");
    *ending = true;
    parts.connection->drain(release_timeout);
    const std::lock_guard lock(mutex);
    exit_status = status;
    changed.notify_all();
}

int Relay::Impl::work() {
    if (!wait_for_broker()) return stopping() ? stopped_status : failed_status;
    try {
        if (!set_up()) return stopped_status;
    } catch (const ConfigError& error) {
        parts.log(LogLevel::error, error.what());
        return configuration_status;
    }
    return take_part();
}

/// False if the relay stops, or the broker has closed the connection for good.
bool Relay::Impl::wait_for_broker() {
    bool reported = false;
    while (!parts.connection->wait_connected(poll_interval)) {
        if (stopping()) return false;
        if (*closed) {
            parts.log(LogLevel::error, "the broker has refused the connection: " + parts.connection->last_problem());
            return false;
        }
        if (!std::exchange(reported, true))
            parts.log(LogLevel::warn,
                      "the broker cannot be reached, trying until it answers: " + parts.connection->last_problem());
    }
    return true;
}

/// Creates streams and buckets. False if the relay stops first.
///
/// Errors: ConfigError if one exists and differs.
bool Relay::Impl::set_up() {
    std::string reported;
    while (!stopping()) {
        std::string current;  // stream or bucket
        std::string problem;
        try {
            broker::JetStream streams(parts.connection);
            const auto difference = parts.options.migrate ? broker::OnDifference::edit : broker::OnDifference::fail;
            for (const auto& bucket : relay::buckets(parts.options, parts.names)) {
                current = bucket.name;
                broker::KeyValue::ensure(parts.connection, bucket, difference);
            }
            // After the buckets: workers wait for the stream of events, so they read no bucket that is still being
            // made, which ends nats-server 2.9.
            for (const auto& stream : relay::streams(parts.options, parts.names)) {
                current = stream.name;
                streams.ensure_stream(stream, difference);
            }
            return true;
        } catch (const broker::OtherConfiguration& error) {
            if (!error.editable()) throw;
            throw ConfigError(error.what() + std::string("; or let the relay change it with `migrate` (--migrate)"));
        } catch (const ConfigError&) {
            throw;
        } catch (const broker::ApiError& error) {
            problem = error.what();
            if (error.code() == broker::store_is_full)
                problem += ". Raise max_file_store in the configuration of the broker, or lower " +
                           relay::size_option(current, parts.names);
        } catch (const Error& error) {
            problem = error.what();
        }
        if (std::exchange(reported, problem) != problem)
            parts.log(LogLevel::warn, "the streams of the bot cannot be set up yet: " + problem);
        pause(retry_delay);
    }
    return false;
}

int Relay::Impl::take_part() {
    broker::LeaseOptions options;
    options.key = relay::leader_key;
    options.holder = parts.holder;
    options.ttl = parts.options.lease_ttl;
    broker::LeaseEvents events;
    events.acquired = [this](std::uint64_t term) { notify(Acquired{term}); };
    events.lost = [this](const std::string& reason) { notify(Lost{reason}); };
    const auto made = std::make_shared<broker::Lease>(parts.connection, *parts.bucket, options, std::move(events));
    {
        const std::lock_guard lock(mutex);
        lease = made;
    }
    parts.log(LogLevel::info, "taking part in the election of the leader as " + id);
    int status = stopped_status;
    while (!stopping()) {
        if (*closed) {
            parts.log(LogLevel::error, "the broker has refused the connection: " + parts.connection->last_problem());
            return failed_status;
        }
        const auto notice = next_notice(poll_interval);
        const auto* acquired = notice ? std::get_if<Acquired>(&*notice) : nullptr;
        if (acquired == nullptr || !made->leads() || made->term() != acquired->term) continue;
        status = lead(acquired->term);
        if (status != stopped_status) break;
    }
    return status;
}

/// Leads until the lease is lost or the relay stops. Returns another status than `stopped_status` if the client has
/// ended by itself.
int Relay::Impl::lead(std::uint64_t term) {
    parts.log(LogLevel::info, "leading, term " + std::to_string(term));
    ++parts.counters->leads;
    const auto goes_on = [&] { return !stopping() && lease->leads(); };
    load_last_messages();
    if (!session->lead(term, goes_on)) return stopped_status;
    {
        auto made = std::make_shared<Lead>(parts, *client, term, [held = lease] { return held->leads(); });
        const std::lock_guard lock(mutex);
        leading = std::move(made);
    }
    client->start();
    leading->serve();
    bool gracefully = true;
    while (!stopping()) {
        if (const auto status = client->wait(0ms)) {
            parts.log(LogLevel::error, "the gateway connection has ended for good");
            end_lead(false);
            return *status == stopped_status ? failed_status : *status;
        }
        const auto notice = next_notice(poll_interval);
        const auto* lost = notice ? std::get_if<Lost>(&*notice) : nullptr;
        if (lost == nullptr) continue;
        parts.log(LogLevel::warn, "leading no longer: " + lost->reason);
        gracefully = false;
        break;
    }
    end_lead(gracefully);
    return stopped_status;
}

void Relay::Impl::end_lead(bool gracefully) {
    const auto old = current_lead();
    if (gracefully) old->settle(settle_timeout);
    client->stop();
    old->end(gracefully ? drain_timeout : 0ms);
    const std::lock_guard lock(mutex);
    resent_before += old->statistics().resent;
    leading = nullptr;
}

void Relay::Impl::load_last_messages() {
    if (!parts.options.backfill.enabled) return;
    const auto deadline = net::time_in(load_timeout);
    try {
        broker::JetStream streams(parts.connection);
        parts.last_messages->load(streams, parts.names, max_loaded,
                                  [&] { return net::now() < deadline && !stopping() && lease->leads(); });
    } catch (const Error& error) {
        parts.log(LogLevel::warn,
                  std::string("the last messages cannot be read; a back-fill would begin at a time: ") + error.what());
    }
}

RelayStatus Relay::Impl::status() const {
    RelayStatus status;
    status.id = id;
    std::shared_ptr<Lead> lead;
    {
        const std::lock_guard lock(mutex);
        lead = leading;
        status.resent = resent_before;
        if (lease) {
            status.leads = lease->leads();
            status.leader = id_of(lease->holder());
            status.term = lease->term();
        }
        if (parts.connection) {
            status.broker_connected = parts.connection->connected();
            status.broker = parts.connection->server();
            status.broker_problem = parts.connection->last_problem();
        }
    }
    status.gateway = client->state();
    if (lead) {
        auto statistics = lead->statistics();
        status.waiting = statistics.waiting;
        status.waiting_bytes = statistics.waiting_bytes;
        status.resent += statistics.resent;
        if (status.broker_problem.empty()) status.broker_problem = std::move(statistics.problem);
    }
    const auto& counters = *parts.counters;
    std::tie(status.session_id, status.seq) = counters.position();
    status.published = counters.stored;
    status.duplicates = counters.duplicates;
    status.refused = counters.refused;
    status.gaps = counters.gaps;
    status.backfilled = counters.backfilled;
    status.backfilling = counters.backfilling;
    status.requests = counters.requests_under_way;
    status.requests_answered = counters.requests_answered;
    status.requests_repeated = counters.requests_repeated;
    status.requests_refused = counters.requests_refused;
    status.requests_failed = counters.requests_failed;
    status.unknown_outcomes = counters.unknown_outcomes;
    status.commands = counters.commands;
    return status;
}

Relay::Relay(RelayOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Relay::Relay(Relay&&) noexcept = default;
Relay& Relay::operator=(Relay&&) noexcept = default;
Relay::~Relay() = default;

int Relay::run() {
    net::Loop signals;
    signals.start();
    auto waiter = std::make_unique<net::SignalWaiter>(signals, [impl = impl_.get()](int) {
        const std::lock_guard lock(impl->mutex);
        impl->stop_requested = true;
        impl->changed.notify_all();
    });
    start();
    for (;;) {
        if (const auto status = wait(std::chrono::hours(1))) {
            stop();
            return *status;
        }
    }
}

void Relay::start() { impl_->start(); }
std::optional<int> Relay::wait(std::chrono::milliseconds timeout) { return impl_->wait(timeout); }
void Relay::stop() { impl_->stop(); }
RelayStatus Relay::status() const { return impl_->status(); }
std::string Relay::metrics() const { return impl_->client->metrics(); }
std::optional<std::uint16_t> Relay::metrics_port() const { return impl_->client->metrics_port(); }

}  // namespace intent
