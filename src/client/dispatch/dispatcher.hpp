// The way of a dispatch to its handlers: caches, event table, lanes.
#pragma once

#include "client/async/event_context.hpp"
#include "client/cache/caches.hpp"
#include "client/dispatch/follower.hpp"
#include "client/dispatch/lanes.hpp"
#include "client/dispatch/registry.hpp"
#include "client/metrics/metrics.hpp"
#include "client/values/guarded_log.hpp"
#include "client/values/token_store.hpp"
#include "codec/convert.hpp"
#include "codec/empty.hpp"
#include "codec/fields.hpp"
#include "codec/frame.hpp"

#include <intent/client.hpp>
#include <intent/detail/pending_dispatch.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace intent::client {

using PendingRef = std::shared_ptr<detail::PendingDispatch>;

/// One dispatch: its name and number, and its `d`.
struct Payload {
    detail::Origin origin;
    codec::ByteView data;
};

/// The name of an ErrorEvent in origins. Compared by address, because a spawned task may have the same name.
inline constexpr char error_event_name[] = "error";

/// "MESSAGE_CREATE seq 42"
std::string text_of(const detail::Origin& origin);

/// The text of the exception.
std::string text_of(const std::exception_ptr& error);

/// Turns dispatches into events in the handlers' queues, and reports errors. It needs neither a session nor a socket:
/// any source of dispatches can feed it.
///
/// How to drive it: `begin` before the threads start, `dispatch` for each dispatch, then `Lanes::flush`; `begin_stop`
/// and `end` at a stop. After that, `begin` may be called again.
///
/// Threads: the functions for dispatches on the I/O thread; those of LaneSink on handler threads; the others are safe.
class Dispatcher final : public LaneSink, public std::enable_shared_from_this<Dispatcher> {
public:
    /// `metrics`: null if nothing is collected.
    Dispatcher(const CacheLimits& limits, GuardedLog log, std::shared_ptr<const TokenStore> tokens,
               std::shared_ptr<Metrics> metrics = {});

    Registry& registry() noexcept { return *registry_; }
    /// The registry for scopes, which may outlive the client.
    std::weak_ptr<HandlerList> handlers() const { return registry_; }
    Caches& caches() noexcept { return caches_; }

    struct Run {
        std::shared_ptr<Lanes> lanes;
        ClientRef client;               ///< for the structures in events
        std::function<void()> on_room;  ///< the queue exceeded its limit and has room again; called on any thread
        Follower* follower = nullptr;   ///< may be null
        Tracing tracing = Tracing::off;
    };
    void begin(Run run);
    /// From now on, CancelledErrors are expected and not reported.
    void begin_stop() noexcept { stopping_ = true; }
    void end();

    /// What a dispatch is for.
    enum class Use : std::uint8_t {
        all,
        handlers,  ///< those alone; the caches of what is not a message seem to be off
        caches,    ///< those and the follower, without an event
    };

    /// Decodes a dispatch if anything needs it, updates the caches, and queues its event. Dispatches with unknown names
    /// only become a RawEvent. `context`: null: the default, or a new trace.
    void dispatch(const codec::Frame& frame, PendingRef pending, ContextRef context = {}, Use use = Use::all);
    /// True, without any other effect than to count it, if the dispatch is certain to change nothing now: `dispatch`
    /// may be spared.
    bool ignores(const codec::Frame& frame) noexcept;
    /// The same as `dispatch` in two steps, for a MESSAGE_CREATE that is decoded, or ignored, before it is accepted:
    /// true if the next one can be; the decoding, which returns false without any other effect if `frame.data` is not
    /// exactly one such value; then the rest.
    bool decodes_ahead() const noexcept;
    bool decode_ahead(const codec::Frame& frame);
    void dispatch_ahead(const codec::Frame& frame);
    /// A voice signal (op 12, protocol §13): `data` is its `d`.
    void voice_signal(codec::ByteView data);
    /// A new session: rebuilds the caches, reports removed servers, queues Ready.
    void ready(const raw::Ready& ready);

    /// Queues an event of the session itself.
    template <class E>
    void emit_session_event(const char* name, E&& event, PendingRef pending = {}, ContextRef context = {}) {
        detail::Origin origin{name, 0, std::move(pending)};
        origin.context = std::move(context);
        emit(std::forward<E>(event), origin, 0, 0, false);
    }
    /// Logs an error and queues its ErrorEvent.
    void emit_error(std::exception_ptr error, std::string where);

