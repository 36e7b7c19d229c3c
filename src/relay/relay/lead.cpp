#include "relay/relay/lead.hpp"

#include "codec/convert.hpp"

#include <intent/detail/remote.hpp>
#include <intent/errors.hpp>
#include <intent/raw/gateway.hpp>

#include <chrono>
#include <utility>

namespace intent::relay {

namespace {

using namespace std::chrono_literals;

constexpr auto ready_retry_delay = 1s;
/// Bytes of an event in addition to its payload while it waits for the broker.
constexpr std::size_t event_overhead = 1'024;

std::function<Timestamp()> clock_of(const std::shared_ptr<net::Loop>& loop) {
    return [loop] { return std::chrono::time_point_cast<Timestamp::duration>(loop->system_now()); };
}

}  // namespace

Lead::Lead(const RelayParts& parts, Client& client, std::uint64_t term, std::function<bool()> leads)
    : parts_(parts), client_(client) {
    publisher_ = EventPublisher::make({
        .connection = parts.connection,
        .names = parts.names,
        .label = parts.holder + "." + std::to_string(term),
        .tokens = parts.tokens,
        .counters = parts.counters,
        .last_messages = parts.last_messages,
        .now = clock_of(parts.loop),
        .log = parts.log,
        .window_bytes = parts.options.client.queue_bytes,
    });
    if (parts.options.backfill.enabled) {
        backfill_ = std::make_unique<Backfill>(Backfill::Parts{
            .client = &client,
            .publisher = publisher_,
            .bucket = *parts.bucket,
            .limits = parts.options.backfill,
            .counters = parts.counters,
            .now = clock_of(parts.loop),
            .log = parts.log,
        });
    }
    RestTable::Options table;
    table.relay = parts.holder;
    table.kept = parts.options.answers_kept;
    table.max_under_way = parts.options.max_requests;
    service_ = std::make_shared<RestService>(RestService::Parts{
        .client = &client,
        .connection = parts.connection,
        .answers = *parts.answers,
        .names = parts.names,
        .table = table,
        .term = term,
        .leads = std::move(leads),
        .loop = parts.loop.get(),
        .tokens = parts.tokens,
        .counters = parts.counters,
        .log = parts.log,
    });
    announcer_ = std::thread([this] { announce_ready(); });
}

Lead::~Lead() { end(0ms); }

void Lead::serve() {
    service_->begin();
    if (backfill_) backfill_->resume();
}

void Lead::settle(std::chrono::milliseconds timeout) {
    if (!service_->settle(timeout))
        parts_.log(LogLevel::warn, "REST requests are still under way; what they do remains unknown");
}

void Lead::end(std::chrono::milliseconds timeout) {
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(ended_, true)) return;
        changed_.notify_all();
    }
    announcer_.join();
    service_->end();
    if (backfill_) backfill_->stop();
    if (timeout > 0ms && !publisher_->drain(timeout))
        parts_.log(LogLevel::warn, "the broker has not acknowledged all events; the next leader gets them again");
}

void Lead::on_event(const RawEvent& event) {
    // Ready has an event of its own, which newer and older servers cause alike; the session is the relay's matter.
    if (event.name == "READY" || event.name == "RESUMED") return;
    const auto session = detail::session_of(client_);
    OutgoingEvent outgoing;
    outgoing.type = event.name;
    outgoing.session = session;
    outgoing.seq = event.seq;
    outgoing.payload = event.payload;
    const bool replayed = client_.state() == ConnectionState::resuming;
    outgoing.source = replayed ? DeliverySource::replay : DeliverySource::live;
    outgoing.trace = current_trace();
    outgoing.received = clock_of(parts_.loop)();
    outgoing.pending = detail::hold_dispatch();
    outgoing.held = detail::hold_bytes(event.payload.size() + event_overhead);
    publisher_->publish(outgoing);
}

void Lead::on_ready(const Ready& ready) {
    publisher_->on_new_session();
    raw::Ready data;
    data.user = ready.user;
    data.servers.assign(ready.servers.begin(), ready.servers.end());
    data.session_id = ready.session_id;
    const std::lock_guard lock(mutex_);
    ready_ = codec::to_msgpack(data);
    ready_session_ = ready.session_id.value_or("");
    changed_.notify_all();
}

/// Writes Ready into the bucket, from which workers fill their caches, and then publishes it as an event.
void Lead::announce_ready() {
    bool reported = false;
    for (;;) {
        codec::Bytes ready;
        std::string session;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [&] { return ended_ || ready_; });
            if (ended_) return;
            ready = *std::exchange(ready_, std::nullopt);
            session = ready_session_;
        }
        try {
            std::string value(ready.begin(), ready.end());
            parts_.tokens->apply(value);
            parts_.bucket->put(ready_key, std::move(value));
        } catch (const ConfigError& error) {
            parts_.log(LogLevel::error, std::string("workers do not get the servers of the bot: ") + error.what());
            continue;
        } catch (const Error& error) {
            if (!std::exchange(reported, true))
                parts_.log(LogLevel::warn, std::string("workers do not get the servers yet: ") + error.what());
            std::unique_lock lock(mutex_);
            if (changed_.wait_for(lock, ready_retry_delay, [&] { return ended_; })) return;
            if (!ready_) ready_ = std::move(ready);
            continue;
        }
        reported = false;
        OutgoingEvent event;
        event.type = "READY";
        event.session = session;
        event.payload = ready;
        event.received = clock_of(parts_.loop)();
        publisher_->publish(event);
    }
}

void Lead::on_gap(const Gap& gap) {
    const auto pending = detail::hold_dispatch();
    publisher_->publish_gap({.from = gap.from, .to = gap.to, .reason = gap.reason}, pending);
    if (backfill_) backfill_->add({.from = gap.from, .known = parts_.last_messages->all(), .pending = {pending}});
}

void Lead::on_sequence_gap(const SequenceGap& gap) {
    const auto now = clock_of(parts_.loop)();
    publisher_->publish_gap(
        {.from = now,
         .to = now,
         .reason = "sequence number " + std::to_string(gap.received) + " follows " + std::to_string(gap.last)},
        detail::hold_dispatch());
}

}  // namespace intent::relay
