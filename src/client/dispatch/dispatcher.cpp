#include "client/dispatch/dispatcher.hpp"

#include "client/async/scope_state.hpp"
#include "client/async/thread_context.hpp"
#include "client/async/wait_state.hpp"
#include "client/dispatch/event_table.hpp"
#include "codec/reader.hpp"

#include <intent/errors.hpp>

#include <variant>

namespace intent::client {

using detail::AllEvents;
using detail::Origin;

std::string text_of(const std::exception_ptr& error) {
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& exception) {
        return exception.what();
    } catch (...) {
        return "an exception that is not a std::exception";
    }
}

std::string text_of(const Origin& origin) {
    std::string text = *origin.name ? origin.name : "a task";
    if (origin.seq > 0) text += " seq " + std::to_string(origin.seq);
    return text;
}

Dispatcher::Dispatcher(const CacheLimits& limits, GuardedLog log, std::shared_ptr<const TokenStore> tokens,
                       std::shared_ptr<Metrics> metrics)
    : log_(std::move(log)), tokens_(std::move(tokens)), metrics_(std::move(metrics)), caches_(limits) {}

void Dispatcher::begin(Run run) {
    run_ = std::move(run);
    if (run_.lanes) home_ = run_.lanes->home();
    message_slot_.clear();  // it refers to the client of the run before
    stopping_ = false;
    const std::lock_guard lock(mutex_);
    lanes_ = run_.lanes;
    on_room_ = run_.on_room;
}

void Dispatcher::end() {
    run_ = {};
    home_ = {};
    message_slot_.clear();
    const std::lock_guard lock(mutex_);
    lanes_ = nullptr;
    on_room_ = nullptr;
}

std::shared_ptr<Lanes> Dispatcher::lanes() const {
    const std::lock_guard lock(mutex_);
    return lanes_;
}

namespace {

/// Sets what the dispatch under way is for.
class UseGuard {
public:
    UseGuard(Dispatcher::Use& place, Dispatcher::Use use) noexcept : place_(place) { place_ = use; }
    ~UseGuard() { place_ = Dispatcher::Use::all; }
    UseGuard(const UseGuard&) = delete;
    UseGuard& operator=(const UseGuard&) = delete;

private:
    Dispatcher::Use& place_;
};

}  // namespace

void Dispatcher::dispatch(const codec::Frame& frame, PendingRef pending, ContextRef context, Use use) {
    const std::string_view name = frame.type.value_or("");
    const std::uint64_t seq = frame.seq.value_or(0);
    if (use == Use::handlers && !no_caches_) no_caches_ = std::make_unique<Caches>(CacheLimits::none());
    const UseGuard guard(use_, use);
    if (!context) context = new_context();  // of all events of the dispatch
    if (wanted<RawEvent>()) {
        RawEvent raw{std::string(name), seq, {frame.data.begin(), frame.data.end()}};
        Payload payload{Origin{"RawEvent", seq, pending}, frame.data};
        payload.origin.context = context;
        emit(std::move(raw), payload, 0);
    }
    const auto* const entry = find_event(name);
    if (metrics_) metrics_->received[entry ? index_of(*entry) : metrics_->names.size()].add();
    if (entry == nullptr || entry->handle == nullptr || (entry->ignored != nullptr && entry->ignored(*this))) return;
    Payload payload{Origin{entry->name, seq, std::move(pending)}, frame.data};
    payload.origin.context = std::move(context);
    entry->handle(*this, payload);
}

bool Dispatcher::ignores(const codec::Frame& frame) noexcept {
    const auto* const entry = find_event(frame.type.value_or(""));
    if (entry == nullptr || entry->ignored == nullptr || wanted<RawEvent>() || !entry->ignored(*this)) return false;
    if (metrics_) metrics_->received[index_of(*entry)].add();
    return true;
}

namespace {

/// Converts to an event in its final place, without a move.
struct EmptyMessage {
    const ClientRef& client;
    operator MessageCreate() const { return {Message(client)}; }
};

}  // namespace

