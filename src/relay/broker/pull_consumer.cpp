#include "relay/broker/pull_consumer.hpp"

#include "net/clock.hpp"
#include "relay/broker/errors.hpp"
#include "relay/broker/impl/alarm.hpp"
#include "relay/broker/impl/api_json.hpp"
#include "relay/broker/impl/connection_impl.hpp"
#include "relay/broker/impl/status.hpp"
#include "text/peer_text.hpp"

#include <atomic>
#include <charconv>
#include <utility>

namespace intent::relay::broker {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

void check(const PullOptions& options) {
    const auto fail = [](std::string_view text) { throw ConfigError("pull consumer: " + std::string(text)); };
    check_name(options.stream, "stream");
    check_name(options.consumer, "consumer");
    const auto& demand = options.demand;
    if (demand.max_batch == 0 || demand.max_batch > 10'000) fail("max_batch: 1 to 10000 are allowed");
    if (demand.silence < milliseconds(500)) fail("silence: at least 500 ms are allowed");
    if (demand.expires < demand.silence) fail("expires: must not be less than silence");
    if (demand.retry_delay.count() <= 0 || demand.max_retry_delay < demand.retry_delay)
        fail("retry_delay: must be positive, and at most max_retry_delay");
}

std::size_t number_of(const std::string* text) {
    std::size_t value = 0;
    if (text != nullptr) std::from_chars(text->data(), text->data() + text->size(), value);
    return value;
}

}  // namespace

struct Delivery::Impl {
    enum class State { open, ended };

    bool send(std::string_view answer) const {
        const auto used = connection.lock();
        if (!used) return false;
        return used->answer(message.reply, answer) == SendResult::sent;
    }
    /// False if there was an end already.
    bool end() const { return !ended.exchange(true); }
    /// Sends an end; one that could not be sent does not count.
    bool send_end(std::string_view answer) const {
        if (!end() || send(answer)) return true;
        ended = false;
        return false;
    }

    Message message;
    Metadata metadata;
    std::weak_ptr<Connection::Impl> connection;
    mutable std::atomic<bool> ended = false;
};

const Message& Delivery::message() const noexcept { return impl_->message; }

const Metadata& Delivery::metadata() const noexcept { return impl_->metadata; }

bool Delivery::acknowledge() const { return impl_->send_end("+ACK"); }

void Delivery::acknowledge(std::function<void(std::exception_ptr)> done) const {
    const auto used = impl_->connection.lock();
    if (!used || !impl_->end()) {
        done(used ? std::exception_ptr() : std::make_exception_ptr(NotSent("acknowledge: the connection is closed")));
        return;
    }
    used->request({.subject = impl_->message.reply, .data = "+ACK"}, used->options.request_timeout,
                  [done = std::move(done)](const Answer& answer) { done(answer.error); });
}

bool Delivery::refuse(milliseconds delay) const {
    if (delay.count() <= 0) return impl_->send_end("-NAK");
    return impl_->send_end("-NAK {\"delay\": " + std::to_string(nanoseconds(delay).count()) + "}");
}

bool Delivery::in_progress() const { return impl_->ended || impl_->send("+WPI"); }

bool Delivery::terminate() const { return impl_->send_end("+TERM"); }

struct PullConsumer::Impl : std::enable_shared_from_this<Impl> {
    Impl(std::shared_ptr<Connection> used, const PullOptions& chosen, Events chosen_events)
        : owner(std::move(used)),
          connection(owner->impl().shared_from_this()),
          options(chosen),
          events(std::move(chosen_events)),
          inbox(connection->new_inbox()),
          demand(chosen.demand) {}

    void open() {
        const auto with_self = entering(weak_from_this());
        alarm.emplace(connection->loop, [with_self] { with_self([](Impl& self) { self.on_time(); }); });
        listener = registration(connection->listen(
            [with_self](ConnectionChange change) { with_self([&](Impl& self) { self.on_change(change); }); }));
        messages = connection->subscribe(
            inbox + ".*", {},
            [weak = weak_from_this()](Message message) {
                if (const auto self = weak.lock()) self->on_message(std::move(message));
            },
            0);
    }

    void on_change(ConnectionChange change);
    void on_message(Message message);
    void on_status(const std::string& status, const Message& message);
    void on_time();
    void pump();   // with the lock held
    void probe();  // the same
    void on_probe(const Answer& answer);
    void report(std::exception_ptr error);

    std::string name() const { return "consumer " + options.consumer + " of stream " + options.stream; }

    std::shared_ptr<Connection> owner;
    const std::shared_ptr<Connection::Impl> connection;
    const PullOptions options;
    const Events events;
    const std::string inbox;

    Gate gate;  // callbacks; taken before `mutex`
    std::atomic<bool> stopped = false;
    mutable std::mutex mutex;
    PullDemand demand;
    std::uint64_t last_request = 0;
    std::uint64_t void_requests = 0;  // the ends of requests up to this one say nothing any more
    bool problem_reported = false;
    // The broker is silent about requests to a consumer that does not exist, so it is asked first.
    bool confirmed = false;
    bool probing = false;

