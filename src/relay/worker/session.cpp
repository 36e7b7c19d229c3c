#include "relay/worker/session.hpp"

#include "relay/broker/broker_options.hpp"
#include "relay/broker/error_text.hpp"
#include "relay/broker/errors.hpp"

#include <intent/errors.hpp>

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <utility>

namespace intent::relay {

namespace {

constexpr std::chrono::milliseconds set_up_delay{1'000};
constexpr std::chrono::milliseconds default_max_wait = std::chrono::minutes(15);
constexpr std::int64_t pool_ack_pending = 65'536;
constexpr std::chrono::milliseconds end_time{400};       // of each step of the end that waits for the broker
constexpr std::chrono::milliseconds report_time{5'000};  // of this process alone, which may get little of its processor

/// Runs what is posted before, and `last`, or gives up.
void finish(net::Loop& loop, std::chrono::milliseconds timeout, std::function<void()> last) {
    struct Done {
        std::mutex mutex;
        std::condition_variable changed;
        bool set = false;
    };
    const auto done = std::make_shared<Done>();
    loop.post([done, last = std::move(last)] {
        last();
        const std::lock_guard lock(done->mutex);
        done->set = true;
        done->changed.notify_all();
    });
    std::unique_lock lock(done->mutex);
    done->changed.wait_for(lock, timeout, [&] { return done->set; });
}

/// Each application has its own inbox prefix, as in the accounts of `intent relay accounts`.
broker::ConnectionOptions connection_settings(const WorkerOptions& options) {
    auto settings = broker::connection_options(options.broker, "intent worker " + options.application);
    if (settings.inbox_prefix == BrokerOptions{}.inbox_prefix) settings.inbox_prefix += '_' + options.application;
    return settings;
}

Deliveries::Settings deliveries_settings(const WorkerOptions& options) {
    return {.ordered = options.mode == WorkerMode::ordered,
            .retry_delays = options.retry_delays,
            .max_deliveries = options.max_deliveries,
            .ack_wait = options.ack_wait};
}

}  // namespace

Session::Session(const WorkerOptions& options, std::shared_ptr<detail::RemoteSink> sink,
                 std::shared_ptr<WorkerCounters> counters)
    : options_(options),
      names_(options.broker.bot),
      bucket_name_(names_.work_bucket()),
      sink_(std::move(sink)),
      counters_(std::move(counters)),
      control_([this](const std::exception_ptr& error) { sink_->on_error(error, "worker"); }),
      calls_([this](const std::exception_ptr& error) { sink_->on_error(error, "worker"); }),
      deliveries_(deliveries_settings(options_)) {}

Session::~Session() { end(); }

void Session::start() {
    mailbox_ = std::make_shared<Mailbox>(control_, [this](Mailbox::Batch batch) { take(std::move(batch)); });
    deliveries_timer_ = std::make_unique<net::Timer>(control_, net::Timer::Kind::real);
    set_up_timer_ = std::make_unique<net::Timer>(control_, net::Timer::Kind::real);
    changes_timer_ = std::make_unique<net::Timer>(control_, net::Timer::Kind::real);
    broker::ConnectionEvents events;
    events.changed = [this](broker::ConnectionChange change, const std::string& reason) {
        control_.post([this, change, reason] { on_change(change, reason); });
    };
    events.error = [this](const std::string& text) {
        control_.post([this, text] { say_once(LogLevel::warn, "broker: " + text); });
    };
    connection_ = std::make_shared<broker::Connection>(connection_settings(options_), std::move(events));
    bucket_ = std::make_unique<broker::KeyValue>(connection_, bucket_name_);
    relay_calls_ = std::make_unique<RelayCalls>(
        control_, connection_, names_,
        RelayCalls::Settings{options_.request_timeout, options_.max_rate_limit_wait.value_or(default_max_wait)},
        counters_);
    if (options_.mode == WorkerMode::ordered) {
        Partitions::Port port;
        port.deliver = [mailbox = mailbox_](broker::Delivery delivery) { mailbox->on_delivered(std::move(delivery)); };
        port.execute = [this](const Deliveries::Actions& actions) {
            execute(actions);
            after_work();
        };
        port.log = [this](LogLevel level, std::string text) { sink_->log(level, "worker: " + std::move(text)); };
        partitions_ = std::make_unique<Partitions>(
            control_, calls_, connection_, names_, bucket_name_,
            Partitions::Settings{options_.application, "w" + std::to_string(control_.random_seed()),
                                 options_.max_in_flight},
            deliveries_, std::move(port));
    }
    control_.start();
    calls_.start();
}

// ---- the connection ----

void Session::say_once(LogLevel level, const std::string& text) {
    if (std::exchange(said_, text) != text && !stopped_) sink_->log(level, text);
}

void Session::on_change(broker::ConnectionChange change, const std::string& reason) {
    if (ended_) return;
    connected_ = change == broker::ConnectionChange::connected;
    if (connected_) {
        for (const auto& unsent : std::exchange(unsent_, {}))
            connection_->try_publish(unsent);
        if (!stopped_) set_up();
        return;
    }
    counters_->connected = 0;
    if (change == broker::ConnectionChange::closed && !stopped_) {
        sink_->on_over(std::make_exception_ptr(
                           NetworkError("the broker ended the connection" + (reason.empty() ? "" : ": " + reason))),
                       1);
        return;
    }
    if (std::exchange(up_, false) && !stopped_)
        sink_->on_disconnected(reason.empty() ? "no connection to the broker" : "broker: " + reason);
}

void Session::set_up() {
    if (std::exchange(setting_up_, true)) return;
    subscribe();
    calls_.post([this] {
        std::exception_ptr error;
        std::optional<broker::Entry> ready;
        try {
            broker::JetStream streams(connection_);
            ensure_consumers(streams);
            ready = broker::KeyValue(connection_, names_.bucket()).get(ready_key);
        } catch (...) {
            error = std::current_exception();
        }
        control_.post([this, error, ready = std::move(ready)] {
            setting_up_ = false;
            if (stopped_) return;
            if (error)
                refuse(error);
            else
                on_set_up(ready);
        });
    });
}

void Session::ensure_consumers(broker::JetStream& streams) const {
    const bool ordered = options_.mode == WorkerMode::ordered;
    const auto ensure = [&](const std::string& name, const std::string& filter, std::int64_t ack_pending) {
        broker::ConsumerConfig config{
            .name = name,
            .filter_subject = filter,
            .ack_wait = options_.ack_wait,
            .max_ack_pending = ack_pending,
            .from = options_.begin == WorkerStart::now ? broker::DeliverFrom::next : broker::DeliverFrom::beginning};
        if (const auto known = streams.consumer_info(names_.stream(), name)) {
            // An application that exists goes on where it is.
            config.from = known->config.from;
            config.start_sequence = known->config.start_sequence;
        }
        streams.ensure_consumer(names_.stream(), config, broker::OnDifference::edit);
    };
    if (!ordered) return ensure(Names::consumer(options_.application), names_.events(), pool_ack_pending);
    for (unsigned i = 0; i < partitions; ++i)
        ensure(Names::consumer(options_.application, i), names_.events_of_partition(i),
               static_cast<std::int64_t>(options_.max_in_flight));
}

void Session::refuse(std::exception_ptr error) {
    try {
        std::rethrow_exception(error);
    } catch (const ConfigError&) {
        sink_->on_over(error, 4);
        return;
    } catch (const broker::ApiError& problem) {
        if (broker::verdict(problem.status(), problem.code()) == broker::Verdict::missing)
            say_once(LogLevel::warn, "waiting for a relay: the broker has no stream " + names_.stream() +
                                         " yet; start `intent relay`, or check the name of the bot");
        else
            say_once(LogLevel::warn, "the broker refuses the consumer: " + std::string(problem.what()));
    } catch (const std::exception& problem) {
        if (connected_) say_once(LogLevel::warn, "the broker does not answer: " + std::string(problem.what()));
    }
    set_up_again();
}

void Session::set_up_again() {
    set_up_timer_->arm(control_.time_in(set_up_delay), [this] {
        if (connected_ && !stopped_) set_up();
    });
}

void Session::on_set_up(std::optional<broker::Entry> ready) {
    if (!connected_ || std::exchange(up_, true)) return;
    said_.clear();
    counters_->connected = 1;
    sink_->on_connected();
    // Changes may have been missed while there was no connection: the caches begin again.
    last_ready_.clear();
    if (ready && !ready->deleted) on_ready(ready->value);
    pass_changes_on();
    if (!dead_letters_) {
        broker::PublisherOptions publishing;
        publishing.stream = names_.dead_letter_stream();
        dead_letters_ = std::make_unique<broker::Publisher>(
            connection_, publishing, broker::Publisher::Events{.room = {}, .problem = [this](const std::string& text) {
                                                                   sink_->log(LogLevel::warn, "dead letters: " + text);
                                                               }});
    }
    if (partitions_) {
        if (!std::exchange(partitions_started_, true)) partitions_->start();
    } else if (!puller_) {
        puller_ = std::make_unique<broker::PullConsumer>(
            connection_,
            broker::PullOptions{.stream = names_.stream(), .consumer = Names::consumer(options_.application)},
            broker::PullConsumer::Events{
                .delivered = [mailbox =
                                  mailbox_](broker::Delivery delivery) { mailbox->on_delivered(std::move(delivery)); },
                .problem =
                    [this](std::exception_ptr error) {
                        control_.post([this, error] { say_once(LogLevel::warn, "consumer: " + error_text(error)); });
                    }});
        puller_->want(options_.max_in_flight);
    }
}

void Session::subscribe() {
    if (!subscriptions_.empty()) return;
    const auto add = [&](std::string_view type) {
        subscriptions_.push_back(connection_->subscribe(
            names_.events_of_type(type),
            [mailbox = mailbox_](broker::Message message) { mailbox->on_change(std::move(message)); }));
    };
    for (const auto type : detail::names_of_changes())
        add(type);
    add("READY");
}

// ---- requests ----

void Session::request(detail::RemoteRequest request, std::function<void(detail::RemoteAnswer)> done) {
    control_.post([this, request = std::move(request), done = std::move(done)]() mutable {
        relay_calls_->request(std::move(request), std::move(done));
    });
}

void Session::command(std::uint8_t op, detail::Payload data, std::function<void(std::exception_ptr)> done) {
    control_.post([this, op, data = std::move(data), done = std::move(done)]() mutable {
        relay_calls_->command(op, data, std::move(done));
    });
}

// ---- the end ----

void Session::stop(std::function<void()> stopped) {
    control_.post([this, stopped = std::move(stopped)] {
        stopped_ = true;
        subscriptions_.clear();
        if (puller_) puller_->stop();
        if (partitions_) partitions_->stop();
        Deliveries::Actions actions;
        deliveries_.on_stop(actions);
        execute(actions);
        after_work();
        relay_calls_->stop();
        stopped();
    });
}

bool Session::flush() {
    if (!connection_->connected()) return false;
    try {
        connection_->flush(end_time);
        return true;
    } catch (const std::exception&) {  // the broker delivers again what it has not heard of
        return false;
    }
}

void Session::end() {
    if (std::exchange(ended_by_owner_, true)) return;
    if (connection_) {
        // What the handlers' threads have reported at their end is on its way to the broker then.
        finish(control_, report_time, [this] {
            ended_ = true;
            stopped_ = true;
            relay_calls_->stop();
        });
        control_.stop();
        mailbox_->close();
        subscriptions_.clear();
        const bool heard = flush();  // then everything has come that was on its way to a puller, which refuses it
        puller_.reset();
        if (partitions_) partitions_->end(heard ? end_time : std::chrono::milliseconds(0));
        if (dead_letters_) dead_letters_->drain(end_time / 5);
        dead_letters_.reset();
        if (heard) flush();
        connection_->close();
        calls_.stop();
    }
    counters_->connected = 0;
    counters_->in_flight = 0;
    counters_->partitions = 0;
}

}  // namespace intent::relay
