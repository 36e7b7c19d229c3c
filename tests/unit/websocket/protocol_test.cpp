// The client's side of RFC 6455, byte by byte.
#include "websocket/protocol.hpp"

#include "tests/support/websocket_frames.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace intent::test::protocol_test {
namespace {

using websocket::Protocol;
using Event = Protocol::Event;

constexpr std::size_t limit = 1000;

std::span<const std::uint8_t> as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// What a connection has returned and sent.
struct Outcome {
    std::vector<std::string> messages = {};  ///< "b:" or "t:", then the content
    std::vector<PeerFrame> sent = {};
    int code = 0;  ///< of the end; 0 while it is open
    std::string reason = {};
    bool operator==(const Outcome&) const = default;
};

void PrintTo(const Outcome& outcome, std::ostream* out) {
    for (const auto& message : outcome.messages)
        *out << message.substr(0, 40) << " (" << message.size() - 2 << " bytes), ";
    for (const auto& sent : outcome.sent)
        *out << "sent " << sent.opcode << " '" << sent.payload.substr(0, 40) << "', ";
    *out << "ended with " << outcome.code << " '" << outcome.reason << "'";
}

class Connection {
public:
    Protocol protocol{limit, [this] {
                          return websocket::MaskKey{0x5a, ++keys_, static_cast<std::uint8_t>(keys_ * 7), 0xc3};
                      }};

    // As from one read of the socket.
    void receive(std::string_view bytes) {
        received_.append(bytes);
        while (outcome_.code == 0) {
            const auto step = protocol.next(as_bytes(received_));
            if (step.event == Event::need_more) {
                ASSERT_GT(step.needed, received_.size());
                return;
            }
            if (step.event == Event::ended) {
                outcome_.code = protocol.code();
                outcome_.reason = protocol.reason();
                return;
            }
            ASSERT_LE(step.consumed, received_.size());
            if (step.event == Event::binary || step.event == Event::text)
                outcome_.messages.push_back((step.event == Event::text ? "t:" : "b:") +
                                            std::string(step.message.begin(), step.message.end()));
            received_.erase(0, step.consumed);
        }
    }

    void flush() {
        std::vector<std::uint8_t> bytes;
        protocol.take_output(bytes);
        std::string_view left(reinterpret_cast<const char*>(bytes.data()), bytes.size());
        while (!left.empty()) {
            const auto got = read_client_frame([&](std::size_t count) {
                const std::string part(left.substr(0, count));
                left.remove_prefix(part.size());
                return part;
            });
            if (!got) return ADD_FAILURE() << "sent a malformed frame";
            outcome_.sent.push_back(*got);
        }
    }

    std::size_t unconsumed() const { return received_.size(); }

