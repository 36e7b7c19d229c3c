#include "relay/broker/publisher.hpp"

#include "net/clock.hpp"
#include "relay/broker/errors.hpp"
#include "relay/broker/impl/alarm.hpp"
#include "relay/broker/impl/api_json.hpp"
#include "relay/broker/impl/connection_impl.hpp"
#include "relay/broker/impl/status.hpp"
#include "text/peer_text.hpp"

#include <atomic>
#include <charconv>
#include <unordered_map>
#include <utility>
#include <vector>

namespace intent::relay::broker {
namespace {

void check(const PublishWindow::Options& options) {
    const auto fail = [](std::string_view text) { throw ConfigError("publisher: " + std::string(text)); };
    if (options.max_messages == 0 || options.max_messages > 1'000'000) fail("max_messages: 1 to 1000000 are allowed");
    if (options.max_bytes == 0) fail("max_bytes: must be positive");
    if (options.acknowledge_timeout < std::chrono::milliseconds(10))
        fail("acknowledge_timeout: at least 10 ms are allowed");
    if (options.retry_delay.count() <= 0 || options.max_retry_delay < options.retry_delay)
        fail("retry_delay: must be positive, and at most max_retry_delay");
}

}  // namespace

struct Publisher::Impl : std::enable_shared_from_this<Impl> {
    using Done = std::function<void(const Published&)>;
    using Number = PublishWindow::Number;

    Impl(std::shared_ptr<Connection> used, const PublisherOptions& chosen, Events chosen_events)
        : owner(std::move(used)),
          connection(owner->impl().shared_from_this()),
          options(chosen),
          events(std::move(chosen_events)),
          inbox(connection->new_inbox()),
          window(chosen.window) {}

    void open() {
        const auto with_self = entering(weak_from_this());
        alarm.emplace(connection->loop, [with_self] { with_self([](Impl& self) { self.on_time(); }); });
        listener = registration(connection->listen(
            [with_self](ConnectionChange change) { with_self([&](Impl& self) { self.on_change(change); }); }));
        answers = connection->subscribe(
            inbox + ".*", {}, [with_self](Message message) { with_self([&](Impl& self) { self.on_answer(message); }); },
            0);
        if (connection->connected()) on_change(ConnectionChange::connected);
    }

    bool publish(Message message, Done done);
    void on_change(ConnectionChange change);
    void on_answer(const Message& message);
    void on_time();

    // With the lock held.
    void pump();
    void finish(Number number, Published result);
    void report(std::string text);

    // Without it, inside the gate.
    void make_calls();

    std::shared_ptr<Connection> owner;
    const std::shared_ptr<Connection::Impl> connection;
    const PublisherOptions options;
    const Events events;
    const std::string inbox;

    Gate gate;  // callbacks; taken before `mutex`
    mutable std::mutex mutex;
    std::condition_variable emptied;
    PublishWindow window;
    std::uint64_t epoch = 0;  // of the connection on which the window is being sent
    std::unordered_map<Number, Done> waiting;
    std::vector<std::pair<Done, Published>> due;
    std::vector<std::string> problems;
    bool problem_reported = false;
    bool room_wanted = false;
    std::size_t undelivered = 0;  // results whose callbacks have not returned
    std::atomic<bool> closed = false;
    PublisherStatistics counts;

