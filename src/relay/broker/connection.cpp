#include "relay/broker/connection.hpp"

#include "relay/broker/impl/connection_impl.hpp"
#include "relay/broker/impl/status.hpp"
#include "text/peer_text.hpp"

#include <array>
#include <future>
#include <utility>

namespace intent::relay::broker {
namespace {

struct SubscriptionRegistration {
    SubscriptionRegistration(std::shared_ptr<Connection::Impl> with, std::unique_ptr<Subscription> made)
        : connection(std::move(with)), subscription(std::move(made)) {}

    std::shared_ptr<Connection::Impl> connection;
    std::unique_ptr<Subscription> subscription;
};

struct ListenerRegistration {
    explicit ListenerRegistration(std::shared_ptr<Connection::Impl::Listener> added) : listener(std::move(added)) {}
    ~ListenerRegistration() { listener->gate.close(); }
    ListenerRegistration(const ListenerRegistration&) = delete;
    ListenerRegistration& operator=(const ListenerRegistration&) = delete;

    std::shared_ptr<Connection::Impl::Listener> listener;
};

template <std::size_t size, class Get>
std::string text_of(natsConnection* connection, Get get) {
    std::array<char, size> buffer{};
    if (connection == nullptr || get(connection, buffer.data(), buffer.size()) != NATS_OK) return {};
    return buffer.data();
}

}  // namespace

Connection::Connection(const ConnectionOptions& options, ConnectionEvents events) {
    check(options);
    impl_ = std::make_shared<Impl>(options, std::move(events));
    impl_->open();
}

Connection::~Connection() { close(); }

const ConnectionOptions& Connection::options() const noexcept { return impl_->options; }

bool Connection::connected() const noexcept { return impl_->connected(); }

bool Connection::wait_connected(std::chrono::milliseconds timeout) const {
    std::unique_lock lock(impl_->mutex);
    return impl_->changed.wait_for(lock, timeout, [&] { return impl_->closed || impl_->connected(); }) &&
           !impl_->closed;
}

std::string Connection::last_problem() const {
    if (connected()) return {};
    const std::lock_guard lock(impl_->mutex);
    return impl_->problem;
}

std::uint64_t Connection::epoch() const noexcept { return impl_->epoch(); }

std::size_t Connection::max_payload() const noexcept {
    const std::int64_t limit = natsConnection_GetMaxPayload(impl_->handle.get());
    return limit > 0 ? static_cast<std::size_t>(limit) : 0;
}

std::string Connection::server() const {
    if (!connected()) return {};
    auto url = text_of<512>(impl_->handle.get(), natsConnection_GetConnectedUrl);
    if (const auto at = url.rfind('@'); at != std::string::npos) url = url.substr(at + 1);
    return text::peer_text(url, impl_->secrets);
}

std::string Connection::server_id() const {
    if (!connected()) return {};
    return text::peer_text(text_of<128>(impl_->handle.get(), natsConnection_GetConnectedServerId), impl_->secrets);
}

ConnectionStatistics Connection::statistics() const {
    ConnectionStatistics result;
    const std::lock_guard lock(impl_->statistics_mutex_);
    auto* counts = impl_->statistics_.get();
    if (natsConnection_GetStats(impl_->handle.get(), counts) == NATS_OK)
        natsStatistics_GetCounts(counts, &result.received_messages, &result.received_bytes, &result.sent_messages,
                                 &result.sent_bytes, &result.reconnects);
    return result;
}

void Connection::publish(const Message& message) {
    switch (impl_->send(message, message.reply)) {
        case SendResult::sent:
            return;
        case SendResult::not_connected:
            throw NotSent("publish to " + message.subject + ": not connected to the broker");
        case SendResult::failed:
            throw NetworkError("publish to " + message.subject + ": the connection to the broker broke");
        case SendResult::too_large:
            throw ConfigError(over_limit_text(message, max_payload()));
    }
}

bool Connection::try_publish(const Message& message) {
    const auto result = impl_->send(message, message.reply);
    if (result == SendResult::too_large) throw ConfigError(over_limit_text(message, max_payload()));
    return result == SendResult::sent;
}

void Connection::flush(std::chrono::milliseconds timeout) {
    const auto status = natsConnection_FlushTimeout(impl_->handle.get(), std::max<std::int64_t>(timeout.count(), 1));
    if (status == NATS_TIMEOUT)
        throw TimeoutError("the broker did not answer within " + std::to_string(timeout.count()) + " ms");
    if (status != NATS_OK) throw_error(status, "flush", impl_->secrets);
}

void Connection::request(Message message, std::chrono::milliseconds timeout, std::function<void(Answer)> done) {
    impl_->request(std::move(message), timeout, std::move(done));
}

Message Connection::request(Message message, std::chrono::milliseconds timeout) {
    auto promise = std::make_shared<std::promise<Answer>>();
    auto future = promise->get_future();
    request(std::move(message), timeout, [promise](Answer answer) { promise->set_value(std::move(answer)); });
    return future.get().value();
}

Registration Connection::subscribe(const std::string& subject, const std::string& queue_group,
                                   std::function<void(Message)> received, std::size_t max_waiting) {
    check_subject(subject, true, "subscribe");
    auto subscription = impl_->subscribe(subject, queue_group, std::move(received), max_waiting);
    return registration(std::make_shared<SubscriptionRegistration>(impl_, std::move(subscription)));
}

std::string Connection::new_inbox() const { return impl_->new_inbox(); }

Registration Connection::listen(std::function<void(ConnectionChange)> changed) {
    return registration(std::make_shared<ListenerRegistration>(impl_->listen(std::move(changed))));
}

bool Connection::drain(std::chrono::milliseconds timeout) {
    if (!connected()) {
        close();
        return false;
    }
    const auto status = natsConnection_DrainTimeout(impl_->handle.get(), std::max<std::int64_t>(timeout.count(), 1));
    bool drained = false;
    if (status == NATS_OK) {
        std::unique_lock lock(impl_->mutex);
        drained = impl_->changed.wait_for(lock, timeout, [&] { return impl_->closed; });
    }
    close();
    return drained;
}

void Connection::close() noexcept { impl_->close(); }

net::Loop& Connection::timers() noexcept { return impl_->loop; }

}  // namespace intent::relay::broker
