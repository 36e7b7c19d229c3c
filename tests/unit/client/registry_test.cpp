// Handlers and waiters: who is called, in which order, and what one of them can do to the others.
#include "client/dispatch/registry.hpp"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace intent::client::registry_test {
namespace {

using Event = MessageDelete;
constexpr std::size_t index = detail::AllEvents::index_of<Event>();
constexpr std::array events{index};

Event event(std::uint64_t id) { return Event{MessageId{id}, ChannelId{1}}; }

/// A registry with handlers of one event, and what they threw.
class Handlers {
public:
    template <class F>
    std::uint64_t on(F function, bool once = false) {
        return registry.add(detail::make_handler<detail::Order::none>(std::move(function)), once);
    }

    void dispatch(std::uint64_t id = 1) {
        const Event value = event(id);
        registry.dispatch(index, &value, detail::Origin{"MESSAGE_DELETE", id}, [&](std::exception_ptr error) {
            try {
                std::rethrow_exception(error);
            } catch (const std::exception& exception) {
                failures.emplace_back(exception.what());
            } catch (...) {
                failures.emplace_back("something else");
            }
        });
    }

    const std::shared_ptr<Registry> owned = std::make_shared<Registry>();
    Registry& registry = *owned;
    std::vector<std::string> failures;
};

TEST(Registry, handlers_are_called_in_the_order_they_came) {
    Handlers handlers;
    std::string calls;
    for (const char name : {'a', 'b', 'c'})
        handlers.on([&calls, name](const Event&) { calls += name; });
    handlers.dispatch();
    handlers.dispatch();
    EXPECT_EQ(calls, "abcabc");
}

TEST(Registry, an_event_is_wanted_while_it_has_a_handler_or_a_waiter) {
    Handlers handlers;
    EXPECT_FALSE(handlers.registry.wanted<Event>());
    const auto id = handlers.on([](const Event&) {});
    EXPECT_TRUE(handlers.registry.wanted<Event>());
    EXPECT_FALSE(handlers.registry.wanted<MessageCreate>());
    handlers.registry.remove(index, id);
    handlers.registry.remove(index, id);
    EXPECT_FALSE(handlers.registry.wanted<Event>());

    const auto waiter = std::make_shared<Waiter>();
    handlers.registry.add(events, waiter);
    EXPECT_TRUE(handlers.registry.wanted<Event>());
    handlers.registry.remove(*waiter);
    EXPECT_FALSE(handlers.registry.wanted<Event>());
}

TEST(Registry, handlers_of_several_events_have_one_id) {
    Registry registry;
    std::string calls;
    const auto note_deletion = [&](const MessageDelete&) { calls += 'd'; };
    const auto note_typing = [&](const TypingStart&) { calls += 't'; };
    std::array<detail::MadeHandler, 2> made{detail::make_handler<detail::Order::none>(note_deletion),
                                            detail::make_handler<detail::Order::none>(note_typing)};
    EXPECT_EQ(bits_of(made), std::uint64_t{1} << index | std::uint64_t{1} << made[1].event);
    const auto id = registry.add(made, false);
    const auto dispatch = [&](std::size_t event, const auto& value) {
        registry.dispatch(event, &value, detail::Origin{}, [](const std::exception_ptr&) { ADD_FAILURE(); });
    };
    dispatch(index, event(1));
    dispatch(made[1].event, TypingStart{});
    EXPECT_EQ(calls, "dt");
    EXPECT_TRUE(registry.holds(index, id));
    EXPECT_TRUE(registry.holds(made[1].event, id));
    registry.remove(index, id);
    dispatch(index, event(1));
    EXPECT_EQ(calls, "dt");
}

TEST(Registry, a_handler_for_once_is_called_once_and_goes) {
    Handlers handlers;
    int calls = 0;
    handlers.on(
        [&](const Event&) {
            ++calls;
            if (calls < 3) handlers.dispatch();  // an event inside of the event
        },
        true);
    handlers.dispatch();
    handlers.dispatch();
    EXPECT_EQ(calls, 1);
    EXPECT_FALSE(handlers.registry.wanted<Event>());
}

TEST(Registry, handlers_may_take_the_event_in_every_way) {
    Handlers handlers;
    std::vector<std::uint64_t> seen;
    handlers.on([&](Event& mine) { seen.push_back(mine.id.value++); });
    handlers.on([&](Event&& mine) { seen.push_back(mine.id.value++); });
    handlers.on([&](Event mine) { seen.push_back(mine.id.value++); });
    handlers.on([&](const Event& shared) { seen.push_back(shared.id.value); });
    handlers.dispatch(7);
    EXPECT_EQ(seen, (std::vector<std::uint64_t>{7, 7, 7, 7}));
}

TEST(Registry, case_128_a_handler_may_end_itself_and_others_in_its_call) {
    Handlers handlers;
    std::string calls;
    std::uint64_t first = 0;
    std::uint64_t third = 0;
    first = handlers.on([&](const Event&) {
        calls += 'a';
        handlers.registry.remove(index, first);
        handlers.registry.remove(index, third);
    });
    handlers.on([&](const Event&) { calls += 'b'; });
    third = handlers.on([&](const Event&) { calls += 'c'; });
    handlers.dispatch();
    handlers.dispatch();
    EXPECT_EQ(calls, "abb");
}

TEST(Registry, case_128_a_handler_that_is_added_in_a_call_hears_of_the_next_event) {
    Handlers handlers;
    std::string calls;
    handlers.on(
        [&](const Event&) {
            calls += 'a';
            handlers.on([&](const Event&) { calls += 'b'; });
        },
        true);
    handlers.dispatch();
    EXPECT_EQ(calls, "a");
    handlers.dispatch();
    EXPECT_EQ(calls, "ab");
}

TEST(Registry, a_handler_that_ends_itself_may_still_use_its_captures) {
    Handlers handlers;
    std::uint64_t id = 0;
    std::string result;
    id = handlers.on([&, text = std::string(100, 'x')](const Event&) {
        handlers.registry.remove(index, id);
        result = text;
    });
    handlers.dispatch();
    EXPECT_EQ(result, std::string(100, 'x'));
}

TEST(Registry, case_125_a_handler_that_throws_does_not_keep_the_event_from_the_others) {
    Handlers handlers;
    std::string calls;
    handlers.on([&](const Event&) { throw std::runtime_error("broken"); });
    handlers.on([&](const Event&) { calls += 'b'; });
    handlers.on([&](const Event&) { throw 7; });
    handlers.on([&](const Event&) { calls += 'd'; });
    handlers.dispatch();
    EXPECT_EQ(calls, "bd");
    EXPECT_EQ(handlers.failures, (std::vector<std::string>{"broken", "something else"}));
    handlers.dispatch();
    EXPECT_EQ(calls, "bdbd");
}

/// A coroutine that waits for an event, and how often it went on.
class Waiting {
public:
    template <class Predicate>
    Waiting(Registry& registry, Predicate predicate)
        : matcher_(std::make_unique<detail::PredicateMatcher<Event, Predicate>>(std::move(predicate))) {
        waiter->matcher = matcher_.get();
        suspend(*this);
        registry.add(events, waiter);
    }

