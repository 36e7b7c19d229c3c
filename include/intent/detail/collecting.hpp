// The implementation of `Collector`.
#pragma once

#include <intent/detail/chrono.hpp>
#include <intent/detail/export.hpp>
#include <intent/detail/owned.hpp>
#include <intent/events.hpp>
#include <intent/task.hpp>

#include <coroutine>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <variant>

namespace intent::inline v0 {

class Client;
class CollectorOptions;
class Scope;

}  // namespace intent

namespace intent::inline v0::detail {

class ClientContext;
class CollectorState;
class NextWait;

/// The events that belong to a channel, in whose order they are handled.
using ChannelEvents = EventList<MessageCreate, MessageUpdate, MessageDelete, ChannelCreate, ChannelUpdate,
                                ChannelDelete, TypingStart, MlsWelcome, MlsCommit, MlsProposal>;

/// Where a collector listens: the events of a client, for the current scope or a given one.
class INTENT_API CollectorHome {
public:
    CollectorHome(Client& client);  // NOLINT(google-explicit-constructor)
    CollectorHome(Scope& scope);    // NOLINT(google-explicit-constructor)
    CollectorHome(std::shared_ptr<ClientContext> context, std::shared_ptr<ScopeState> scope) noexcept;

private:
    friend class CollectorHandle;
    std::shared_ptr<ClientContext> context_;
    std::shared_ptr<ScopeState> scope_;
};

/// A collected event.
class Collected {
public:
    virtual ~Collected() = default;

private:
    friend class CollectedQueue;
    Owned<Collected> next_ = {};
};

template <class Value>
class CollectedValue final : public Collected {
public:
    template <class... Parts>
    explicit CollectedValue(Parts&&... parts) : value_(std::forward<Parts>(parts)...) {}
    Value take() { return std::move(value_); }

private:
    Value value_;
};

/// Decides which events a collector keeps.
class Gatherer {
public:
    virtual ~Gatherer() = default;

    struct Verdict {
        Owned<Collected> kept = {};  ///< null: the event is not collected
        bool last = false;           ///< the collector ends after this event
    };
    /// `event`: the event's index in AllEvents.
    virtual Verdict judge(std::size_t event, const void* value) = 0;
};

struct Never {
    template <class E>
    constexpr bool operator()(const E&) const noexcept {
        return false;
    }
};

template <class Value, class Predicate, class Until, class... E>
class PredicateGatherer final : public Gatherer {
public:
    PredicateGatherer(Predicate predicate, Until until) : predicate_(std::move(predicate)), until_(std::move(until)) {}

    Verdict judge(std::size_t event, const void* value) override {
        Verdict verdict;
        static_cast<void>(((event == AllEvents::index_of<E>() && judge_one<E>(value, verdict)) || ...));
        return verdict;
    }

private:
    template <class One>
    bool judge_one(const void* value, Verdict& verdict) {
        const One& candidate = *static_cast<const One*>(value);
        const bool kept = static_cast<bool>(predicate_(candidate));
        verdict.last = static_cast<bool>(until_(candidate));
        if (!kept) return true;
        if constexpr (std::is_same_v<Value, One>) {
            verdict.kept = Owned<Collected>(new CollectedValue<Value>(candidate));
        } else {
            verdict.kept = Owned<Collected>(new CollectedValue<Value>(std::in_place_type<One>, candidate));
        }
        return true;
    }

    Predicate predicate_;
    Until until_;
};

/// Owns the state of a collector: its destructor ends it and waits for a predicate that is running on another thread.
class INTENT_API CollectorHandle {
public:
    CollectorHandle(CollectorHome home, std::span<const std::size_t> events, bool of_channels, Owned<Gatherer> gatherer,
                    const CollectorOptions& options);
    CollectorHandle(CollectorHandle&& other) noexcept;
    CollectorHandle& operator=(CollectorHandle&& other) noexcept;
    ~CollectorHandle();

    void stop() noexcept;
    const std::shared_ptr<CollectorState>& state() const noexcept { return state_; }

private:
    std::shared_ptr<CollectorState> state_;
};

/// The awaiter of `next`: ends with an event, with null at the end of the collector, or with its error. The coroutine
/// awaits it before anything else, so dropping its task ends the wait.
class INTENT_API NextCollected {
public:
    /// Errors: UsageError for a null state, of a collector that was moved from.
    explicit NextCollected(std::shared_ptr<CollectorState> state);
    ~NextCollected();
    NextCollected(const NextCollected&) = delete;
    NextCollected& operator=(const NextCollected&) = delete;

    bool await_ready();
    template <class P>
    bool await_suspend(std::coroutine_handle<P> waiting) {
        return start(waiting, waiting.promise());
    }
    Owned<Collected> await_resume();

private:
    bool start(std::coroutine_handle<> waiting, TaskState& task);

    const std::shared_ptr<CollectorState> state_;
    Owned<Collected> ready_ = {};
    std::shared_ptr<NextWait> wait_ = {};
    std::shared_ptr<ScopeState> scope_ = {};  // holds the wait
};

template <class Value>
task<std::optional<Value>> next_collected(std::shared_ptr<CollectorState> state) {
    NextCollected next(std::move(state));
    const Owned<Collected> event = co_await next;
    if (!event) co_return std::nullopt;
    co_return static_cast<CollectedValue<Value>&>(*event).take();
}

}  // namespace intent::detail
