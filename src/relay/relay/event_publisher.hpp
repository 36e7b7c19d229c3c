// From the gateway to the stream: each dispatch becomes a message.
#pragma once

#include "codec/result.hpp"
#include "relay/broker/publisher.hpp"
#include "relay/relay/counters.hpp"
#include "relay/relay/last_messages.hpp"
#include "relay/relay/relay_log.hpp"
#include "relay/relay/token_filter.hpp"
#include "relay/wire/event_headers.hpp"
#include "relay/wire/gap_payload.hpp"
#include "relay/wire/subjects.hpp"

#include <intent/detail/pending_dispatch.hpp>
#include <intent/timestamp.hpp>
#include <intent/trace.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace intent::relay {

/// An event to publish.
struct OutgoingEvent {
    std::string_view type;
    std::string_view session = {};  ///< empty: the server sent none
    std::uint64_t seq = 0;          ///< 0: none
    codec::ByteView payload = {};
    DeliverySource source = DeliverySource::live;
    Trace trace = {};
    Timestamp received{};
    /// Not handled until the stream has the event; abandoned if this object ends first. May be null.
    std::shared_ptr<detail::PendingDispatch> pending = {};
    std::shared_ptr<const void> held = {};  ///< kept as long
};

/// Publishes the events of one lead, in order. Events that the broker's window does not take wait here; what bounds
/// them is `OutgoingEvent::held`.
///
/// An event that the stream can never store, because it exceeds a limit, is replaced by a Gap that names it.
///
/// Threads: safe.
class EventPublisher : public std::enable_shared_from_this<EventPublisher> {
public:
    struct Parts {
        std::shared_ptr<broker::Connection> connection;
        Names names;
        std::string label;  ///< unique for this lead: part of the ids of events that have none of their own
        std::shared_ptr<const TokenFilter> tokens;
        std::shared_ptr<Counters> counters;
        std::shared_ptr<LastMessages> last_messages;
        std::function<Timestamp()> now;
        RelayLog log;
        std::size_t window_bytes = 64u << 20;
    };
    static std::shared_ptr<EventPublisher> make(Parts parts);
    ~EventPublisher();

    /// The server's session id may be empty or come again: events without an id of their own get another label.
    void on_new_session();
    void publish(const OutgoingEvent& event);
    void publish_gap(const GapPayload& gap, std::shared_ptr<detail::PendingDispatch> pending);

    struct Statistics {
        std::size_t waiting = 0;
        std::size_t waiting_bytes = 0;
        std::uint64_t resent = 0;
        std::string problem;  ///< the last temporary error since the last success
    };
    Statistics statistics() const;

    /// Waits until the stream has everything. False after `timeout`.
    bool drain(std::chrono::milliseconds timeout);

private:
    struct Ticket;
    struct Waiting {
        broker::Message message;
        std::shared_ptr<Ticket> ticket;
    };

    explicit EventPublisher(Parts parts) : parts_(std::move(parts)) {}
    std::string fallback_id();
    void send(broker::Message message, std::shared_ptr<Ticket> ticket);
    bool offer(Waiting& waiting);
    void on_room();
    void on_published(const Ticket& ticket, const broker::Published& published);
    void on_refused(const Ticket& ticket, std::string why);

    Parts parts_;
    mutable std::mutex mutex_;
    std::deque<Waiting> waiting_;
    bool offering_ = false;
    std::size_t waiting_bytes_ = 0;
    std::uint64_t sessions_ = 0;
    std::uint64_t unnumbered_ = 0;
    std::string problem_;
    std::unique_ptr<broker::Publisher> publisher_;
};

}  // namespace intent::relay
