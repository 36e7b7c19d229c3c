#include "relay/wire/event_headers.hpp"
#include "relay/worker/attempt_text.hpp"
#include "relay/worker/event_reader.hpp"
#include "relay/worker/membership.hpp"
#include "relay/worker/request_retry.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace worker_machines_test {

using namespace std::chrono_literals;
using namespace intent::relay;

// ---- Membership ----

/// Two workers that share a text, as the key on the broker.
TEST(WorkerMembership, workers_see_each_other_and_remove_one_that_stands_still) {
    Membership::Time now{1h};
    Membership first("w1");
    Membership second("w2");
    std::string text;
    const auto meet = [&](Membership& worker) {
        text = worker.on_read(now, text);
        worker.on_written();
    };
    EXPECT_TRUE(first.members().empty());
    meet(first);
    EXPECT_EQ(first.members(), (std::vector<std::string>{"w1"}));
    meet(second);
    meet(first);
    EXPECT_EQ(first.members(), (std::vector<std::string>{"w1", "w2"}));
    EXPECT_EQ(second.members(), (std::vector<std::string>{"w1", "w2"}));
    now += Membership::lifetime - 1ms;
    meet(first);
    EXPECT_EQ(first.members().size(), 2u);
    now += 1ms;
    meet(first);
    EXPECT_EQ(first.members(), (std::vector<std::string>{"w1"}));
    EXPECT_EQ(text.find("w2"), std::string::npos);
}

TEST(WorkerMembership, a_worker_that_leaves_is_gone_at_once_and_malformed_lines_are_ignored) {
    Membership::Time now{1h};
    Membership first("w1");
    Membership second("w2");
    auto text = second.on_read(now, first.on_read(now, "no counter\n x\nbad -1\n"));
    second.on_written();
    EXPECT_EQ(second.members(), (std::vector<std::string>{"w1", "w2"}));
    text = first.leave(text);
    second.on_read(now, text);
    EXPECT_EQ(second.members(), (std::vector<std::string>{"w2"}));
}

TEST(WorkerMembership, partitions_are_spread_evenly_and_few_move_when_a_worker_joins) {
    std::vector<std::string> members;
    std::vector<std::string> before;
    for (int count = 1; count <= 20; ++count) {
        members.push_back("w" + std::to_string(count * 7919));
        std::ranges::sort(members);
        const auto owners = assign(members, 16);
        std::map<std::string, int> load;
        for (const auto& owner : owners)
            ++load[owner];
        for (const auto& [owner, partitions] : load) {
            EXPECT_GE(partitions, 16 / count) << owner;
            EXPECT_LE(partitions, (16 + count - 1) / count) << owner;
        }
        if (!before.empty()) {
            int moved = 0;
            for (std::size_t i = 0; i < owners.size(); ++i)
                moved += owners[i] != before[i] ? 1 : 0;
            EXPECT_LE(moved, 12) << count;
        }
        before = owners;
    }
    EXPECT_EQ(assign({}, 2), (std::vector<std::string>{"", ""}));
}

// ---- RequestRetry ----

using Send = RequestRetry::Send;
using Wait = RequestRetry::Wait;
using Fail = RequestRetry::Fail;
using Failure = RequestRetry::Failure;
using Step = RequestRetry::Step;

TEST(WorkerRequestRetry, a_request_that_no_relay_takes_is_sent_again_until_patience_ends) {
    RequestRetry::Time now{1h};
    RequestRetry retry(now, 10min, 15s, RequestRetry::Repeat::free);
    EXPECT_EQ(retry.start(now), Step(Send{2s}));
    EXPECT_EQ(retry.on_failed(now, Failure::no_relay), Step(Wait{now + 100ms}));
    EXPECT_EQ(retry.on_failed(now, Failure::no_relay), Step(Wait{now + 200ms}));
    now += RequestRetry::patience;
    EXPECT_EQ(retry.on_failed(now, Failure::no_relay), Step(Fail::not_sent));
}

TEST(WorkerRequestRetry, a_lost_request_is_sent_again_at_once_and_times_out_at_its_deadline) {
    RequestRetry::Time now{1h};
    RequestRetry retry(now, 13s, 15s, RequestRetry::Repeat::free);
    EXPECT_EQ(retry.start(now), Step(Send{2s}));
    EXPECT_EQ(retry.on_failed(now += 2s, Failure::lost), Step(Send{4s}));
    EXPECT_EQ(retry.on_failed(now += 4s, Failure::lost), Step(Send{4s}));
    EXPECT_EQ(retry.on_failed(now += 4s, Failure::lost), Step(Send{3s}));
    EXPECT_EQ(retry.on_failed(now += 3s, Failure::lost), Step(Fail::timeout));
}

