// Values of the broker's client: messages, configurations and their differences.
#include "relay/broker/message.hpp"
#include "relay/broker/stream_config.hpp"

#include <gtest/gtest.h>

namespace intent::relay::broker {
namespace {

using namespace std::chrono_literals;

TEST(BrokerMessage, headers_keep_their_order_and_repetitions) {
    Headers headers{{"a", "1"}, {"b", "2"}, {"a", "3"}};
    EXPECT_EQ(*headers.find("a"), "1");
    EXPECT_EQ(headers.find("A"), nullptr);
    EXPECT_EQ(headers.all("a"), (std::vector<std::string_view>{"1", "3"}));
    headers.set("a", "4");
    EXPECT_EQ(headers, (Headers{{"b", "2"}, {"a", "4"}}));
}

TEST(BrokerMessage, the_payload_counts_headers_as_they_are_sent) {
    EXPECT_EQ(payload_size({.subject = "s", .data = "12345"}), 5u);
    EXPECT_EQ(payload_size({.headers = {{"ab", "c"}}, .data = "12345"}),
              std::string_view("NATS/1.0\r\nab: c\r\n\r\n12345").size());
}

TEST(BrokerMessage, the_reply_of_a_delivery_is_read) {
    const Metadata expected{"EVENTS", "pool", 12, 34, 2, 56, std::chrono::sys_time<std::chrono::nanoseconds>(789ns)};
    EXPECT_EQ(parse_metadata("$JS.ACK.EVENTS.pool.2.12.34.789.56"), expected);
    EXPECT_EQ(parse_metadata("$JS.ACK.domain.account.EVENTS.pool.2.12.34.789.56.random"), expected);
    EXPECT_EQ(parse_metadata("$JS.ACK.domain.account.EVENTS.pool.2.12.34.789.56"), expected);
    for (const auto* reply : {"", "_INBOX.a", "$JS.ACK.EVENTS.pool.2.12.34.789", "$JS.ACK.EVENTS.pool.2.x.34.789.56",
                              "$JS.ACK.EVENTS.pool.2.12.34.789.", "$JS.ACK."})
        EXPECT_FALSE(parse_metadata(reply)) << reply;
}

TEST(BrokerDifferences, durations_are_written_as_the_tool_reads_them) {
    EXPECT_EQ(duration_text(24h), "24h");
    EXPECT_EQ(duration_text(90s), "1m30s");
    EXPECT_EQ(duration_text(250ms), "250ms");
    EXPECT_EQ(duration_text(1s + 1ns), "1s1ns");
    EXPECT_EQ(duration_text(0s), "0s");
}

TEST(BrokerDifferences, equal_streams_have_none_whatever_the_order_of_subjects) {
    StreamConfig wanted;
    wanted.name = "S";
    wanted.subjects = {"a.>", "b.>"};
    StreamInfo actual{.config = wanted};
    actual.config.subjects = {"b.>", "a.>"};
    actual.config.description = "another one";
    EXPECT_TRUE(differences(actual, wanted).empty());
    actual.retention = "workqueue";
    actual.config.replicas = 3;
    EXPECT_EQ(differences(actual, wanted),
              (std::vector<Difference>{{"retention", "workqueue", "limits", false}, {"replicas", "3", "1", true}}));
}

TEST(BrokerDifferences, the_wait_of_a_consumer_with_waits_of_its_own_is_not_compared) {
    ConsumerConfig wanted;
    wanted.backoff = {1s, 5s};
    ConsumerInfo actual{.config = wanted};
    actual.config.ack_wait = 1s;
    EXPECT_TRUE(differences(actual, wanted).empty());
    wanted.backoff = {1s, 6s};
    EXPECT_EQ(differences(actual, wanted), (std::vector<Difference>{{"backoff", "1s,5s", "1s,6s", true}}));
}

TEST(BrokerDifferences, the_text_ends_in_what_to_do) {
    EXPECT_EQ(
        describe_stream_differences("S", {{"max-bytes", "1000", "unlimited", true}}),
        "stream S exists with another configuration: max-bytes is 1000, wanted is unlimited. Change it with `nats "
        "stream edit S --max-bytes=-1`, or configure the values that it has");
    EXPECT_EQ(
        describe_consumer_differences("S", "c", {{"filter", "none", "a.>", false}}),
        "consumer c of stream S exists with another configuration: filter is none, wanted is a.>. The broker cannot "
        "change all of that: delete it with `nats consumer rm S c` (its position is lost) so that it is created "
        "again, or use another name");
}

}  // namespace
}  // namespace intent::relay::broker
