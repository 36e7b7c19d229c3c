// The WebSocket client against a peer that writes frames byte by byte.
#include "tests/support/net_client.hpp"
#include "tests/support/net_peer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

namespace intent::test::framing_test {
namespace {

using namespace std::chrono_literals;

// Opens, sends `bytes`, then reads the client's frames until the end.
struct SendingPeer {
    explicit SendingPeer(std::string bytes_)
        : bytes(std::move(bytes_)), peer([this](PeerConnection& connection) {
              connection.accept_upgrade();
              connection.send(bytes);
              while (auto got = connection.read_frame())
                  monitor.change([&] { frames.push_back(*got); });
              monitor.change([&] { ended = true; });
          }) {}

    bool wait_end() {
        return monitor.wait([&] { return ended; });
    }

    // Code of the close frame the client sent; 0 if there was none.
    int close_code() {
        if (!wait_end()) return -1;
        for (const auto& got : frames)
            if (got.opcode == 8 && got.payload.size() >= 2)
                return static_cast<std::uint8_t>(got.payload[0]) << 8 | static_cast<std::uint8_t>(got.payload[1]);
        return 0;
    }

    std::size_t count(int opcode) {
        return static_cast<std::size_t>(
            std::count_if(frames.begin(), frames.end(), [&](const PeerFrame& got) { return got.opcode == opcode; }));
    }

