// The handler threads: order, back-pressure, and how they end.
#include "client/dispatch/lanes.hpp"

#include "client/async/thread_context.hpp"
#include "net/clock.hpp"
#include "tests/support/waiting.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace intent::client::lanes_test {
namespace {

using namespace std::chrono_literals;
using test::Door;
using test::Recorder;

/// Notes what it handles; the event with id 0 blocks until the door opens.
class NotedSink final : public LaneSink {
public:
    struct Seen {
        std::uint64_t id = 0;
        std::uint64_t channel = 0;
        std::thread::id thread;
        unsigned lane = 0;
    };

    void handle(Envelope& envelope) noexcept override {
        const auto& event = std::get<MessageDelete>(envelope.event);
        if (event.id.value == 0) {
            entered.open();
            door.pass();
        }
        seen.add({event.id.value, event.channel_id.value, std::this_thread::get_id(), ThreadContext::place().lane});
    }
    void handle_dropped(std::exception_ptr, const detail::Origin& origin) noexcept override {
        dropped.add(origin.name);
    }
    void on_room() noexcept override {
        ++rooms;
        queued_at_room = queued ? queued() : 0;
    }

    std::vector<std::uint64_t> ids() const {
        std::vector<std::uint64_t> list;
        for (const auto& one : seen.all())
            list.push_back(one.id);
        return list;
    }

    Recorder<Seen> seen;
    Recorder<std::string> dropped;
    std::atomic<int> rooms = 0;
    std::function<std::size_t()> queued;  // of the lanes
    std::atomic<std::size_t> queued_at_room = 0;
    Door entered;
    Door door;
};

Envelope envelope(std::uint64_t id, std::uint64_t channel = 1, bool from_wire = true, std::size_t bytes = 100) {
    return {MessageDelete{MessageId{id}, ChannelId{channel}}, detail::Origin{"MESSAGE_DELETE", id}, bytes, from_wire};
}

struct Fixture {
    explicit Fixture(unsigned threads, std::size_t max_bytes = 1'000'000)
        : lanes(std::make_shared<Lanes>(threads, max_bytes, sink,
                                        [this](std::function<void()> work) { posted.push_back(std::move(work)); })) {
        sink->queued = [raw = lanes.get()] { return raw->queued_bytes(); };
        lanes->start();
    }
    ~Fixture() {
        sink->door.open();
        end(Lanes::Backlog::handled);
    }

    void push(Envelope one) {
        const auto key = std::get<MessageDelete>(one.event).channel_id.value;
        lanes->push(std::move(one), key);
        lanes->flush();
    }

    /// An event that holds its lane until the door opens; returns once it does.
    void block() {
        push(envelope(0));
        ASSERT_TRUE(sink->entered.pass());
    }

    void end(Lanes::Backlog backlog) {
        lanes->begin_stop(backlog);
        lanes->join(net::now() + test::long_enough);
    }