bool Dispatcher::decodes_ahead() const noexcept {
    const bool handled_or_ignored = registry_->wanted<MessageCreate>() || caches_.of<raw::Message>().off();
    return run_.lanes && handled_or_ignored && !registry_->wanted<RawEvent>() && !message_in_use_;
}

bool Dispatcher::decode_ahead(const codec::Frame& frame) {
    ignored_ahead_ = !registry_->wanted<MessageCreate>() && caches_.of<raw::Message>().off();
    if (!ignored_ahead_) return decode_message(frame);
    const std::size_t size = codec::Reader::usual_size(frame.data);
    return size != 0 && size == frame.data.size();
}

bool Dispatcher::decode_message(const codec::Frame& frame) {
    if (message_slot_.empty()) fill_slot(message_slot_);
    auto& message = static_cast<raw::Message&>(message_in(message_slot_).message);
    codec::Failure failure;  // if it is malformed, or no message, the usual way reports that
    if (codec::decode_wrapped(frame.data, "message", message, failure, 1)) return true;
    message_slot_.clear();
    return false;
}

void Dispatcher::dispatch_ahead(const codec::Frame& frame) {
    if (metrics_) metrics_->received[message_create_index].add();
    if (!ignored_ahead_) dispatch_message(frame);
}

void Dispatcher::dispatch_message(const codec::Frame& frame) {
    Envelope& envelope = message_slot_.front();
    envelope.origin.name = "MESSAGE_CREATE";
    envelope.origin.seq = *frame.seq;
    envelope.origin.context = new_context();
    envelope.bytes = frame.data.size();
    message_in_use_ = true;
    on_message_created(*this, message_slot_);
    message_in_use_ = false;
}

Slot Dispatcher::message_slot(const Payload& payload) {
    Slot slot;
    if (!message_in_use_) slot.swap(message_slot_);
    if (slot.empty()) fill_slot(slot);
    Envelope& envelope = slot.front();
    envelope.origin = payload.origin;
    envelope.bytes = payload.data.size();
    return slot;
}

void Dispatcher::fill_slot(Slot& slot) const {
    if (run_.lanes)
        run_.lanes->fill(slot);
    else
        slot.emplace_back();
    AnyEvent& event = slot.front().event;
    if (!std::holds_alternative<MessageCreate>(event)) event.emplace<MessageCreate>(EmptyMessage{run_.client});
}

void Dispatcher::emit_message(Slot& slot) {
    Envelope& envelope = slot.front();
    const MessageCreate& event = message_in(slot);
    if (run_.lanes && wanted<MessageCreate>()) {
        envelope.bytes += sizeof(Envelope);
        envelope.from_wire = true;
        envelope.origin.bytes = envelope.bytes;
        envelope.origin.key = event.message.channel_id.value;
        if (run_.lanes->threaded()) return run_.lanes->push(slot, envelope.origin.key);
        handle_here(detail::AllEvents::index_of<MessageCreate>(), &event, envelope.origin);
    }
    envelope.clear();
    if (!std::holds_alternative<MessageCreate>(envelope.event)) return slot.clear();
    if (message_slot_.empty()) message_slot_.swap(slot);
}

void Dispatcher::ready(const raw::Ready& ready) {
    const Origin origin{"READY", 0};
    caches_.set_self(ready.user);
    const bool channels_follow = follower() != nullptr && follower()->on_new_session(ready.servers);
    for (auto& server : caches_.begin_session(ready.servers, channels_follow)) {
        const ServerId id = server.id;
        emit(ServerDelete{id, Server(std::move(server), client()), true}, origin, 0, id.value, false);
    }
    Ready event{User(ready.user, client()), {}, ready.session_id};
    for (const auto& server : ready.servers)
        event.servers.emplace_back(server, client());
    emit(std::move(event), origin, 0, 0, false);
}

void Dispatcher::undecodable(const Payload& payload, const std::string& why) {
    if (payload.origin.pending) payload.origin.pending->fail();
    emit_error(std::make_exception_ptr(DecodeError(tokens_->secrets().redact(why))), text_of(payload.origin));
}