    std::optional<Alarm> alarm;
    Registration listener;
    std::unique_ptr<Subscription> answers;
};

bool Publisher::Impl::publish(Message message, Done done) {
    check_subject(message.subject, false, "publish");
    const auto* id = message.headers.find(message_id_header);
    if (id == nullptr || id->empty())
        throw ConfigError("publish to " + message.subject + ": the message has no header " +
                          std::string(message_id_header) + ", so it could be stored twice");
    check_headers(message);
    const auto limit =
        static_cast<std::size_t>(std::max<std::int64_t>(natsConnection_GetMaxPayload(connection->handle.get()), 0));
    if (limit > 0 && payload_size(message) > limit) throw ConfigError(over_limit_text(message, limit));
    const std::lock_guard lock(mutex);
    if (window.full()) {
        room_wanted = true;
        return false;
    }
    waiting.emplace(window.add(std::move(message)), std::move(done));
    pump();
    if (!due.empty()) alarm->set(net::now());  // refused at once: told by the timers' thread
    return true;
}

void Publisher::Impl::on_change(ConnectionChange change) {
    {
        const std::lock_guard lock(mutex);
        if (change == ConnectionChange::connected) {
            // `pump` may have seen the new connection before.
            if (epoch != connection->epoch() || !window.connected()) {
                epoch = connection->epoch();
                window.on_connected();
            }
        } else if (!connection->connected()) {
            window.on_disconnected();
        }
        pump();
    }
    make_calls();
}

void Publisher::Impl::on_answer(const Message& message) {
    if (message.subject.size() <= inbox.size() + 1) return;
    const auto token = std::string_view(message.subject).substr(inbox.size() + 1);
    Number number = 0;
    if (std::from_chars(token.data(), token.data() + token.size(), number).ec != std::errc()) return;
    const auto now = net::now();
    {
        const std::lock_guard lock(mutex);
        const auto* status = message.data.empty() ? message.headers.find("Status") : nullptr;
        const auto answer = status == nullptr ? parse_acknowledgement(message.data) : std::nullopt;
        if (!answer) {
            report("no stream takes the subject (it does not exist, or JetStream is not ready)");
            window.on_failed(number, now);
        } else if (answer->failure) {
            const auto& failure = *answer->failure;
            if (verdict(failure.status, failure.code) == Verdict::transient) {
                report(failure.text);
                window.on_failed(number, now);
            } else if (window.on_refused(number, now)) {
                finish(number,
                       {.error = std::make_exception_ptr(ApiError(
                            "publish: " + failure.text + " (error " + std::to_string(failure.code) + " of the broker)",
                            failure.status, failure.code))});
                ++counts.refused;
            }
        } else if (!options.stream.empty() && answer->stream != options.stream) {
            if (window.on_refused(number, now)) {
                finish(number, {.error = std::make_exception_ptr(ConfigError(
                                    "publish: the stream " + text::peer_text(answer->stream, connection->secrets) +
                                    " has the subject instead of " + options.stream))});
                ++counts.refused;
            }
        } else if (window.on_acknowledged(number, now)) {
            ++counts.acknowledged;
            if (answer->duplicate) ++counts.duplicates;
            problem_reported = false;
            finish(number, {.sequence = answer->sequence, .duplicate = answer->duplicate});
        }
        pump();
    }
    make_calls();
}

void Publisher::Impl::on_time() {
    {
        const std::lock_guard lock(mutex);
        const auto before = window.timeouts();
        window.on_time(net::now());
        if (window.timeouts() != before) report("the stream does not answer; " + std::string(silence_hint));
        pump();
    }
    make_calls();
}

void Publisher::Impl::pump() {
    const auto now = net::now();
    while (const auto* entry = window.next_to_send(now)) {
        // A connection that was lost and made again in the meantime gets everything from the first message on.
        if (const auto current = connection->epoch(); current != epoch) {
            epoch = current;
            window.on_connected();
            continue;
        }
        const auto number = entry->number;
        const auto result = connection->send_checked(entry->message, inbox + "." + std::to_string(number));
        if (result == SendResult::sent) {
            window.on_sent(now);
        } else if (result == SendResult::too_large) {
            const auto limit = natsConnection_GetMaxPayload(connection->handle.get());
            auto text = over_limit_text(entry->message, static_cast<std::size_t>(limit));
            window.on_refused(number, now);
            ++counts.refused;
            finish(number, {.error = std::make_exception_ptr(ConfigError(text))});
        } else {
            window.on_disconnected();
        }
    }
    if (const auto wake = window.next_wake()) alarm->set(*wake);
}

void Publisher::Impl::finish(Number number, Published result) {
    const auto found = waiting.find(number);
    if (found == waiting.end()) return;
    due.emplace_back(std::move(found->second), std::move(result));
    waiting.erase(found);
    ++undelivered;
}

void Publisher::Impl::report(std::string text) {
    if (std::exchange(problem_reported, true)) return;
    problems.push_back(std::move(text));
}

void Publisher::Impl::make_calls() {
    while (true) {
        std::vector<std::pair<Done, Published>> calls;
        std::vector<std::string> texts;
        bool room = false;
        {
            const std::lock_guard lock(mutex);
            calls.swap(due);
            texts.swap(problems);
            room = room_wanted && !window.full();
            if (room) room_wanted = false;
        }
        if (calls.empty() && texts.empty() && !room) return;
        for (const auto& [done, result] : calls) {
            if (closed) return;
            if (done) done(result);
        }
        if (!calls.empty()) {
            const std::lock_guard lock(mutex);
            undelivered -= calls.size();
            if (window.empty() && undelivered == 0) emptied.notify_all();
        }
        for (const auto& text : texts)
            if (events.problem) events.problem(text);
        if (room && events.room) events.room();
    }
}

Publisher::Publisher(std::shared_ptr<Connection> connection, const PublisherOptions& options, Events events) {
    check(options.window);
    impl_ = std::make_shared<Impl>(std::move(connection), options, std::move(events));
    impl_->open();
}

Publisher::~Publisher() {
    impl_->closed = true;
    impl_->gate.close();
    impl_->listener.reset();
    impl_->answers.reset();
    // Here, because the last share of the connection must not end on a thread of the library.
    impl_->owner.reset();
}

bool Publisher::publish(Message message, std::function<void(const Published&)> done) {
    return impl_->publish(std::move(message), std::move(done));
}

bool Publisher::full() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->window.full();
}

PublisherStatistics Publisher::statistics() const {
    const std::lock_guard lock(impl_->mutex);
    auto counts = impl_->counts;
    counts.resent = impl_->window.resent();
    counts.waiting = impl_->waiting.size();
    counts.waiting_bytes = impl_->window.bytes();
    return counts;
}

bool Publisher::drain(std::chrono::milliseconds timeout) {
    std::unique_lock lock(impl_->mutex);
    return impl_->emptied.wait_for(lock, timeout, [&] { return impl_->window.empty() && impl_->undelivered == 0; });
}

}  // namespace intent::relay::broker