    Outcome outcome() {
        flush();
        return outcome_;
    }

private:
    std::uint8_t keys_ = 0;
    std::string received_;
    Outcome outcome_;
};

// The outcome of these bytes, whatever the slices they arrive in. `prepare` runs first.
template <class Prepare>
Outcome outcome_of(std::string_view bytes, Prepare&& prepare) {
    Connection whole;
    prepare(whole);
    whole.receive(bytes);
    const auto expected = whole.outcome();
    for (const std::size_t slice : {1u, 2u, 3u, 7u, 64u}) {
        Connection sliced;
        prepare(sliced);
        for (std::size_t at = 0; at < bytes.size(); at += slice)
            sliced.receive(bytes.substr(at, slice));
        EXPECT_EQ(sliced.outcome(), expected) << "in slices of " << slice;
    }
    return expected;
}

Outcome outcome_of(std::string_view bytes) {
    return outcome_of(bytes, [](Connection&) {});
}

std::vector<std::string> list(std::initializer_list<std::string> texts) { return texts; }

TEST(Protocol, returns_messages_of_both_kinds_in_order) {
    const auto got = outcome_of(binary_frame("one") + frame(0x81, "t\xc3\xa4xt") + binary_frame("") + frame(0x81, ""));
    EXPECT_EQ(got, (Outcome{.messages = list({"b:one", "t:t\xc3\xa4xt", "b:", "t:"})}));
}

TEST(Protocol, reads_lengths_in_all_three_forms) {
    for (const std::size_t size : {0u, 1u, 125u, 126u, 127u, 255u, 256u, 65535u, 65536u, 65537u}) {
        Protocol protocol(1u << 20, [] { return websocket::MaskKey{}; });
        const std::string bytes = binary_frame(std::string(size, 'x'));
        ASSERT_EQ(protocol.next(as_bytes(bytes).first(bytes.size() - 1)).event, Event::need_more) << size;
        const auto step = protocol.next(as_bytes(bytes));
        EXPECT_EQ(step.event, Event::binary);
        EXPECT_EQ(step.message.size(), size);
        EXPECT_EQ(step.consumed, bytes.size());
    }
}

TEST(Protocol, knows_the_size_of_a_frame_as_soon_as_its_length_has_arrived) {
    Protocol protocol(1u << 20, [] { return websocket::MaskKey{}; });
    const std::string bytes = binary_frame(std::string(70'000, 'x'));
    for (const auto& [received, needed] :
         {std::pair<std::size_t, std::size_t>{0, 2}, {1, 2}, {2, 10}, {9, 10}, {10, 70'010}, {70'009, 70'010}})
        EXPECT_EQ(protocol.next(as_bytes(bytes).first(received)).needed, needed) << received;
}

TEST(Protocol, long_messages_follow_the_same_rules_as_short_ones) {
    const std::string text(200, 'x');
    EXPECT_EQ(outcome_of(frame(0x02, "a") + frame(0x80, "b") + binary_frame(text)),
              (Outcome{.messages = list({"b:ab", "b:" + text})}));
    EXPECT_EQ(outcome_of(frame(0x02, "a") + binary_frame(text)).code, 1002) << "inside a message";
    EXPECT_EQ(outcome_of(binary_frame(std::string(limit, 'x'))).messages.size(), 1u);
    EXPECT_EQ(outcome_of(binary_frame(std::string(limit + 1, 'x'))).code, 1009);
    EXPECT_EQ(outcome_of(std::string("\x82\x7e\x00\x05hello", 9)).code, 1002) << "a length that is not minimal";
    EXPECT_EQ(outcome_of(binary_frame(text) + frame(0x82, "after"),
                         [](Connection& connection) { connection.protocol.close(1000, ""); })
                  .messages,
              list({}))
        << "discarded after our close frame";
}

TEST(Protocol, returns_a_message_without_fragments_in_place) {
    Protocol protocol(limit, [] { return websocket::MaskKey{}; });
    const std::string bytes = binary_frame("in place");
    EXPECT_EQ(static_cast<const void*>(protocol.next(as_bytes(bytes)).message.data()), bytes.data() + 2);
}

TEST(Protocol, case_110_joins_fragments_around_control_frames) {
    const auto got = outcome_of(frame(0x02, "frag") + frame(0x89, "ping") + frame(0x00, "men") + frame(0x8a, "pong") +
                                frame(0x80, "ts") + frame(0x01, "te") + frame(0x80, "xt") + binary_frame("whole"));
    EXPECT_EQ(got, (Outcome{.messages = list({"b:fragments", "t:text", "b:whole"}), .sent = {{true, 10, "ping"}}}));
}

TEST(Protocol, case_110_takes_empty_fragments_anywhere) {
    std::string bytes = frame(0x02) + frame(0x00) + frame(0x00, "a") + frame(0x00) + frame(0x80) + frame(0x02) +
                        frame(0x80) + frame(0x01) + frame(0x80, "text") + frame(0x02);
    for (int i = 0; i < 10'000; ++i)
        bytes += frame(0x00);
    EXPECT_EQ(outcome_of(bytes + frame(0x80, "end")).messages, list({"b:a", "b:", "t:text", "b:end"}));
    EXPECT_EQ(outcome_of(frame(0x02) + frame(0x80) + frame(0x80, "no start")).code, 1002);
}

TEST(Protocol, case_110_takes_a_character_in_two_fragments) {
    EXPECT_EQ(outcome_of(frame(0x01, "caf\xc3") + frame(0x80, "\xa9")).messages, list({"t:caf\xc3\xa9"}));
}

TEST(Protocol, case_111_answers_pings_and_ignores_pongs) {
    const std::string large(125, 'p');
    const auto got = outcome_of(frame(0x89) + frame(0x8a, "unasked") + frame(0x89, large) + binary_frame("m"));
    EXPECT_EQ(got, (Outcome{.messages = list({"b:m"}), .sent = {{true, 10, ""}, {true, 10, large}}}));
}

TEST(Protocol, case_111_answers_the_first_pings_of_a_flood_and_the_newest) {
    std::string pings;
    for (int i = 0; i < 1'000; ++i)
        pings += frame(0x89, std::to_string(i));
    Connection connection;
    connection.receive(pings);
    auto sent = connection.outcome().sent;
    ASSERT_EQ(sent.size(), 17u);
    EXPECT_EQ(sent[15].payload, "15");
    EXPECT_EQ(sent[16].payload, "999");
    connection.receive(frame(0x89, "later") + frame(0x89, "and later"));
    sent = connection.outcome().sent;
    ASSERT_EQ(sent.size(), 19u) << "all output was taken, so the next ones are answered again";
    EXPECT_EQ(sent[18].payload, "and later");
    connection.receive(pings + frame(0x88, close_payload(1000)));
    sent = connection.outcome().sent;
    ASSERT_EQ(sent.size(), 37u);
    EXPECT_EQ(sent[35].payload, "999");
    EXPECT_EQ(sent[36].opcode, 8) << "nothing follows the close frame";
}

TEST(Protocol, case_111_112_113_165_ends_on_a_violation_with_its_code) {
    struct Violation {
        const char* name;
        std::string bytes;
        int code;
    };
    auto masked = binary_frame("abcd-masked");
    masked[1] = static_cast<char>(masked[1] | 0x80);
    using namespace std::string_literals;
    const std::vector<Violation> violations{
        {"masked", masked, 1002},
        {"rsv1", frame(0xc2, "x"), 1002},
        {"rsv2", frame(0xa2, "x"), 1002},
        {"rsv3", frame(0x92, "x"), 1002},
        {"rsv1 on a ping", frame(0xc9, "x"), 1002},
        {"reserved opcode 3", frame(0x83, "x"), 1002},
        {"reserved opcode 7", frame(0x87, "x"), 1002},
        {"reserved opcode 11", frame(0x8b, "x"), 1002},
        {"reserved opcode 15", frame(0x8f, "x"), 1002},
        {"continuation without a start", frame(0x80, "x"), 1002},
        {"empty continuation without a start", frame(0x00), 1002},
        {"new message within one", frame(0x02, "x") + frame(0x82, "y"), 1002},
        {"new empty message within one", frame(0x02, "x") + frame(0x02), 1002},
        {"new message after an empty start", frame(0x02) + frame(0x81, "y"), 1002},
        {"ping of 126 bytes", frame(0x89, std::string(126, 'p')), 1002},
        {"pong that claims 2^63 bytes", frame(0x8a, "", 1ull << 63), 1002},
        {"fragmented ping", frame(0x09, "x"), 1002},
        {"fragmented close", frame(0x08, close_payload(1000)), 1002},
        {"two bytes for 5", "\x82\x7e\0\5hello"s, 1002},
        {"two bytes for 125", "\x82\x7e\0\x7d"s, 1002},
        {"eight bytes for 5", "\x82\x7f\0\0\0\0\0\0\0\5hello"s, 1002},
        {"eight bytes for 65535", "\x82\x7f\0\0\0\0\0\0\xff\xff"s, 1002},
        {"length 2^63", frame(0x82, "", 1ull << 63), 1009},
        {"length 2^64-1", frame(0x82, "", ~0ull), 1009},
        {"one byte over the limit", frame(0x82, "", limit + 1), 1009},
        {"fragments over the limit", frame(0x02, std::string(700, 'x')) + frame(0x80, "", limit - 699), 1009},
        {"last fragment 2^64-1", frame(0x02, "x") + frame(0x80, "", ~0ull), 1009},
        {"close of 1 byte", frame(0x88, "x"), 1002},
        {"close code 5000 in the middle of a message", frame(0x02, "x") + frame(0x88, close_payload(5000)), 1002},
        {"close reason that is not UTF-8", frame(0x88, close_payload(1000, "\xff\xfe")), 1007},
        {"close reason cut within a character", frame(0x88, close_payload(4004, "caf\xc3")), 1007},
        {"text that is not UTF-8", frame(0x81, "\xff\xfe"), 1007},
        {"text with a surrogate", frame(0x81, "\xed\xa0\x80"), 1007},
        {"text cut within a character", frame(0x81, "caf\xc3"), 1007},
        {"text in fragments that is not UTF-8", frame(0x01, "\xff") + frame(0x80, "x"), 1007},
        {"text cut within a character by its last fragment", frame(0x01, "caf") + frame(0x80, "\xc3"), 1007},
    };
    for (const auto& violation : violations) {
        SCOPED_TRACE(violation.name);
        const auto got = outcome_of(binary_frame("before") + violation.bytes + binary_frame("after"));
        EXPECT_EQ(got.code, violation.code);
        EXPECT_FALSE(got.reason.empty());
        EXPECT_EQ(got.messages, list({"b:before"}));
        ASSERT_EQ(got.sent.size(), 1u);
        EXPECT_EQ(got.sent[0].opcode, 8);
        EXPECT_EQ(got.sent[0].payload.substr(0, 2), close_payload(static_cast<std::uint16_t>(violation.code)));
    }
}

// All values of a head's first two bytes, between messages and within one, against the rules in another form.
TEST(Protocol, case_112_accepts_no_other_head_than_the_rules_do) {
    const std::set<int> between{0x01, 0x02, 0x81, 0x82}, within{0x00, 0x80}, control{0x88, 0x89, 0x8a};
    for (const bool in_message : {false, true}) {
        for (int first = 0; first < 256; ++first) {
            for (int second = 0; second < 256; ++second) {
                Protocol protocol(limit, [] { return websocket::MaskKey{}; });
                if (in_message) protocol.next(as_bytes(frame(0x02, "x")));
                const std::uint8_t head[]{static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(second)};
                const bool refused = protocol.next(head).event == Event::ended && protocol.code() == 1002;
                const bool valid = control.contains(first)
                                       ? second <= 125
                                       : second < 128 && (in_message ? within : between).contains(first);
                ASSERT_EQ(refused, !valid) << first << ' ' << second;
            }
        }
    }
}

TEST(Protocol, takes_a_message_of_exactly_the_limit) {
    const auto got = outcome_of(binary_frame(std::string(limit, 'x')) + frame(0x02, std::string(600, 'y')) +
                                frame(0x80, std::string(400, 'z')) + binary_frame("after"));
    ASSERT_EQ(got.messages.size(), 3u);
    EXPECT_EQ(got.messages[1], "b:" + std::string(600, 'y') + std::string(400, 'z'));
}

TEST(Protocol, does_not_count_control_frames_towards_the_limit) {
    const std::string ping(125, 'p');
    EXPECT_EQ(outcome_of(frame(0x02, std::string(limit, 'x')) + frame(0x89, ping) + frame(0x80)),
              (Outcome{.messages = {"b:" + std::string(limit, 'x')}, .sent = {{true, 10, ping}}}));
}

TEST(Protocol, case_113_refuses_a_message_by_its_announced_length) {
    Connection connection;
    connection.receive(frame(0x82, "", limit + 1));
    const auto got = connection.outcome();
    EXPECT_EQ(got.code, 1009);
    EXPECT_NE(got.reason.find(std::to_string(limit)), std::string::npos) << got.reason;
}

TEST(Protocol, case_165_accepts_the_close_codes_that_may_be_sent) {
    for (int code = 0; code < 65536; ++code) {
        const bool valid =
            (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
        const auto payload = close_payload(static_cast<std::uint16_t>(code));
        Connection connection;
        connection.receive(frame(0x88, payload));
        const auto got = connection.outcome();
        ASSERT_EQ(got.code, valid ? code : 1002);
        ASSERT_EQ(got.sent.at(0).payload.substr(0, 2), valid ? payload : close_payload(1002));
    }
}

TEST(Protocol, case_065_answers_a_close_frame_and_returns_its_contents) {
    const std::string reason(123, 'r');
    EXPECT_EQ(outcome_of(binary_frame("m") + frame(0x88, close_payload(4008, reason)) + binary_frame("after")),
              (Outcome{{"b:m"}, {{true, 8, close_payload(4008)}}, 4008, reason}));
    EXPECT_EQ(outcome_of(frame(0x88)), (Outcome{{}, {{true, 8, ""}}, 1005, ""}));
    EXPECT_EQ(outcome_of(frame(0x02, "part") + frame(0x88, close_payload(1001, "\xc3\xa4"))),
              (Outcome{{}, {{true, 8, close_payload(1001)}}, 1001, "\xc3\xa4"}));
}

TEST(Protocol, after_its_close_frame_waits_only_for_the_peers) {
    const auto closed = [](Connection& connection) { connection.protocol.close(4000, "bye"); };
    const PeerFrame ours{true, 8, close_payload(4000, "bye")};
    const std::string other = binary_frame("m") + frame(0x89, "ping") + frame(0x02, "a") + frame(0x80, "b") +
                              frame(0x82, std::string(5'000, 'x')) + frame(0x81, "\xff");
    EXPECT_EQ(outcome_of(other, closed), (Outcome{{}, {ours}, 0, ""}));
    for (const auto& [payload, code] : {std::pair<std::string, int>{close_payload(1000), 1000},
                                        {"", 1005},
                                        {close_payload(5000), 1002},
                                        {"x", 1002},
                                        {close_payload(1000, "\xff"), 1007}})
        EXPECT_EQ(outcome_of(other + frame(0x88, payload), closed).code, code);
    EXPECT_EQ(outcome_of(other + frame(0x08, close_payload(1000)), closed).code, 1002);
    EXPECT_EQ(outcome_of(frame(0x80, "x"), closed).code, 1002);
    EXPECT_EQ(outcome_of(frame(0x80, "x"), closed).sent, std::vector{ours});
}

TEST(Protocol, does_not_store_what_it_discards) {
    Connection connection;
    connection.receive(frame(0x02, "begun") + frame(0x00, "", limit - 5).append("part"));
    EXPECT_GT(connection.unconsumed(), 0u);
    connection.protocol.close(1000, {});
    connection.receive(std::string(100, 'x'));
    EXPECT_EQ(connection.unconsumed(), 0u);
}

TEST(Protocol, sends_messages_and_closes_once) {
    Connection connection;
    EXPECT_EQ(connection.protocol.unsent(), 0u);
    std::vector<PeerFrame> expected;
    for (const std::size_t size : {0u, 5u, 125u, 126u, 65535u, 65536u}) {
        connection.protocol.send(as_bytes(std::string(size, 'm')));
        expected.push_back({true, 2, std::string(size, 'm')});
    }
    EXPECT_GT(connection.protocol.unsent(), 131'000u);
    connection.flush();
    EXPECT_EQ(connection.protocol.unsent(), 0u);
    const std::string long_reason = std::string(122, 'r') + "\xc3\xa4";
    connection.protocol.close(4000, long_reason);
    connection.protocol.close(1000, "again");
    connection.protocol.send(as_bytes("late"));
    expected.push_back({true, 8, close_payload(4000, std::string(122, 'r'))});
    EXPECT_EQ(connection.outcome().sent, expected);
}

TEST(Protocol, sends_a_close_frame_without_a_code) {
    Connection connection;
    connection.protocol.close(1005, "not sent");
    EXPECT_EQ(connection.outcome().sent, (std::vector<PeerFrame>{{true, 8, ""}}));
}

TEST(Protocol, masks_each_frame_with_a_key_of_its_own) {
    std::uint8_t calls = 0;
    Protocol protocol(limit, [&] { return websocket::MaskKey{1, 2, 3, ++calls}; });
    protocol.send(as_bytes("aaaaa"));
    protocol.send(as_bytes("aaaaa"));
    std::vector<std::uint8_t> out(3, 'x');
    protocol.take_output(out);
    const std::uint8_t expected[]{0x82, 0x85, 1, 2, 3, 1, 'a' ^ 1, 'a' ^ 2, 'a' ^ 3, 'a' ^ 1, 'a' ^ 1,
                                  0x82, 0x85, 1, 2, 3, 2, 'a' ^ 1, 'a' ^ 2, 'a' ^ 3, 'a' ^ 2, 'a' ^ 1};
    EXPECT_TRUE(std::ranges::equal(out, expected));
}

}  // namespace
}  // namespace intent::test::protocol_test