    std::shared_ptr<Waiter> waiter = std::make_shared<Waiter>();
    std::atomic<int> ends = 0;

private:
    struct Park {
        Waiter& waiter;
        bool await_ready() const noexcept { return false; }
        void await_suspend(std::coroutine_handle<> waiting) const noexcept { waiter.state.hold(waiting); }
        void await_resume() const noexcept {}
    };
    struct Loose {
        struct promise_type {
            Loose get_return_object() { return {}; }
            std::suspend_never initial_suspend() noexcept { return {}; }
            std::suspend_never final_suspend() noexcept { return {}; }
            void return_void() {}
            void unhandled_exception() { std::terminate(); }
        };
    };
    static Loose suspend(Waiting& self) {
        const Park park{*self.waiter};
        co_await park;
        ++self.ends;
    }
    std::unique_ptr<detail::Matcher> matcher_;
};

TEST(Registry, a_waiter_ends_with_the_first_event_that_matches) {
    Handlers handlers;
    Waiting waiting(handlers.registry, [](const Event& one) { return one.id.value == 3; });
    handlers.dispatch(2);
    EXPECT_EQ(waiting.ends, 0);
    handlers.dispatch(3);
    handlers.dispatch(3);
    EXPECT_EQ(waiting.ends, 1);
    EXPECT_TRUE(waiting.waiter->state.matched());
    EXPECT_FALSE(waiting.waiter->end(nullptr));
    EXPECT_FALSE(handlers.registry.wanted<Event>());
}

TEST(Registry, a_waiter_whose_predicate_throws_ends_with_that) {
    Handlers handlers;
    Waiting waiting(handlers.registry, [](const Event&) -> bool { throw std::runtime_error("cannot say"); });
    handlers.dispatch();
    EXPECT_EQ(waiting.ends, 1);
    EXPECT_FALSE(waiting.waiter->state.matched());
    EXPECT_THROW(std::rethrow_exception(waiting.waiter->state.error()), std::runtime_error);
    EXPECT_TRUE(handlers.failures.empty());
    EXPECT_FALSE(handlers.registry.wanted<Event>());
}

TEST(Registry, a_waiter_that_was_given_up_hears_of_nothing_more) {
    Handlers handlers;
    Waiting waiting(handlers.registry, [](const Event&) { return true; });
    EXPECT_TRUE(waiting.waiter->end(nullptr));
    handlers.dispatch();
    EXPECT_EQ(waiting.ends, 1);
    EXPECT_FALSE(waiting.waiter->state.matched());
}

TEST(Registry, handlers_hear_of_an_event_before_the_waiters) {
    Handlers handlers;
    std::string calls;
    Waiting waiting(handlers.registry, [&](const Event&) {
        calls += 'w';
        return true;
    });
    handlers.on([&](const Event&) { calls += 'h'; });
    handlers.dispatch();
    EXPECT_EQ(calls, "hw");
}

TEST(Registry, several_threads_that_dispatch_call_a_handler_for_once_once_and_end_a_waiter_once) {
    for (int round = 0; round < 500; ++round) {
        Handlers handlers;
        std::atomic<int> once = 0;
        std::atomic<int> always = 0;
        Waiting waiting(handlers.registry, [](const Event&) { return true; });
        handlers.on([&](const Event&) { ++once; }, true);
        handlers.on([&](const Event&) { ++always; });
        std::atomic<bool> go = false;  // all at the same moment
        std::vector<std::thread> threads;
        for (int i = 0; i < 3; ++i)
            threads.emplace_back([&] {
                while (!go)
                    std::this_thread::yield();
                handlers.dispatch();
            });
        threads.emplace_back([&] { static_cast<void>(waiting.waiter->end(nullptr)); });
        threads.emplace_back([&] { handlers.registry.remove(index, handlers.on([](const Event&) {})); });
        go = true;
        for (auto& thread : threads)
            thread.join();
        EXPECT_EQ(once, 1);
        EXPECT_EQ(always, 3);
        EXPECT_EQ(waiting.ends, 1);
    }
}

}  // namespace
}  // namespace intent::client::registry_test