    const std::string bytes;
    Monitor monitor;
    std::vector<PeerFrame> frames;
    bool ended = false;
    ScriptedPeer peer;
};

TEST(Framing, case_009_a_frame_in_the_segment_of_the_upgrade_is_taken_at_once) {
    ScriptedPeer peer([](PeerConnection& connection) {
        connection.accept_upgrade(binary_frame("first"));
        connection.wait_for_end();
    });
    TestClient client(peer.url());
    ASSERT_TRUE(client.wait_messages(1));
    EXPECT_EQ(client.messages[0], "first");
}

TEST(Framing, everything_a_byte_at_a_time_arrives) {
    ScriptedPeer peer([](PeerConnection& connection) {
        auto head = PeerConnection::accept_head(connection.read_head());
        connection.send_bytewise(head + binary_frame("abc") + frame(0x89, "p") + frame(0x02, "de") + frame(0x80, "f") +
                                 binary_frame(std::string(200, 'x')) + frame(0x88, close_payload(4001, "end")));
        connection.wait_for_end();
    });
    TestClient client(peer.url());
    ASSERT_TRUE(client.wait_closed());
    EXPECT_EQ(client.messages, (std::vector<std::string>{"abc", "def", std::string(200, 'x')}));
    EXPECT_EQ(client.closed->code, 4001);
    EXPECT_EQ(client.closed->reason, "end");
}

TEST(Framing, frames_split_at_every_byte_and_merged_arrive_alike) {
    const std::string bytes =
        binary_frame("one") + frame(0x02, "t") + frame(0x89, "") + frame(0x80, "wo") + binary_frame("");
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
        ScriptedPeer peer([&](PeerConnection& connection) {
            connection.accept_upgrade(bytes.substr(0, cut));
            connection.send(bytes.substr(cut));
            connection.wait_for_end();
        });
        TestClient client(peer.url());
        ASSERT_TRUE(client.wait_messages(3)) << cut;
        EXPECT_EQ(client.messages, (std::vector<std::string>{"one", "two", ""})) << cut;
    }
}

TEST(Framing, ten_thousand_messages_in_one_stream_keep_their_order) {
    std::string bytes;
    for (int i = 0; i < 10'000; ++i)
        bytes += binary_frame(std::to_string(i) + std::string(static_cast<std::size_t>(i % 300), '.'));
    SendingPeer peer(bytes);
    TestClient client(peer.peer.url());
    ASSERT_TRUE(client.wait_messages(10'000));
    for (int i = 0; i < 10'000; ++i)
        ASSERT_EQ(std::atoi(client.messages[static_cast<std::size_t>(i)].c_str()), i);
    EXPECT_LT(client.monitor.read([&] { return client.batches; }), 10'000);
}

TEST(Framing, lengths_in_all_three_forms_arrive) {
    std::string bytes;
    const std::vector<std::size_t> sizes{0, 1, 125, 126, 127, 4095, 4096, 4097, 65535, 65536, 65537, 1'000'000};
    for (const auto size : sizes)
        bytes += binary_frame(std::string(size, 'a'));
    SendingPeer peer(bytes);
    TestClient client(peer.peer.url());
    ASSERT_TRUE(client.wait_messages(sizes.size()));
    for (std::size_t i = 0; i < sizes.size(); ++i)
        EXPECT_EQ(client.messages[i], std::string(sizes[i], 'a'));
}

TEST(Framing, case_110_fragments_are_joined_and_a_ping_between_is_answered) {
    SendingPeer peer(frame(0x02, "frag") + frame(0x89, "ping!") + frame(0x00, "men") + frame(0x8a, "pong") +
                     frame(0x80, "ts") + binary_frame("whole") + frame(0x88, close_payload(1000)));
    TestClient client(peer.peer.url());
    ASSERT_TRUE(client.wait_closed());
    EXPECT_EQ(client.messages, (std::vector<std::string>{"fragments", "whole"}));
    ASSERT_TRUE(peer.wait_end());
    ASSERT_EQ(peer.count(10), 1u);
    EXPECT_EQ(peer.frames[0].payload, "ping!");
}

TEST(Framing, case_111_a_flood_of_pings_is_answered_sparingly_the_newest_included) {
    std::string bytes;
    for (int i = 0; i < 10'000; ++i)
        bytes += frame(0x89, std::to_string(i));
    SendingPeer peer(bytes + binary_frame("alive") + frame(0x88, close_payload(1000)));
    TestClient client(peer.peer.url());
    ASSERT_TRUE(client.wait_closed());
    EXPECT_EQ(client.closed->code, 1000);
    EXPECT_EQ(client.messages, std::vector<std::string>{"alive"});
    ASSERT_TRUE(peer.wait_end());
    EXPECT_GT(peer.count(10), 0u);
    EXPECT_LT(peer.count(10), 5'000u);
    std::string newest;
    for (const auto& got : peer.frames)
        if (got.opcode == 10) newest = got.payload;
    EXPECT_GE(std::stoi(newest), 9'000);
}

TEST(Framing, pings_the_peer_does_not_read_the_answers_to_do_not_pile_up) {
    ScriptedPeer peer([](PeerConnection& connection) {
        connection.accept_upgrade();
        std::string pings;
        for (int i = 0; i < 1'000; ++i)
            pings += frame(0x89, std::string(125, 'p'));
        for (int i = 0; i < 200; ++i)
            if (!connection.send(pings)) return;
        connection.send(binary_frame("done"));
        connection.wait_for_end();
    });
    TestClient client(peer.url());
    EXPECT_TRUE(client.wait_messages(1));
}

TEST(Framing, case_111_112_113_165_violations_close_with_their_code_and_reach_no_handler) {
    struct Violation {
        const char* name;
        std::string bytes;
        int code;
    };
    const std::vector<Violation> violations{
        {"reserved bit", frame(0xc2, "x"), 1002},
        {"continuation without a start", frame(0x80, "x"), 1002},
        {"fragmented ping", frame(0x09, "x"), 1002},
        {"length 2^64-1", frame(0x82, "", ~0ull), 1009},
        {"length 4 MiB + 1", frame(0x82, "", (4ull << 20) + 1), 1009},
        {"fragments over the limit", frame(0x02, std::string(70'000, 'x')) + frame(0x80, "", (4ull << 20) - 69'999),
         1009},
        {"text in fragments that is not UTF-8", frame(0x01, "\xff") + frame(0x80, "x"), 1007},
        {"close code 5000", frame(0x88, close_payload(5000)), 1002},
        {"close reason that is not UTF-8", frame(0x88, close_payload(1000, "\xff\xfe")), 1007},
        {"text that is not UTF-8", frame(0x81, "\xff\xfe"), 1007},
    };
    for (const auto& violation : violations) {
        SCOPED_TRACE(violation.name);
        SendingPeer peer(binary_frame("before") + violation.bytes);
        TestClient client(peer.peer.url());
        ASSERT_TRUE(client.wait_closed());
        EXPECT_EQ(client.closed->code, violation.code);
        EXPECT_FALSE(client.closed->reason.empty());
        EXPECT_EQ(client.messages, std::vector<std::string>{"before"});
        EXPECT_EQ(client.texts.size(), 0u);
        EXPECT_EQ(peer.close_code(), violation.code);
        EXPECT_EQ(client.ends, 1);
    }
}

TEST(Framing, case_065_068_close_frames_come_through_as_they_are) {
    struct Case {
        std::string payload;
        int code;
        std::string reason;
    };
    for (const auto& [payload, code, reason] :
         {Case{"", 1005, ""}, Case{close_payload(1000), 1000, ""}, Case{close_payload(4999, "x"), 4999, "x"},
          Case{close_payload(1014), 1014, ""}, Case{close_payload(3000), 3000, ""},
          Case{close_payload(4008, std::string(123, 'r')), 4008, std::string(123, 'r')},
          Case{close_payload(4000, "a\nb\x1b[31m"), 4000, "a b [31m"}}) {
        SendingPeer peer(frame(0x88, payload) + binary_frame("after"));
        TestClient client(peer.peer.url());
        ASSERT_TRUE(client.wait_closed());
        EXPECT_EQ(client.closed->code, code);
        EXPECT_EQ(client.closed->reason, reason);
        EXPECT_EQ(client.messages.size(), 0u);
        ASSERT_TRUE(peer.wait_end());
        EXPECT_EQ(peer.count(8), 1u) << "the close frame is answered";
    }
}

// The client has sent its close frame before the peer's arrives.
TEST(Framing, case_165_an_illegal_close_frame_in_answer_to_ours_is_reported_as_such) {
    struct Case {
        std::string payload;
        int code;
    };
    for (const auto& [payload, code] :
         {Case{close_payload(1000), 1000}, Case{"", 1005}, Case{close_payload(5000), 1002}, Case{"x", 1002},
          Case{close_payload(1000, "\xff"), 1007}}) {
        ScriptedPeer peer([answer = frame(0x88, payload)](PeerConnection& connection) {
            connection.accept_upgrade();
            connection.read_frame();
            connection.send(answer);
            connection.wait_for_end();
        });
        TestClient client(peer.url());
        ASSERT_TRUE(client.wait_open());
        client.close(1000);
        ASSERT_TRUE(client.wait_closed());
        EXPECT_EQ(client.closed->code, code);
    }
}

TEST(Framing, frames_of_the_client_are_masked_whole_and_binary) {
    SendingPeer peer("");
    TestClient client(peer.peer.url());
    ASSERT_TRUE(client.wait_open());
    const std::string large(70'000, 'l');
    client.send("small");
    client.send(large);
    ASSERT_TRUE(peer.monitor.wait([&] { return peer.frames.size() == 2; }));
    EXPECT_EQ(peer.frames[0].payload, "small");
    EXPECT_EQ(peer.frames[1].payload, large);
    for (const auto& got : peer.frames) {
        EXPECT_TRUE(got.final);
        EXPECT_EQ(got.opcode, 2);
    }
}

}  // namespace
}  // namespace intent::test::framing_test
