// Frames that make no sense, numbers that fall, and sessions that begin in the middle of a connection.
#include "codec/convert.hpp"
#include "tests/support/client_world.hpp"
#include "tests/support/scripted_gateway.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace intent::odd_frames_test {
namespace {

void say_message(test::ScriptedGateway& gateway, const std::string& content) {
    gateway.dispatch("MESSAGE_CREATE",
                     R"({"id":"9","channel_id":"2","author":{"id":"3","username":"alice"},"content":")" + content +
                         R"(","created_at":"2024-01-15T12:00:00Z"})");
}

TEST(OddFrames, case_147_a_second_session_on_the_same_socket_is_a_new_session) {
    test::ScriptedGateway gateway;
    Client client(gateway.options());
    test::Diary diary(client);
    test::Recorder<int> gaps;
    client.on([&](const SequenceGap&) { gaps.add(1); });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    gateway.say([&] {
        gateway.set_seq(56);
        say_message(gateway, "of the first");
        gateway.session_id = "s2";
        gateway.send_ready();
        for (const char* content : {"1", "2", "3", "4"})
            say_message(gateway, content);
    });
    ASSERT_TRUE(diary.messages().wait_contains("4"));
    EXPECT_EQ(diary.messages().all(), (std::vector<std::string>{"of the first", "1", "2", "3", "4"}));
    gateway.say([&] { gateway.close(4000); });
    ASSERT_TRUE(diary.life().wait_contains("resumed"));
    EXPECT_TRUE(gateway.commands.wait_contains("resume s2 4")) << "the new id with the new numbers";
    EXPECT_EQ(diary.life().all(), (std::vector<std::string>{"ready bot", "ready bot", "gap",
                                                            "disconnect 4000 resumable", "reconnecting 1", "resumed"}));
    EXPECT_EQ(gaps.count(), 0u);
    EXPECT_EQ(client.gauges().sessions, 2u);
    EXPECT_EQ(client.gauges().duplicates, 0u);
}

TEST(OddFrames, case_148_invalid_frames_are_reported_and_the_connection_stays_open) {
    test::ScriptedGateway gateway;
    const auto log = std::make_shared<test::NotedLog>();
    auto options = gateway.options();
    options.log = log;
    Client client(options);
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    gateway.say([&] {
        gateway.send_bytes({0xc1});
        gateway.send_bytes(*codec::json_to_msgpack(R"({"t":"MESSAGE_CREATE","s":1})"));
        for (int i = 0; i < 3; ++i)
            gateway.send_bytes(*codec::json_to_msgpack("[]"));
        say_message(gateway, "after");
    });
    ASSERT_TRUE(diary.messages().wait_contains("after"));
    const auto errors = diary.errors().all();
    ASSERT_EQ(errors.size(), 3u);
    EXPECT_TRUE(errors[0].starts_with("gateway: gateway: a frame could not be decoded: ")) << errors[0];
    EXPECT_TRUE(errors[0].ends_with("(1 bad frame on this connection)")) << errors[0];
    EXPECT_NE(errors[1].find("no usable opcode"), std::string::npos) << errors[1];
    EXPECT_TRUE(errors[1].ends_with("(2 bad frames on this connection)")) << errors[1];
    EXPECT_TRUE(errors[2].ends_with("(4 bad frames on this connection)")) << errors[2];
    EXPECT_TRUE(log->mentions("no usable opcode"));
    EXPECT_EQ(client.gauges().bad_frames, 5u);
    EXPECT_EQ(diary.life().all(), std::vector<std::string>{"ready bot"});
}

TEST(OddFrames, case_149_falling_sequence_numbers_are_reported) {
    test::ScriptedGateway gateway;
    Client client(gateway.options());
    test::Diary diary(client);
    test::Recorder<std::string> gaps;
    client.on([&](const SequenceGap& gap) { gaps.add(std::to_string(gap.last) + " " + std::to_string(gap.received)); });
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    gateway.say([&] {
        gateway.set_seq(5);
        say_message(gateway, "6");
        gateway.set_seq(0);
        for (int i = 1; i <= 7; ++i)
            say_message(gateway, "again " + std::to_string(i));
    });
    ASSERT_TRUE(diary.messages().wait_contains("again 7"));
    EXPECT_EQ(diary.messages().all(), (std::vector<std::string>{"6", "again 7"}));
    EXPECT_EQ(gaps.all(), std::vector<std::string>{"6 1"});
    EXPECT_EQ(client.gauges().sequence_gaps, 1u);
    EXPECT_EQ(client.gauges().duplicates, 6u);
}

}  // namespace
}  // namespace intent::odd_frames_test
