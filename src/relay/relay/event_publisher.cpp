#include "relay/relay/event_publisher.hpp"

#include "relay/broker/error_text.hpp"
#include "relay/wire/event_ids.hpp"

#include <intent/errors.hpp>

namespace intent::relay {

namespace {

/// The maximum size of an event: its dead letter must fit too. 0: unknown.
std::size_t event_limit(const broker::Connection& connection) {
    const auto limit = connection.max_payload();
    return limit > 2 * dead_letter_overhead ? limit - dead_letter_overhead : limit;
}

std::string data_of(codec::ByteView bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

}  // namespace

/// What an event holds until the stream has it.
struct EventPublisher::Ticket {
    std::string type;
    std::uint64_t seq = 0;  ///< 0: none
    Timestamp received{};
    bool is_gap = false;
    bool is_backfill = false;
    std::shared_ptr<detail::PendingDispatch> pending = {};
    std::shared_ptr<const void> held = {};
    std::size_t bytes = 0;
    mutable bool done = false;

    Ticket() = default;
    /// For reports: "MESSAGE_CREATE seq 42".
    std::string name() const { return type + (seq > 0 ? " seq " + std::to_string(seq) : ""); }
    Ticket(const Ticket&) = delete;
    Ticket& operator=(const Ticket&) = delete;
    ~Ticket() {
        if (pending && !done) pending->abandon();
    }
};

std::shared_ptr<EventPublisher> EventPublisher::make(Parts parts) {
    std::shared_ptr<EventPublisher> made(new EventPublisher(std::move(parts)));
    broker::PublisherOptions options;
    options.window.max_messages = 65'536;
    options.window.max_bytes = made->parts_.window_bytes;
    options.stream = made->parts_.names.stream();
    broker::Publisher::Events events;
    events.room = [weak = std::weak_ptr(made)] {
        if (const auto self = weak.lock()) self->on_room();
    };
    events.problem = [weak = std::weak_ptr(made)](const std::string& text) {
        const auto self = weak.lock();
        if (!self) return;
        self->parts_.log(LogLevel::warn, "the stream does not take events at present: " + text);
        const std::lock_guard lock(self->mutex_);
        self->problem_ = text;
    };
    made->publisher_ = std::make_unique<broker::Publisher>(made->parts_.connection, options, std::move(events));
    return made;
}

EventPublisher::~EventPublisher() = default;

void EventPublisher::on_new_session() {
    const std::lock_guard lock(mutex_);
    ++sessions_;
}

std::string EventPublisher::fallback_id() {
    const std::lock_guard lock(mutex_);
    return parts_.label + "." + std::to_string(sessions_) + ":" + std::to_string(++unnumbered_);
}

void EventPublisher::publish(const OutgoingEvent& event) {
    const auto ids = event_ids(event.type, event.payload);
    auto id = deduplication_id(event.type, ids, event.session, event.seq);
    if (id.empty()) id = fallback_id();

    EventHeaders headers;
    headers.type = event.type;
    headers.session = event.session;
    headers.seq = event.seq;
    headers.received = event.received;
    headers.source = event.source;
    headers.traceparent = event.trace.traceparent();

    broker::Message message;
    message.subject = parts_.names.event(event_subject(event.type, ids));
    message.headers = broker::Headers(write_event_headers(headers));
    message.headers.add(broker::message_id_header, std::move(id));
    message.data = data_of(event.payload);
    parts_.tokens->apply(message.data);

    auto ticket = std::make_shared<Ticket>();
    ticket->type = event.type;
    ticket->seq = event.seq;
    ticket->received = event.received;
    ticket->is_backfill = event.source == DeliverySource::backfill;
    ticket->pending = event.pending;
    ticket->held = event.held;

    auto& counters = *parts_.counters;
    switch (event.source) {
        case DeliverySource::live:
            ++counters.live;
            break;
        case DeliverySource::replay:
            ++counters.replayed;
            break;
        case DeliverySource::backfill:
            ++counters.backfilled;
            break;
    }
    if (!ticket->is_backfill && event.seq > 0) counters.set_position(event.session, event.seq);
    if (event.type == "MESSAGE_CREATE") parts_.last_messages->on_message(ids.channel, ids.message);
    send(std::move(message), std::move(ticket));
}

void EventPublisher::publish_gap(const GapPayload& gap, std::shared_ptr<detail::PendingDispatch> pending) {
    EventHeaders headers;
    headers.is_gap = true;
    headers.received = parts_.now();
    broker::Message message;
    message.subject = parts_.names.event({partition_of({}, {}), std::string(gap_type)});
    message.headers = broker::Headers(write_event_headers(headers));
    message.headers.add(broker::message_id_header, fallback_id());
    message.data = data_of(write_gap(gap));
    parts_.tokens->apply(message.data);
    auto ticket = std::make_shared<Ticket>();
    ticket->type = "Gap";
    ticket->is_gap = true;
    ticket->pending = std::move(pending);
    ++parts_.counters->gaps;
    send(std::move(message), std::move(ticket));
}

void EventPublisher::send(broker::Message message, std::shared_ptr<Ticket> ticket) {
    ticket->bytes = broker::payload_size(message);
    {
        const std::lock_guard lock(mutex_);
        waiting_bytes_ += ticket->bytes;
        waiting_.push_back({std::move(message), std::move(ticket)});
        if (waiting_.size() > 1 || offering_) return;  // behind others, which wait for room
    }
    on_room();
}

/// Gives waiting events to the window until it is full. Only one thread does this at a time, without the lock, because
/// a refused event leads to another one.
void EventPublisher::on_room() {
    std::unique_lock lock(mutex_);
    if (std::exchange(offering_, true)) return;
    while (!waiting_.empty()) {
        Waiting next = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        const bool taken = offer(next);
        lock.lock();
        if (taken) {
            continue;
        }
        waiting_.push_front(std::move(next));
        if (publisher_->full()) break;  // otherwise room came meanwhile, and nobody else will be told
    }
    offering_ = false;
}

bool EventPublisher::offer(Waiting& waiting) {
    const auto done = [weak = weak_from_this(), ticket = waiting.ticket](const broker::Published& published) {
        ticket->done = true;
        if (const auto self = weak.lock()) self->on_published(*ticket, published);
    };
    if (const auto limit = event_limit(*parts_.connection); limit > 0 && waiting.ticket->bytes > limit) {
        on_refused(*waiting.ticket, std::to_string(waiting.ticket->bytes) +
                                        " bytes of body and headers are over the limit of " + std::to_string(limit) +
                                        " (max_payload in the broker's configuration, without the headers that a dead "
                                        "letter needs)");
        waiting.ticket->done = true;
        return true;
    }
    try {
        // Only this function publishes, so the window that is not full takes the message. A full one is asked
        // nevertheless: otherwise it would not report room.
        if (publisher_->full()) return publisher_->publish(waiting.message, done);
        if (!publisher_->publish(std::move(waiting.message), done))
            on_refused(*waiting.ticket, "the window for events is smaller than one event");
    } catch (const Error& error) {
        on_refused(*waiting.ticket, error.what());
        waiting.ticket->done = true;
    }
    return true;
}

void EventPublisher::on_published(const Ticket& ticket, const broker::Published& published) {
    if (published.error) return on_refused(ticket, error_text(published.error));
    ++(published.duplicate ? parts_.counters->duplicates : parts_.counters->stored);
    const std::lock_guard lock(mutex_);
    waiting_bytes_ -= ticket.bytes;
    if (!problem_.empty()) problem_.clear();
}

void EventPublisher::on_refused(const Ticket& ticket, std::string why) {
    ++parts_.counters->refused;
    {
        const std::lock_guard lock(mutex_);
        waiting_bytes_ -= ticket.bytes;
    }
    parts_.log(LogLevel::error, ticket.name() + " is lost, because the stream refuses it: " + why);
    if (ticket.is_gap) return;
    GapPayload gap;
    gap.from = gap.to = ticket.received;
    gap.reason = "the broker refused " + ticket.name() + ": " + why;
    // The position must not pass the event before the stream has its gap.
    publish_gap(gap, ticket.pending);
}

EventPublisher::Statistics EventPublisher::statistics() const {
    const auto window = publisher_->statistics();
    const std::lock_guard lock(mutex_);
    return {window.waiting + waiting_.size(), waiting_bytes_, window.resent, problem_};
}

bool EventPublisher::drain(std::chrono::milliseconds timeout) { return publisher_->drain(timeout); }

}  // namespace intent::relay