    std::optional<Alarm> alarm;
    Registration listener;
    std::unique_ptr<Subscription> messages;
};

void PullConsumer::Impl::on_change(ConnectionChange change) {
    const std::lock_guard lock(mutex);
    if (change == ConnectionChange::connected) {
        void_requests = last_request;
        confirmed = false;
        demand.on_connected(net::now());
    }
    pump();
}

void PullConsumer::Impl::on_message(Message message) {
    if (message.reply.empty()) {
        if (const auto* status = message.headers.find("Status")) on_status(*status, message);
        return;
    }
    auto metadata = parse_metadata(message.reply);
    if (!metadata) return;
    auto impl = std::make_shared<Delivery::Impl>();
    impl->message = std::move(message);
    impl->metadata = std::move(*metadata);
    impl->connection = connection;
    const Delivery delivery(std::move(impl));
    bool wanted = false;
    {
        const std::lock_guard lock(mutex);
        wanted = demand.on_message(net::now()) && !stopped;
        problem_reported = false;
        pump();
    }
    if (!wanted) {
        delivery.refuse(milliseconds(0));
        return;
    }
    bool delivered = false;
    gate.enter([&] {
        if (stopped) return;
        delivered = true;
        events.delivered(delivery);
    });
    if (!delivered) delivery.refuse(milliseconds(0));
}

void PullConsumer::Impl::on_status(const std::string& status, const Message& message) {
    const auto now = net::now();
    std::exception_ptr problem;
    {
        const std::lock_guard lock(mutex);
        const auto token = message.subject.size() > inbox.size() ? message.subject.substr(inbox.size() + 1) : "";
        const bool current = number_of(&token) > void_requests;
        if (status == "100") {
            demand.on_heartbeat(now);
        } else if (status == "408" || status == "404") {
            if (current) demand.on_end(number_of(message.headers.find("Nats-Pending-Messages")), now);
        } else if (current) {
            void_requests = last_request;
            confirmed = false;
            demand.on_failed(now);
            const auto* description = message.headers.find("Description");
            const std::string text =
                status == "503" ? "JetStream is not ready"
                                : text::peer_text(description == nullptr ? status : *description, connection->secrets);
            problem = std::make_exception_ptr(NetworkError(name() + ": " + text));
        }
        pump();
    }
    if (problem) report(problem);
}

void PullConsumer::Impl::on_time() {
    bool silent = false;
    {
        const std::lock_guard lock(mutex);
        silent = demand.on_time(net::now());
        if (silent) {
            void_requests = last_request;
            confirmed = false;
        }
        pump();
    }
    if (silent && connection->connected())
        report(std::make_exception_ptr(TimeoutError(name() + ": no answer; " + std::string(silence_hint))));
}

void PullConsumer::Impl::probe() {
    if (probing) return;
    const std::string subject = "$JS.API.CONSUMER.INFO." + options.stream + "." + options.consumer;
    try {
        connection->request({.subject = subject}, connection->options.request_timeout,
                            [weak = weak_from_this()](const Answer& answer) {
                                if (const auto self = weak.lock()) self->on_probe(answer);
                            });
        probing = true;
    } catch (const Error&) {
        // The connection is closed.
    }
}

void PullConsumer::Impl::on_probe(const Answer& answer) {
    const auto failure = answer.error ? std::nullopt : parse_failure(answer.message.data);
    // Without an answer it goes on: the account may be allowed to pull without being allowed to ask.
    const bool missing = failure && verdict(failure->status, failure->code) != Verdict::final;
    {
        const std::lock_guard lock(mutex);
        probing = false;
        confirmed = !missing;
        if (missing) demand.on_failed(net::now());
        pump();
    }
    if (missing)
        report(std::make_exception_ptr(
            ApiError(name() + ": it does not exist, or the broker is not ready for it: " + failure->text,
                     failure->status, failure->code)));
}

void PullConsumer::Impl::pump() {
    const auto now = net::now();
    while (!stopped && connection->connected() && demand.is_due(now)) {
        if (!confirmed) {
            probe();
            break;
        }
        const auto batch = demand.next_request(now);
        if (!batch) break;
        // The broker's heartbeats come at half of the expiry at most.
        const auto heartbeat = nanoseconds(options.demand.silence) / 3;
        const std::string body = "{\"batch\":" + std::to_string(*batch) +
                                 ",\"expires\":" + std::to_string(nanoseconds(options.demand.expires).count()) +
                                 ",\"idle_heartbeat\":" + std::to_string(heartbeat.count()) + "}";
        const std::string subject = "$JS.API.CONSUMER.MSG.NEXT." + options.stream + "." + options.consumer;
        const auto reply = inbox + "." + std::to_string(++last_request);
        if (connection->send({.subject = subject, .data = body}, reply) != SendResult::sent) {
            demand.on_failed(now);
            break;
        }
    }
    if (const auto wake = demand.next_wake()) alarm->set(*wake);
}

void PullConsumer::Impl::report(std::exception_ptr error) {
    {
        const std::lock_guard lock(mutex);
        if (std::exchange(problem_reported, true)) return;
    }
    gate.enter([&] {
        if (!stopped && events.problem) events.problem(std::move(error));
    });
}

PullConsumer::PullConsumer(std::shared_ptr<Connection> connection, const PullOptions& options, Events events) {
    check(options);
    impl_ = std::make_shared<Impl>(std::move(connection), options, std::move(events));
    impl_->open();
}

PullConsumer::~PullConsumer() {
    stop();
    impl_->gate.close();
    impl_->listener.reset();
    impl_->messages.reset();
    impl_->owner.reset();
}

void PullConsumer::want(std::size_t messages) {
    const std::lock_guard lock(impl_->mutex);
    if (impl_->stopped) return;
    impl_->demand.add(messages);
    impl_->pump();
}

std::size_t PullConsumer::wanted() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->demand.wanted();
}

void PullConsumer::stop() {
    {
        const std::lock_guard lock(impl_->mutex);
        if (impl_->stopped.exchange(true)) return;
        impl_->demand.cancel();
    }
    // Without interest, the broker drops the requests that it still has: otherwise it would deliver here what is
    // refused.
    if (impl_->messages) impl_->messages->drain();
}

}  // namespace intent::relay::broker
