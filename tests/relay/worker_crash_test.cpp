// Workers, and brokers, that are killed.
#include "tests/relay/support/fake_relay.hpp"
#include "tests/support/process.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace intent::worker_crash_test {
namespace {

using namespace std::chrono_literals;
using test::eventually;
using test::FakeRelay;
using test::NatsServer;
using test::Process;
using test::Recorder;

struct WorkerCrash : testing::Test {
    void SetUp() override {
        INTENT_NEEDS_NATS();
        server = std::make_unique<NatsServer>();
        relay = std::make_unique<FakeRelay>(*server);
        // The application exists before the first event.
        Worker worker(relay->worker_options());
        worker.start();
        ASSERT_TRUE(eventually([&] { return worker.state() == ConnectionState::ready; }));
    }
    std::unique_ptr<Process> child(const std::string& mode = "pool", const std::string& handling = "0") const {
        return std::make_unique<Process>(
            std::vector<std::string>{INTENT_BINARY_DIR "/intent_relay_worker", server->url(), mode, handling},
            server->folder());
    }
    /// Of workers for events, at the broker.
    std::int64_t requests() {
        const auto info = relay->streams().consumer_info(relay->names().stream(), "app");
        return info ? info->waiting : 0;
    }
    bool all_done() {
        return eventually([&] { return relay->open("app") == 0; });
    }

    std::unique_ptr<NatsServer> server;
    std::unique_ptr<FakeRelay> relay;
};

TEST_F(WorkerCrash, an_event_of_a_killed_worker_is_handled_by_another_one_as_its_second_attempt) {
    const auto first = child("pool", "600000");
    relay->message(10, 2, "long");
    ASSERT_TRUE(first->lines.wait_contains("begin 2 long 1"));
    // The second one asks for events before the first one dies: nats-server 2.9 forgets that it has delivered an event
    // if the time for its acknowledgement ends while only a dead worker has asked.
    const auto second = child();
    ASSERT_TRUE(eventually([&] { return requests() == 2; })) << requests();
    first->signal(SIGKILL);
    EXPECT_EQ(first->wait(), 128 + SIGKILL);
    EXPECT_TRUE(second->lines.wait_contains("begin 2 long 2")) << testing::PrintToString(second->lines.all());
    EXPECT_TRUE(second->lines.wait_contains("end 2 long"));
    EXPECT_TRUE(all_done());
    second->signal(SIGTERM);
    EXPECT_EQ(second->wait(), 0);
}

TEST_F(WorkerCrash, an_event_that_kills_its_workers_becomes_a_dead_letter_and_its_neighbours_are_handled) {
    for (std::uint64_t i = 0; i < 10; ++i)
        relay->message(100 + i, 2 + i % 3, "before" + std::to_string(i));
    relay->message(200, 3, "crash");
    for (std::uint64_t i = 0; i < 10; ++i)
        relay->message(300 + i, 2 + i % 3, "after" + std::to_string(i));
    std::set<std::string> ended;
    std::set<std::string> attempts;
    int crashes = 0;
    while (relay->dead_letters().empty() && crashes < 20) {
        const auto worker = child();
        eventually([&] { return worker->wait(10ms).has_value() || !relay->dead_letters().empty(); });
        if (relay->dead_letters().empty()) ++crashes;
        if (!relay->dead_letters().empty()) all_done();
        worker->signal(SIGTERM);
        worker->wait();
        for (const auto& line : worker->lines.all()) {
            if (line.starts_with("end ")) ended.insert(line);
            if (line.find(" crash ") != std::string::npos) attempts.insert(line);
        }
    }
    EXPECT_EQ(crashes, 5);
    EXPECT_EQ(attempts.size(), 5u);
    const auto letters = relay->dead_letters();
    ASSERT_EQ(letters.size(), 1u);
    EXPECT_NE(letters[0].message.data.find("crash"), std::string::npos);
    EXPECT_EQ(*letters[0].message.headers.find("Intent-Attempts"), "5");
    EXPECT_EQ(ended.size(), 20u);
}

TEST_F(WorkerCrash, a_call_of_a_worker_that_dies_after_it_takes_effect_once) {
    relay->message(10, 2, "reply");
    int crashes = 0;
    while (relay->dead_letters().empty() && crashes < 20) {
        const auto worker = child();
        eventually([&] { return worker->wait(10ms).has_value() || !relay->dead_letters().empty(); });
        ++crashes;
        worker->signal(SIGTERM);
        worker->wait();
    }
    // An attempt may have sent its call again, because no answer came in time.
    const auto keys = relay->keys.all();
    EXPECT_GE(keys.size(), 5u);
    EXPECT_EQ(std::set<std::string>(keys.begin(), keys.end()).size(), 1u);
    EXPECT_EQ(relay->effects.count(), 1u);
}

TEST_F(WorkerCrash, no_event_is_lost_when_the_broker_is_killed_and_restarted) {
    Recorder<std::string> seen;
    Worker worker(relay->worker_options());
    worker.on([&](MessageCreate event) -> task<> {
        co_await worker.sleep_for(1ms);
        seen.add(event.message.content);
    });
    worker.start();
    for (std::uint64_t round = 0; round < 5; ++round) {
        for (std::uint64_t i = 0; i < 40; ++i)
            relay->message(1'000 + round * 40 + i, 2 + i % 5, std::to_string(round * 40 + i));
        server->kill();
        server->start();
    }
    const auto distinct = [&] {
        const auto all = seen.all();
        return std::set<std::string>(all.begin(), all.end()).size();
    };
    EXPECT_TRUE(eventually([&] { return distinct() == 200; })) << distinct();
    EXPECT_TRUE(all_done());
    RecordProperty("twice", static_cast<int>(seen.count() - 200));
    EXPECT_EQ(worker.state(), ConnectionState::ready);
}

TEST_F(WorkerCrash, a_worker_waits_for_a_broker_and_a_relay_that_are_not_there_yet_with_one_line_for_each) {
    struct Log final : LogSink {
        bool enabled(LogLevel level, std::string_view) const noexcept override { return level >= LogLevel::warn; }
        void write(const LogRecord& record) override { lines.add(std::string(record.text)); }
        Recorder<std::string> lines;
    };
    const auto log = std::make_shared<Log>();
    server->kill();
    auto options = relay->worker_options();
    options.broker.bot = "other";
    options.log = log;
    Worker worker(options);
    worker.start();
    ASSERT_TRUE(log->lines.wait_count(1));
    EXPECT_NE(log->lines.all()[0].find("broker"), std::string::npos) << log->lines.all()[0];
    server->start();
    ASSERT_TRUE(log->lines.wait_value([](const std::string& text) {
        return text.find("waiting for a relay: the broker has no stream INTENT_other yet") != std::string::npos;
    }));
    EXPECT_FALSE(log->lines.wait_count(3, 2s)) << log->lines.all().back();
    EXPECT_EQ(worker.state(), ConnectionState::connecting);
}

}  // namespace
}  // namespace intent::worker_crash_test
