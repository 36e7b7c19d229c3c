// The inside of a connection, for the other parts of this folder. Only sources of this folder include this.
#pragma once

#include "net/loop.hpp"
#include "relay/broker/connection.hpp"
#include "relay/broker/impl/alarm.hpp"
#include "relay/broker/impl/gate.hpp"
#include "relay/broker/impl/nats_handles.hpp"
#include "relay/broker/impl/requests.hpp"
#include "relay/broker/impl/subscription.hpp"
#include "text/random.hpp"
#include "text/redactor.hpp"

#include <condition_variable>
#include <list>
#include <mutex>
#include <optional>

namespace intent::relay::broker {

/// What has become of a message that was to be sent.
enum class SendResult {
    sent,           ///< it is on its way
    not_connected,  ///< nothing was sent
    failed,         ///< the connection broke: it may have been sent
    too_large,      ///< over the broker's payload limit: nothing was sent
};

/// Errors: ConfigError for an invalid name or value.
void check_headers(const Message& message);

/// It may outlive its Connection, then without a connection.
struct Connection::Impl : std::enable_shared_from_this<Impl> {
    Impl(const ConnectionOptions& chosen_options, ConnectionEvents chosen_events);

    void open();
    void close() noexcept;

    /// Errors: ConfigError for an invalid subject or header.
    SendResult send(const Message& message, const std::string& reply);
    /// The same for a message that was checked before.
    SendResult send_checked(const Message& message, const std::string& reply);
    /// A message without headers to a subject that the broker has sent.
    SendResult answer(const std::string& subject, std::string_view data);
    std::uint64_t epoch() const noexcept;
    bool connected() const noexcept;
    void request(Message message, std::chrono::milliseconds timeout, std::function<void(Answer)> done);
    /// Errors: NetworkError if the connection is closed.
    std::unique_ptr<Subscription> subscribe(const std::string& subject, const std::string& queue_group,
                                            Subscription::Received received, std::size_t max_waiting);
    std::string new_inbox() const;

    struct Listener {
        Gate gate;
        std::function<void(ConnectionChange)> changed;
    };
    std::shared_ptr<Listener> listen(std::function<void(ConnectionChange)> changed);

    const ConnectionOptions options;
    ConnectionEvents events;
    text::Redactor secrets;
    net::Loop loop;
    ConnectionHandle handle;  // set by `open` only

    mutable std::mutex mutex;
    mutable std::condition_variable changed;
    bool closed = false;  // for good
    bool closed_reported = false;
    std::string problem;
    std::list<std::weak_ptr<Listener>> listeners;

    RequestTable requests;
    std::string request_inbox;
    std::once_flag request_inbox_made;
    std::unique_ptr<Subscription> request_answers;
    std::optional<Alarm> request_deadline;

private:
    OptionsHandle make_options();
    void set_login(natsOptions& made) const;
    void set_tls(natsOptions& made) const;
    void require(natsStatus status, std::string_view field) const;
    void on_change(ConnectionChange change, const std::string& reason);
    void deliver(ConnectionChange change, const std::string& reason);
    void on_error(natsStatus status, const std::string& detail);
    void report(std::string text);
    void on_answer(Message message);
    void on_deadline();
    void make_request_inbox();

    std::shared_ptr<Impl> self_;  // from `open` until the library has made its last call
    bool connected_at_once_ = false;
    mutable std::mutex statistics_mutex_;
    StatisticsHandle statistics_;
    mutable std::mutex random_mutex_;
    mutable text::Random random_;

    friend class Connection;
};

/// The handle of a Registration.
template <class T>
Registration registration(std::shared_ptr<T> owned) {
    return Registration(std::shared_ptr<void>(std::move(owned)));
}

}  // namespace intent::relay::broker