    // Used by the functions of the event table.
    template <class E>
    bool wanted() const noexcept {
        return use_ != Use::caches && registry_->wanted<E>();
    }
    Caches& caches_in_use() noexcept { return use_ == Use::handlers ? *no_caches_ : caches_; }
    template <class Raw>
    Cache<Raw>& cache() noexcept {
        constexpr bool of_messages = std::is_same_v<Raw, raw::Message> || std::is_same_v<Raw, raw::User>;
        return of_messages ? caches_.of<Raw>() : caches_in_use().of<Raw>();
    }
    /// Null for a dispatch that is for handlers alone.
    Follower* follower() noexcept { return use_ == Use::handlers ? nullptr : run_.follower; }
    const ClientRef& client() const noexcept { return run_.client; }
    bool threaded() const noexcept { return run_.lanes && run_.lanes->threaded(); }
    /// An envelope with an empty MessageCreate, to decode into: a message is large, and each move costs a good part of
    /// the decoding.
    Slot message_slot(const Payload& payload);
    static MessageCreate& message_in(Slot& slot) { return std::get<MessageCreate>(slot.front().event); }
    /// Queues the message in a slot for its handlers, if there are any.
    void emit_message(Slot& slot);
    /// Decodes `d`, wrapped under `key` or flat. Reports failures.
    template <class Raw>
    std::optional<Raw> decode(const Payload& payload, std::string_view key) {
        return checked(payload, codec::from_msgpack_wrapped<Raw>(payload.data, key));
    }
    template <class Raw>
    std::optional<Raw> decode(const Payload& payload) {
        return checked(payload, codec::from_msgpack<Raw>(payload.data));
    }
    /// The same into an existing default value; returns false on failure.
    template <class Raw>
    bool decode_into(Raw& out, const Payload& payload, std::string_view key) {
        codec::Failure failure;
        if (codec::decode_wrapped(payload.data, key, out, failure)) return true;
        undecodable(payload, failure.text());
        return false;
    }
    void undecodable(const Payload& payload, const std::string& why);
    /// Queues the event of a dispatch for its handlers, if there are any. Events with the same `key` stay in order.
    template <class E>
    void emit(E&& event, const Payload& payload, std::uint64_t key) {
        emit(std::forward<E>(event), payload.origin, payload.data.size(), key, true);
    }
    /// Makes the structure of a raw value, if it is set.
    template <class Structure, class Raw>
    std::optional<Structure> structure_of(std::optional<Raw> raw) const {
        if (!raw) return std::nullopt;
        return Structure(*std::move(raw), run_.client);
    }

    /// Reports an error that belongs to no call. Handlers of ErrorEvent run in this call; `where` names what failed.
    void report(std::exception_ptr error, const std::string& where) noexcept;
    /// Only writes to the log.
    void log_error(const std::exception_ptr& error, const std::string& where) const noexcept;

    // LaneSink
    void handle(Envelope& envelope) noexcept override;
    void handle_dropped(std::exception_ptr error, const detail::Origin& origin) noexcept override;
    void on_room() noexcept override;
    bool stopping() const noexcept override { return stopping_; }

private:
    template <class E>
    void emit(E&& event, const detail::Origin& origin, std::size_t bytes, std::uint64_t key, bool from_wire) {
        static_assert(!std::is_reference_v<E>, "events are moved into the queue");
        if (!run_.lanes || !wanted<E>()) return;
        auto& lanes = *run_.lanes;
        bytes += sizeof(Envelope);
        detail::Origin named = named_origin(origin, key, bytes);
        if (!lanes.threaded()) return handle_here(detail::AllEvents::index_of<E>(), &event, named);
        Slot slot;
        lanes.fill(slot);
        Envelope& envelope = slot.front();
        envelope.event.template emplace<E>(std::move(event));
        envelope.origin = std::move(named);
        envelope.bytes = bytes;
        envelope.from_wire = from_wire;
        lanes.push(slot, key);
    }
    /// The origin that handlers see.
    detail::Origin named_origin(const detail::Origin& origin, std::uint64_t key, std::size_t bytes) const {
        detail::Origin named = origin;
        named.key = key;
        named.bytes = bytes;
        if (!named.context) named.context = new_context();
        return named;
    }
    bool decode_message(const codec::Frame& frame);
    void dispatch_message(const codec::Frame& frame);
    /// Makes an empty slot hold an empty message.
    void fill_slot(Slot& slot) const;
    /// The context of a new event; null if events start no traces.
    ContextRef new_context() const {
        return run_.tracing == Tracing::off ? nullptr : context_of(new_trace(run_.tracing == Tracing::sampled));
    }
    template <class Raw>
    std::optional<Raw> checked(const Payload& payload, codec::Result<Raw> result) {
        if (result) return *std::move(result);
        undecodable(payload, result.failure().text());
        return std::nullopt;
    }
    void handle_here(std::size_t event, const void* value, const detail::Origin& origin) noexcept;
    void call_handlers(std::size_t event, const void* value, const detail::Origin& origin) noexcept;
    bool is_expected(const std::exception_ptr& error, const detail::Origin& origin) const noexcept;
    std::shared_ptr<Lanes> lanes() const;

    const GuardedLog log_;
    const std::shared_ptr<const TokenStore> tokens_;
    const std::shared_ptr<Metrics> metrics_;
    const std::shared_ptr<Registry> registry_ = std::make_shared<Registry>();
    Caches caches_;
    std::unique_ptr<Caches> no_caches_;  // set with the first dispatch for handlers alone
    Use use_ = Use::all;                 // of the dispatch under way
    Run run_;                            // changes only while no thread of the client runs, like the next
    detail::Place home_;                 // of handlers on the I/O thread
    Slot message_slot_;                  // for the next message, or decoded ahead
    bool message_in_use_ = false;        // by handlers, which may cause another message
    bool ignored_ahead_ = false;         // the message that `decode_ahead` has seen
    mutable std::mutex mutex_;
    std::shared_ptr<Lanes> lanes_;  // this and the next, guarded by mutex_: of run_, for threads that may outlive it
    std::function<void()> on_room_;
    std::atomic<bool> stopping_ = false;
};

}  // namespace intent::client
