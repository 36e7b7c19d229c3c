// A stream of events for the body of a coroutine: votes, answers of several people, a conversation.
#pragma once

#include <intent/detail/chrono.hpp>
#include <intent/detail/collecting.hpp>
#include <intent/detail/owned.hpp>
#include <intent/events.hpp>
#include <intent/snowflake.hpp>
#include <intent/task.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace intent::inline v0 {

namespace detail {

template <class Until>
class EndingOptions;

}  // namespace detail

/// When a collector ends, and what it may keep: `CollectorOptions{}.in(channel).time(60s).count(10)`.
class CollectorOptions {
public:
    /// Ends this long after the start; 0 or less: at once. Unset: no limit. Measured by the client's clock.
    CollectorOptions& time(std::chrono::milliseconds limit) { return time_ = limit, *this; }

    /// Ends with this many collected events, at least 1. Unset: no limit.
    CollectorOptions& count(std::size_t events) { return count_ = events, *this; }

    /// Maximum number of collected events that wait for `next`: 1 to 1,000,000; 1,000 if unset.
    CollectorOptions& queue(std::size_t events) { return queue_ = events, *this; }

    /// Only events of this channel. They are found by an index: the predicate is not called for other channels, so
    /// thousands of such collectors do not slow each other down. For events of messages, channels, typing and
    /// encryption groups.
    CollectorOptions& in(ChannelId channel) { return channel_ = channel, *this; }

    /// Ends with the first event for which `predicate(const E&)` is true, whether it is collected or not. This is the
    /// last call of a chain: `CollectorOptions{}.time(60s).until([](const auto& event) { … })`. The predicate follows
    /// the rules of the collector's own and is called after it.
    template <class Predicate>
    detail::EndingOptions<Predicate> until(Predicate predicate) const {
        return {*this, std::move(predicate)};
    }

    /// The time limit, if there is one.
    std::optional<std::chrono::milliseconds> time() const noexcept { return time_; }
    /// The number of events that ends it, if there is one.
    std::optional<std::size_t> count() const noexcept { return count_; }
    /// The maximum number of events that wait.
    std::size_t queue() const noexcept { return queue_; }
    /// The only channel, if there is one.
    std::optional<ChannelId> channel() const noexcept { return channel_; }

    static constexpr std::size_t max_queue = 1'000'000;  ///< the maximum of `queue`

private:
    std::optional<std::chrono::milliseconds> time_ = {};
    std::optional<std::size_t> count_ = {};
    std::size_t queue_ = 1'000;
    std::optional<ChannelId> channel_ = {};
};

namespace detail {

/// Options with a predicate that ends the collector.
template <class Until>
class EndingOptions {
public:
    EndingOptions(const CollectorOptions& options, Until until) : options_(options), until_(std::move(until)) {}
    const CollectorOptions& options() const noexcept { return options_; }
    Until until() && { return std::move(until_); }

private:
    CollectorOptions options_;
    Until until_;
};

}  // namespace detail

/// Collects the events of one or several types for which a predicate is true. It listens from its construction: events
/// that arrive while the body of its loop awaits something else are kept in order, and `next` returns one at a time.
///
///     intent::Collector<intent::MessageCreate> votes(client, is_vote, CollectorOptions{}.in(channel).time(60s));
///     while (const auto vote = co_await votes.next()) {
///         …
///     }
///
/// With several types, `next` returns a variant of them, and the predicate accepts each, as `[](const auto& event) {…}`
/// does. Events of one channel arrive in order; with several handler threads, those of different channels interleave.
///
/// A collector ends
/// - by its time, its count, `until` or `stop`: `next` returns what is already collected, then no value;
/// - if a predicate throws: `next` returns what is already collected, then throws that exception;
/// - if an event does not fit into the queue (`CollectorOptions::queue`): `next` returns what is already collected,
/// then
///   throws an OverflowError. So no event is lost without an error, and a body that falls behind cannot fill the
///   memory. The queue does not hold up reading from the gateway, because the body itself may wait for an event;
/// - if the client stops or its scope ends: `next` throws CancelledError at once.
///
/// The predicates run on handler threads, one call at a time. They may use captured references to variables that
/// outlive the collector: its destructor waits for a call that is running on another thread, and none starts
/// afterwards.
///
/// A collector belongs to the scope that it is made with or, made with a client, to the scope of the current code.
///
/// Cost: a predicate runs for each event of its types, or of its types and channel with `in`. Making and ending a
/// collector costs O(log n) among n of them. Memory: docs/collecting.md.
///
/// Lifetime: the client may be destroyed first, which stops it. Threads: any for construction, `stop` and destruction;
/// one `next` at a time.
template <Event E, Event... More>
class Collector {
public:
    /// What `next` returns: the event, or a `std::variant` of several types.
    using Value = std::conditional_t<sizeof...(More) == 0, E, std::variant<E, More...>>;

    /// `home` is a Client or a Scope.
    ///
    /// Errors: ConfigError for a count or queue out of range, an unset channel, or `in` with events that belong to no
    /// channel; UsageError if the client of the scope is gone.
    template <class Predicate>
    Collector(detail::CollectorHome home, Predicate predicate, const CollectorOptions& options = {})
        : Collector(std::move(home), std::move(predicate), detail::EndingOptions<detail::Never>(options, {})) {}

    /// The same with `CollectorOptions::until`.
    template <class Predicate, class Until>
    Collector(detail::CollectorHome home, Predicate predicate, detail::EndingOptions<Until> ending)
        : handle_(std::move(home), events, of_channels, gatherer(std::move(predicate), std::move(ending).until()),
                  ending.options()) {}

    /// Ends the collector and drops what is collected. A suspended `next` throws CancelledError. Waits for a predicate
    /// that is running on another thread: do not hold a lock that it needs, and do not let the predicates of two
    /// collectors destroy each other's.
    ~Collector() = default;
    Collector(Collector&&) noexcept = default;
    Collector& operator=(Collector&&) noexcept = default;

    /// Returns the next event, as soon as there is one; no value after the end. Dropping the task ends the wait; the
    /// event of a `next` that has already completed is dropped with its task.
    ///
    /// Errors: see above; UsageError if another `next` is waiting, or the collector was moved from.
    task<std::optional<Value>> next() { return detail::next_collected<Value>(handle_.state()); }

    /// Stops listening. `next` returns what is already collected, then no value.
    void stop() noexcept { handle_.stop(); }

private:
    static constexpr std::array events{detail::AllEvents::index_of<E>(), detail::AllEvents::index_of<More>()...};
    static constexpr bool of_channels =
        detail::ChannelEvents::contains<E> && (detail::ChannelEvents::contains<More> && ...);

    template <class Predicate, class Until>
    static detail::Owned<detail::Gatherer> gatherer(Predicate predicate, Until until) {
        static_assert(std::is_invocable_r_v<bool, Predicate&, const E&> &&
                          (std::is_invocable_r_v<bool, Predicate&, const More&> && ...),
                      "intent: the predicate of a Collector takes a const reference to each of its event types and "
                      "returns bool, as [](const intent::MessageCreate& event) { return true; } does");
        static_assert(
            std::is_invocable_r_v<bool, Until&, const E&> && (std::is_invocable_r_v<bool, Until&, const More&> && ...),
            "intent: the predicate of CollectorOptions::until takes a const reference to each event type of "
            "its Collector and returns bool");
        using Made = detail::PredicateGatherer<Value, Predicate, Until, E, More...>;
        return detail::Owned<detail::Gatherer>(new Made(std::move(predicate), std::move(until)));
    }

    detail::CollectorHandle handle_;
};

}  // namespace intent
