// The implementation of `wait_for`.
#pragma once

#include <intent/detail/chrono.hpp>
#include <intent/detail/export.hpp>
#include <intent/events.hpp>
#include <intent/task.hpp>

#include <array>
#include <coroutine>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <variant>

namespace intent::inline v0::detail {

class ClientContext;
class CollectorHome;

/// Decides whether a `wait_for` waits for an event, and keeps the event if so. `event` is its index in AllEvents.
class INTENT_API Matcher {
public:
    virtual ~Matcher() = default;
    virtual bool match(std::size_t event, const void* value) = 0;
};

template <class E, class Predicate>
class PredicateMatcher final : public Matcher {
public:
    explicit PredicateMatcher(Predicate predicate) : predicate_(std::move(predicate)) {}
    bool match(std::size_t, const void* value) override {
        const E& candidate = *static_cast<const E*>(value);
        if (!predicate_(candidate)) return false;
        found.emplace(candidate);
        return true;
    }
    std::optional<E> found = {};

private:
    Predicate predicate_;
};

template <class Predicate, class... E>
class AnyMatcher final : public Matcher {
public:
    explicit AnyMatcher(Predicate predicate) : predicate_(std::move(predicate)) {}
    bool match(std::size_t event, const void* value) override {
        return ((event == AllEvents::index_of<E>() && match_one(*static_cast<const E*>(value))) || ...);
    }
    std::optional<std::variant<E...>> found = {};

private:
    template <class One>
    bool match_one(const One& candidate) {
        if (!predicate_(candidate)) return false;
        found.emplace(std::in_place_type<One>, candidate);
        return true;
    }
    Predicate predicate_;
};

/// The awaiter of `wait_for`: ends with a match (true), at the timeout (false), or with the predicate's exception. The
/// coroutine awaits it before anything else, so dropping its task ends the wait.
class INTENT_API WaitForMatch {
public:
    WaitForMatch(std::shared_ptr<ClientContext> context, std::span<const std::size_t> events, Matcher& matcher,
                 std::chrono::milliseconds timeout);
    ~WaitForMatch();
    WaitForMatch(const WaitForMatch&) = delete;
    WaitForMatch& operator=(const WaitForMatch&) = delete;

    bool await_ready() const noexcept { return false; }
    template <class P>
    void await_suspend(std::coroutine_handle<P> waiting) {
        start(waiting, waiting.promise());
    }
    bool await_resume();

private:
    void start(std::coroutine_handle<> waiting, TaskState& state);
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

template <class E, class Predicate>
task<std::optional<E>> wait_for(std::shared_ptr<ClientContext> context, Predicate predicate,
                                std::chrono::milliseconds timeout) {
    static constexpr std::array events{AllEvents::index_of<E>()};
    PredicateMatcher<E, Predicate> matcher(std::move(predicate));
    WaitForMatch match(std::move(context), events, matcher, timeout);
    co_await match;
    co_return std::move(matcher.found);
}

template <class Predicate, class... E>
task<std::optional<std::variant<E...>>> wait_for_any(std::shared_ptr<ClientContext> context, Predicate predicate,
                                                     std::chrono::milliseconds timeout) {
    static constexpr std::array events{AllEvents::index_of<E>()...};
    AnyMatcher<Predicate, E...> matcher(std::move(predicate));
    WaitForMatch match(std::move(context), events, matcher, timeout);
    co_await match;
    co_return std::move(matcher.found);
}

}  // namespace intent::detail