void Dispatcher::emit_error(std::exception_ptr error, std::string where) {
    std::string message = text_of(error);
    const bool says_where = message.starts_with(where + ":");
    log_(LogLevel::warn, "client", says_where ? message : where + ": " + message);
    emit_session_event(error_event_name, ErrorEvent{std::move(error), std::move(where), std::move(message)});
}

void Dispatcher::log_error(const std::exception_ptr& error, const std::string& where) const noexcept {
    log_(LogLevel::error, "client", where + ": " + text_of(error));
}

void Dispatcher::report(std::exception_ptr error, const std::string& where) noexcept {
    const detail::InScope none(nullptr);  // the failed code may belong to a scope, the handlers of errors do not
    log_error(error, where);
    const ErrorEvent event{error, where, text_of(error)};
    Origin origin{error_event_name, 0};
    origin.context = handled_event().context;
    registry_->dispatch(AllEvents::index_of<ErrorEvent>(), &event, origin, [&](std::exception_ptr nested) {
        // An ErrorEvent for a failed ErrorEvent handler could loop.
        log_error(nested, "a handler of ErrorEvent");
    });
}

void Dispatcher::handle(Envelope& envelope) noexcept {
    const void* const value =
        std::visit([](const auto& event) { return static_cast<const void*>(&event); }, envelope.event);
    call_handlers(envelope.event.index(), value, envelope.origin);
}

void Dispatcher::handle_here(std::size_t event, const void* value, const Origin& origin) noexcept {
    // The I/O thread may be shared: it belongs to this client while its handlers run.
    const ThreadContext mark(&home_);
    call_handlers(event, value, origin);
}

void Dispatcher::call_handlers(std::size_t event, const void* value, const Origin& origin) noexcept {
    const HandlerMetrics::Timer timer(metrics_ ? &metrics_->handlers : nullptr, ThreadContext::place().lane, event);
    try {
        registry_->dispatch(event, value, origin, [&](std::exception_ptr error) {
            if (origin.pending) origin.pending->fail();
            if (metrics_) metrics_->handlers.on_error(event);
            if (event == AllEvents::index_of<ErrorEvent>())
                log_error(error, "a handler of ErrorEvent");
            else
                report(std::move(error), text_of(origin));
        });
    } catch (...) {
        if (origin.pending) origin.pending->fail();
        report(std::current_exception(), text_of(origin));
    }
}

void Dispatcher::on_room() noexcept {
    std::function<void()> on_room;
    {
        const std::lock_guard lock(mutex_);
        on_room = on_room_;
    }
    if (on_room) on_room();
}

bool Dispatcher::is_expected(const std::exception_ptr& error, const Origin& origin) const noexcept {
    try {
        std::rethrow_exception(error);
    } catch (const CancelledError&) {
        // Caused by the stop, by a dropped call, or by the end of a scope.
        return stopping() || origin.quiet_cancel;
    } catch (...) {
        return false;
    }
}

/// Called on any thread, including the I/O thread; handlers run on handler threads.
void Dispatcher::handle_dropped(std::exception_ptr error, const Origin& origin) noexcept {
    if (is_expected(error, origin)) {
        if (origin.pending && stopping()) origin.pending->abandon();
        return;
    }
    if (origin.pending) origin.pending->fail();
    const Handling of_event(HandledEvent{"", 0, origin.context});
    const bool of_errors = origin.name == error_event_name || origin.within == error_event_name;
    if (metrics_) {
        metrics_->handlers.on_error(of_errors ? AllEvents::index_of<ErrorEvent>()
                                              : HandlerMetrics::event_named(origin.name));
    }
    if (of_errors) return log_error(error, "a handler of ErrorEvent");
    auto where = text_of(origin);
    const auto lanes = this->lanes();
    if (!lanes) return report(std::move(error), where);
    // Not from a predicate: waiters for errors are called one at a time, and the predicate may be one of them.
    const bool here = ThreadContext::place().executor == lanes && !WaitState::here();
    if (here) return report(std::move(error), where);
    lanes->post(
        [self = shared_from_this(), error = std::move(error), where = std::move(where), context = origin.context] {
            const Handling handling(HandledEvent{"", 0, context});
            self->report(error, where);
        },
        0);
}

}  // namespace intent::client