    std::vector<std::function<void()>> posted;
    std::shared_ptr<NotedSink> sink = std::make_shared<NotedSink>();
    std::shared_ptr<Lanes> lanes;
};

TEST(Lanes, case_049_events_of_one_channel_stay_in_order_with_several_threads) {
    Fixture fixture(4);
    constexpr std::uint64_t channels = 40;
    constexpr std::uint64_t each = 50;
    for (std::uint64_t id = 1; id <= each; ++id) {
        for (std::uint64_t channel = 1; channel <= channels; ++channel)
            fixture.lanes->push(envelope(id, channel), channel);
        fixture.lanes->flush();
    }
    ASSERT_TRUE(fixture.sink->seen.wait_count(channels * each));
    std::map<std::uint64_t, std::uint64_t> last;
    std::map<std::uint64_t, std::thread::id> thread;
    std::map<std::thread::id, int> threads;
    for (const auto& seen : fixture.sink->seen.all()) {
        EXPECT_EQ(seen.id, ++last[seen.channel]);
        EXPECT_EQ(thread.try_emplace(seen.channel, seen.thread).first->second, seen.thread);
        ++threads[seen.thread];
    }
    EXPECT_GT(threads.size(), 1u);
}

TEST(Lanes, ids_that_grow_in_steps_spread_over_the_lanes) {
    Fixture fixture(4);
    for (std::uint64_t i = 1; i <= 400; ++i)
        fixture.lanes->push(envelope(1, i << 22), i << 22);
    fixture.lanes->flush();
    ASSERT_TRUE(fixture.sink->seen.wait_count(400));
    std::map<unsigned, int> each;
    for (const auto& seen : fixture.sink->seen.all())
        ++each[seen.lane];
    ASSERT_EQ(each.size(), 4u);
    for (const auto& [lane, count] : each)
        EXPECT_GT(count, 40) << "lane " << lane;
}

TEST(Lanes, without_threads_the_pushing_thread_handles) {
    Fixture fixture(0);
    EXPECT_FALSE(fixture.lanes->threaded());
    fixture.lanes->push(envelope(1), 1);
    ASSERT_EQ(fixture.sink->seen.count(), 1u);
    EXPECT_EQ(fixture.sink->seen.all().front().thread, std::this_thread::get_id());
    EXPECT_EQ(fixture.lanes->queued_bytes(), 0u);

    int ran = 0;
    fixture.lanes->post([&] { ++ran; }, 0);
    ASSERT_EQ(fixture.posted.size(), 1u);
    fixture.posted.front()();
    EXPECT_EQ(ran, 1);
}

TEST(Lanes, case_048_a_queue_over_its_limit_is_full_until_it_is_half_empty) {
    Fixture fixture(1, 1000);
    fixture.block();  // 100 bytes that stay until it is handled
    for (std::uint64_t id = 1; id <= 9; ++id)
        fixture.push(envelope(id));
    EXPECT_FALSE(fixture.lanes->full());
    fixture.push(envelope(10));
    EXPECT_TRUE(fixture.lanes->full());
    EXPECT_EQ(fixture.lanes->queued_bytes(), 1100u);
    fixture.push(envelope(11));
    EXPECT_EQ(fixture.sink->rooms, 0);

    fixture.sink->door.open();
    ASSERT_TRUE(fixture.sink->seen.wait_count(12));
    fixture.end(Lanes::Backlog::handled);
    EXPECT_EQ(fixture.sink->rooms, 1);
    EXPECT_EQ(fixture.sink->queued_at_room, 500u);
    EXPECT_FALSE(fixture.lanes->full());
    EXPECT_EQ(fixture.lanes->queued_bytes(), 0u);
}

TEST(Lanes, a_queue_that_was_never_full_reports_no_room) {
    Fixture fixture(1, 1000);
    for (std::uint64_t id = 1; id <= 100; ++id) {
        fixture.push(envelope(id));
        ASSERT_TRUE(fixture.sink->seen.wait_count(id));
    }
    EXPECT_EQ(fixture.sink->rooms, 0);
}

TEST(Lanes, the_load_is_the_queued_bytes_and_the_age_of_the_oldest_event) {
    Fixture fixture(2);
    EXPECT_EQ(fixture.lanes->load().events, 0u);
    EXPECT_EQ(fixture.lanes->load().lag, 0ns);
    const auto before = net::now();
    fixture.block();
    const auto blocked = net::now();
    EXPECT_EQ(fixture.lanes->load().events, 0u) << "the one that is being handled does not wait";
    for (std::uint64_t id = 1; id <= 10; ++id)
        fixture.push(envelope(id));
    EXPECT_TRUE(test::eventually([&] { return net::now() - blocked > 20ms; }));
    const auto load = fixture.lanes->load();
    EXPECT_EQ(load.events, 10u);
    EXPECT_GE(load.lag, 20ms) << "of the event in its handler";
    EXPECT_LE(load.lag, net::now() - before);

    fixture.sink->door.open();
    ASSERT_TRUE(fixture.sink->seen.wait_count(11));
    EXPECT_TRUE(test::eventually([&] { return fixture.lanes->load().lag == 0ns; }));
    EXPECT_EQ(fixture.lanes->load().events, 0u);
}

TEST(Lanes, resumed_coroutines_run_before_queued_events) {
    Fixture fixture(1);
    fixture.block();
    fixture.push(envelope(1));
    fixture.push(envelope(2));
    fixture.lanes->post([&] { fixture.sink->seen.add({101, 0, std::this_thread::get_id(), 0}); }, 0);
    fixture.lanes->post([&] { fixture.sink->seen.add({102, 0, std::this_thread::get_id(), 0}); }, 0);
    fixture.sink->door.open();
    ASSERT_TRUE(fixture.sink->seen.wait_count(5));
    EXPECT_EQ(fixture.sink->ids(), (std::vector<std::uint64_t>{0, 101, 102, 1, 2}));
}

TEST(Lanes, a_stop_drops_queued_dispatches_and_handles_the_rest) {
    Fixture fixture(1);
    fixture.block();
    fixture.push(envelope(1));
    fixture.push(envelope(2, 1, false));
    fixture.push(envelope(3));
    fixture.lanes->post([&] { fixture.sink->seen.add({101, 0, std::this_thread::get_id(), 0}); }, 0);
    fixture.lanes->begin_stop(Lanes::Backlog::dropped);
    fixture.sink->door.open();
    fixture.lanes->join(net::now() + test::long_enough);
    EXPECT_EQ(fixture.sink->ids(), (std::vector<std::uint64_t>{0, 101, 2}));
    EXPECT_EQ(fixture.lanes->queued_bytes(), 0u);
}

TEST(Lanes, an_unrequested_end_handles_accepted_events) {
    Fixture fixture(1);
    fixture.block();
    fixture.push(envelope(1));
    fixture.lanes->begin_stop(Lanes::Backlog::handled);
    fixture.sink->door.open();
    fixture.lanes->join(net::now() + test::long_enough);
    EXPECT_EQ(fixture.sink->ids(), (std::vector<std::uint64_t>{0, 1}));
}

TEST(Lanes, case_127_join_waits_for_a_stuck_handler_until_its_deadline_only) {
    Fixture fixture(2);
    fixture.block();
    fixture.lanes->begin_stop(Lanes::Backlog::dropped);
    const auto before = net::now();
    fixture.lanes->join(before + std::chrono::milliseconds(50));
    EXPECT_GE(net::now() - before, std::chrono::milliseconds(50));
    EXPECT_EQ(fixture.sink->seen.count(), 0u) << "the join waited for the handler";
    fixture.sink->door.open();  // the thread that was left behind ends by itself
    EXPECT_TRUE(fixture.sink->seen.wait_count(1));
}

TEST(Lanes, work_for_an_ended_lane_runs_on_the_posting_thread) {
    Fixture fixture(1);
    fixture.end(Lanes::Backlog::dropped);
    std::thread::id ran;
    fixture.lanes->post([&] { ran = std::this_thread::get_id(); }, 0);
    EXPECT_EQ(ran, std::this_thread::get_id());
}

TEST(Lanes, work_that_ends_the_lanes_does_not_wait_for_itself) {
    Fixture fixture(1);
    Door ended;
    fixture.lanes->post(
        [&] {
            fixture.end(Lanes::Backlog::dropped);
            ended.open();
        },
        0);
    EXPECT_TRUE(ended.pass());
}

TEST(Lanes, handlers_run_on_threads_that_are_marked_as_the_sdks) {
    Fixture fixture(2);
    Door done;
    unsigned lane = 99;
    fixture.lanes->post(
        [&] {
            lane = ThreadContext::here() ? ThreadContext::place().lane : 77;
            done.open();
        },
        1);
    ASSERT_TRUE(done.pass());
    EXPECT_EQ(lane, 1u);
}

TEST(Lanes, an_error_of_a_dropped_task_reaches_the_sink) {
    Fixture fixture(1);
    fixture.lanes->report_dropped(std::make_exception_ptr(1), detail::Origin{"MESSAGE_CREATE", 1});
    EXPECT_EQ(fixture.sink->dropped.all(), std::vector<std::string>{"MESSAGE_CREATE"});
}

}  // namespace
}  // namespace intent::client::lanes_test
