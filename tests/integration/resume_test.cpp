// Connections that break: what was missed comes once and in order, or the bot is told that it is lost.
#include "tests/support/client_world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

namespace intent::resume_test {
namespace {

using namespace std::chrono_literals;

std::vector<std::string> numbers(int from, int to) {
    std::vector<std::string> list;
    for (int i = from; i <= to; ++i)
        list.push_back("number " + std::to_string(i));
    return list;
}

void say(Sandbox& sandbox, const std::vector<std::string>& texts) {
    for (const auto& text : texts)
        sandbox.say("alice", sandbox.general(), text);
}

class Resume : public testing::TestWithParam<bool> {};

TEST_P(Resume, case_052_after_a_cut_delivers_missed_events_once_and_in_order) {
    Sandbox sandbox(sandbox::Options{.hello = GetParam()});
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    say(sandbox, numbers(1, 5));
    ASSERT_TRUE(diary.messages().wait_count(5));

    sandbox.drop_connections();
    say(sandbox, numbers(6, 15));
    ASSERT_TRUE(diary.messages().wait_count(15));
    ASSERT_TRUE(diary.life().wait_contains("resumed"));
    say(sandbox, numbers(16, 20));
    ASSERT_TRUE(diary.messages().wait_count(20));
    client.stop();

    EXPECT_EQ(diary.messages().all(), numbers(1, 20));
    EXPECT_EQ(diary.life().all(), (std::vector<std::string>{"ready bot", "disconnect 1006 resumable", "reconnecting 1",
                                                            "resumed", "disconnect 1000"}));
    EXPECT_EQ(sandbox.identifies(), 1u);
    EXPECT_EQ(sandbox.resumes(), 1u);
    EXPECT_EQ(diary.errors().count(), 0u);
}

TEST_P(Resume, case_052_with_nothing_to_replay_keeps_the_session_and_the_connection) {
    Sandbox sandbox(sandbox::Options{.hello = GetParam(), .heartbeat_interval = std::chrono::milliseconds(300)});
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    sandbox.drop_connections();
    ASSERT_TRUE(diary.life().wait_contains("resumed"));
    // The sandbox would cut it after two intervals without a heartbeat.
    const auto beats = sandbox.heartbeats();
    ASSERT_TRUE(test::eventually([&] { return sandbox.heartbeats() >= beats + 5; }));
    say(sandbox, numbers(1, 1));
    ASSERT_TRUE(diary.messages().wait_count(1));
    client.stop();

    EXPECT_EQ(diary.life().all(), (std::vector<std::string>{"ready bot", "disconnect 1006 resumable", "reconnecting 1",
                                                            "resumed", "disconnect 1000"}));
    EXPECT_EQ(sandbox.identifies(), 1u);
    EXPECT_EQ(sandbox.resumes(), 1u);
}

TEST_P(Resume, events_of_a_replay_say_so) {
    Sandbox sandbox(sandbox::Options{.hello = GetParam()});
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    test::Recorder<std::string> replayed;
    client.on([&](MessageCreate event) -> task<> {
        co_await client.sleep_for(1ms);
        if (current_delivery() == Delivery{.source = DeliverySource::replay}) replayed.add(event.message.content);
    });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    say(sandbox, numbers(1, 2));
    ASSERT_TRUE(diary.messages().wait_count(2));
    sandbox.drop_connections();
    say(sandbox, numbers(3, 4));
    ASSERT_TRUE(diary.life().wait_contains("resumed"));
    say(sandbox, numbers(5, 6));
    ASSERT_TRUE(diary.messages().wait_count(6));
    ASSERT_TRUE(replayed.wait_count(2));
    client.stop();
    EXPECT_EQ(replayed.all(), numbers(3, 4));
}

INSTANTIATE_TEST_SUITE_P(Sandbox, Resume, testing::Bool(),
                         [](const auto& row) { return row.param ? "hello" : "today"; });

TEST(Session, case_053_061_that_cannot_be_resumed_is_replaced_and_the_gap_is_reported) {
    test::Recorder<Gap> gaps;
    test::Recorder<ServerId> vanished;
    Sandbox sandbox(sandbox::Options{.resume = false});
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    client.on([&](const Gap& gap) { gaps.add(gap); });
    client.on([&](const ServerDelete& event) {
        if (event.resync) vanished.add(event.id);
    });
    const auto second = sandbox.create_server("alice", "Second");
    sandbox.add_member(second, "bot");
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    EXPECT_EQ(client.servers().size(), 2u);
    say(sandbox, numbers(1, 3));
    ASSERT_TRUE(diary.messages().wait_count(3));

    const Timestamp before_the_loss = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    sandbox.drop_connections();
    say(sandbox, numbers(4, 6));  // lost
    RestOptions alice{.token = sandbox.user_token("alice"), .rest_url = sandbox.rest_url(), .log = nullptr};
    RestClient(alice).remove_server(second).get();
    ASSERT_TRUE(diary.wait_ready(2));
    say(sandbox, numbers(7, 7));
    ASSERT_TRUE(diary.messages().wait_count(4));
    client.stop();

    EXPECT_EQ(diary.messages().all(), (std::vector<std::string>{"number 1", "number 2", "number 3", "number 7"}));
    EXPECT_EQ(diary.life().all(), (std::vector<std::string>{"ready bot", "disconnect 1006", "reconnecting 1",
                                                            "ready bot", "gap", "disconnect 1000"}));
    ASSERT_EQ(gaps.count(), 1u);
    const auto gap = gaps.all().front();
    EXPECT_LE(gap.from, before_the_loss);
    EXPECT_LT(gap.from, gap.to);
    EXPECT_LT(gap.to - gap.from, std::chrono::minutes(1));
    EXPECT_FALSE(gap.reason.empty());
    EXPECT_EQ(vanished.all(), std::vector<ServerId>{second});
    EXPECT_EQ(client.servers().size(), 1u);
}

TEST(WaitOnline, a_session_that_a_test_has_waited_for_survives_a_cut) {
    for (int i = 0; i < 20; ++i) {
        Sandbox sandbox;
        Client client(test::options_for(sandbox));
        test::Recorder<bool> resumable;
        client.on([&](const Disconnect& event) { resumable.add(event.will_resume); });
        client.start();
        ASSERT_TRUE(sandbox.wait_online("bot", 30s));
        sandbox.drop_connections();
        ASSERT_TRUE(resumable.wait_count(1));
        EXPECT_TRUE(resumable.all().front());
        client.stop();
    }
}

}  // namespace
}  // namespace intent::resume_test