TEST(WorkerRequestRetry, a_costly_request_is_repeated_ever_more_rarely) {
    RequestRetry::Time now{1h};
    RequestRetry retry(now, 10min, 15s, RequestRetry::Repeat::costly);
    EXPECT_EQ(retry.start(now), Step(Send{15s}));
    EXPECT_EQ(retry.on_failed(now += 15s, Failure::lost), Step(Send{30s}));
    EXPECT_EQ(retry.on_failed(now += 30s, Failure::lost), Step(Send{60s}));
}

TEST(WorkerRequestRetry, what_must_not_be_repeated_is_sent_again_only_if_the_relay_did_nothing) {
    RequestRetry::Time now{1h};
    RequestRetry retry(now, 15s, 15s, RequestRetry::Repeat::never);
    EXPECT_EQ(retry.start(now), Step(Send{15s}));
    EXPECT_EQ(retry.on_failed(now, Failure::refused), Step(Wait{now + 100ms}));
    EXPECT_EQ(retry.start(now += 100ms), Step(Send{14'900ms}));
    EXPECT_EQ(retry.on_failed(now, Failure::lost), Step(Fail::timeout));
}

// ---- AttemptRecord as text ----

TEST(WorkerAttemptText, a_record_is_read_as_it_was_written_and_only_for_its_event) {
    const AttemptRecord record{3, AttemptRecord::State::put_back};
    EXPECT_EQ(format_attempts(record, 17), "3 put_back 17");
    EXPECT_EQ(parse_attempts("3 put_back 17", 17), record);
    EXPECT_FALSE(parse_attempts("3 put_back 17", 18));
    for (const auto* bad : {"", "3", "3 17", "x begun 17", "3 unknown 17", "-1 begun 17", "3 begun 17x"})
        EXPECT_FALSE(parse_attempts(bad, 17)) << bad;
}

// ---- Events ----

broker::Message event_message(const Names& names, const EventSubject& subject, const EventHeaders& headers) {
    broker::Message message{.subject = names.event(subject)};
    for (const auto& [name, value] : write_event_headers(headers))
        message.headers.add(name, value);
    return message;
}

TEST(WorkerEventReader, events_of_a_channel_share_an_order_and_voice_states_that_of_their_server) {
    const Names names("bot");
    const auto order = [&](const char* type, intent::ServerId server, intent::ChannelId channel) {
        const auto message = event_message(names, {5, type, server, channel}, {.type = type});
        broker::Metadata metadata;
        metadata.stream_sequence = 9;
        metadata.deliveries = 2;
        const auto read = read_event(names, message, metadata, intent::WorkerMode::ordered);
        EXPECT_EQ(read.arrival.unreadable, "");
        EXPECT_EQ(read.arrival.partition, 5u);
        EXPECT_EQ(read.arrival.sequence, 9u);
        EXPECT_EQ(read.arrival.deliveries, 2u);
        return read.arrival.channel;
    };
    EXPECT_EQ(order("MESSAGE_CREATE", intent::ServerId{1}, intent::ChannelId{2}),
              order("MESSAGE_UPDATE", {}, intent::ChannelId{2}));
    EXPECT_NE(order("MESSAGE_CREATE", intent::ServerId{1}, intent::ChannelId{2}),
              order("MESSAGE_CREATE", intent::ServerId{1}, intent::ChannelId{3}));
    EXPECT_EQ(order("VOICE_STATE_UPDATE", intent::ServerId{1}, intent::ChannelId{2}),
              order("VOICE_STATE_UPDATE", intent::ServerId{1}, {}));
}

TEST(WorkerEventReader, a_newer_schema_is_reported_and_what_is_no_event_is_unreadable) {
    const Names names("bot");
    auto message = event_message(names, {.partition = 1, .type = "X"}, {.type = "X"});
    message.headers.set(schema_header, "2");
    auto read = read_event(names, message, {}, intent::WorkerMode::ordered);
    EXPECT_TRUE(read.arrival.newer);
    EXPECT_NE(read.newer.find("version 2"), std::string::npos) << read.newer;
    message.headers.set(schema_header, "none");
    read = read_event(names, message, {}, intent::WorkerMode::ordered);
    EXPECT_FALSE(read.arrival.newer);
    EXPECT_NE(read.arrival.unreadable, "");
    message.subject = "intent.bot.evt.99.X._._";
    EXPECT_NE(read_event(names, message, {}, intent::WorkerMode::ordered).arrival.unreadable, "");
}

}  // namespace worker_machines_test
