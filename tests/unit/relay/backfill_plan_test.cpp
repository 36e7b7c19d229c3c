// Which pages a back-fill fetches, and which messages it publishes.
#include "relay/relay/backfill_plan.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <unordered_map>
#include <vector>

namespace intent::relay::backfill_plan_test {
namespace {

using namespace std::chrono_literals;
using Plan = BackfillPlan;
using Known = std::unordered_map<ChannelId, MessageId>;

/// Message `id` was created in second `id`.
FetchedMessage message(std::uint64_t id) {
    return {MessageId{id}, Timestamp(std::chrono::seconds(id)), std::to_string(id)};
}

/// The messages `first` to `last`, newest first.
std::vector<FetchedMessage> messages(std::uint64_t first, std::uint64_t last) {
    std::vector<FetchedMessage> list;
    for (std::uint64_t id = last; id >= first && id > 0; --id)
        list.push_back(message(id));
    return list;
}

std::vector<std::uint64_t> ids(const std::vector<FetchedMessage>& list) {
    std::vector<std::uint64_t> result;
    for (const auto& one : list)
        result.push_back(one.id.value);
    return result;
}

std::vector<std::uint64_t> range(std::uint64_t first, std::uint64_t last) {
    std::vector<std::uint64_t> result;
    for (std::uint64_t id = first; id <= last; ++id)
        result.push_back(id);
    return result;
}

/// A server with the messages 1 to `last` in each channel, as the platform pages them.
std::vector<FetchedMessage> serve(const Plan::Page& page, std::uint64_t last) {
    if (page.after) return messages(page.after.value + 1, std::min(last, page.after.value + Plan::page_size));
    const std::uint64_t end = page.before ? page.before.value - 1 : last;
    return messages(end > Plan::page_size ? end - Plan::page_size + 1 : 1, end);
}

/// Runs the plan to its end; the ids of the messages that are published.
std::vector<std::uint64_t> run(Plan& plan, std::uint64_t last) {
    std::vector<std::uint64_t> published;
    for (int pages = 0; pages < 1'000; ++pages) {
        const auto page = plan.next();
        if (!page) break;
        for (const auto id : ids(plan.on_page(*page, serve(*page, last))))
            published.push_back(id);
    }
    EXPECT_TRUE(plan.done());
    return published;
}

TEST(BackfillPlan, a_known_channel_is_read_after_its_last_message) {
    Plan plan({}, Known{{ChannelId{7}, MessageId{40}}}, {ChannelId{7}}, Timestamp(0s));
    const auto page = plan.next();
    ASSERT_TRUE(page);
    EXPECT_EQ(page->path(), "/channels/7/messages?limit=100&after=40");
    EXPECT_FALSE(plan.next());
    EXPECT_FALSE(plan.done());
    EXPECT_EQ(ids(plan.on_page(*page, messages(41, 43))), range(41, 43));
    EXPECT_TRUE(plan.done());
    EXPECT_EQ(plan.messages(), 3U);
}

TEST(BackfillPlan, many_missed_messages_are_read_page_by_page_oldest_first) {
    Plan plan({}, Known{{ChannelId{7}, MessageId{40}}}, {}, Timestamp(0s));
    EXPECT_EQ(run(plan, 400), range(41, 400));
    EXPECT_EQ(plan.cut(), 0U);
}

TEST(BackfillPlan, an_unknown_channel_is_read_back_to_the_beginning_of_the_gap) {
    Plan plan({}, {}, {ChannelId{7}}, Timestamp(95s));
    const auto page = plan.next();
    EXPECT_EQ(page->path(), "/channels/7/messages?limit=100");
    EXPECT_EQ(ids(plan.on_page(*page, serve(*page, 350))), std::vector<std::uint64_t>{});
    const auto second = plan.next();
    EXPECT_EQ(second->path(), "/channels/7/messages?limit=100&before=251");
    plan.on_page(*second, serve(*second, 350));
    const auto third = plan.next();
    EXPECT_EQ(ids(plan.on_page(*third, serve(*third, 350))), range(95, 350));
    EXPECT_TRUE(plan.done());
}

TEST(BackfillPlan, an_unknown_channel_without_messages_in_the_gap_costs_one_page) {
    Plan plan({}, {}, {ChannelId{7}}, Timestamp(1'000s));
    const auto page = plan.next();
    EXPECT_TRUE(plan.on_page(*page, serve(*page, 350)).empty());
    EXPECT_TRUE(plan.done());
    Plan empty({}, {}, {ChannelId{7}}, Timestamp(0s));
    const auto only = empty.next();
    EXPECT_TRUE(empty.on_page(*only, {}).empty());
    EXPECT_TRUE(empty.done());
}

TEST(BackfillPlan, channels_with_the_latest_messages_come_first_and_the_rest_is_counted) {
    Plan::Options options;
    options.channels = 2;
    Plan plan(options,
              Known{{ChannelId{1}, MessageId{10}}, {ChannelId{2}, MessageId{30}}, {ChannelId{3}, MessageId{20}}},
              {ChannelId{3}, ChannelId{4}}, Timestamp(0s));
    EXPECT_EQ(plan.next()->channel, ChannelId{2});
    EXPECT_EQ(plan.next()->channel, ChannelId{3});
    EXPECT_FALSE(plan.next());
    EXPECT_EQ(plan.channels(), 2U);
    EXPECT_EQ(plan.skipped(), 2U);
}

TEST(BackfillPlan, limits_are_kept) {
    Plan::Options options;
    options.messages_per_channel = 250;
    Plan forward(options, Known{{ChannelId{7}, MessageId{1}}}, {}, Timestamp(0s));
    EXPECT_EQ(run(forward, 1'000), range(2, 251));
    EXPECT_EQ(forward.cut(), 1U);
    Plan backward(options, {}, {ChannelId{7}}, Timestamp(0s));
    EXPECT_EQ(run(backward, 1'000).size(), 250U);
    EXPECT_EQ(backward.cut(), 1U);
    options.messages = 120;
    Plan all(options, Known{{ChannelId{7}, MessageId{1}}, {ChannelId{8}, MessageId{2}}}, {}, Timestamp(0s));
    EXPECT_EQ(run(all, 1'000).size(), 120U);
    EXPECT_GE(all.cut(), 1U);
}

TEST(BackfillPlan, a_server_that_ignores_the_range_ends_the_channel) {
    Plan plan({}, Known{{ChannelId{7}, MessageId{400}}}, {}, Timestamp(0s));
    const auto page = plan.next();
    EXPECT_TRUE(plan.on_page(*page, messages(1, 100)).empty());
    EXPECT_TRUE(plan.done());
    Plan backward({}, {}, {ChannelId{7}}, Timestamp(0s));
    const auto first = backward.next();
    backward.on_page(*first, messages(101, 200));
    const auto again = backward.next();
    EXPECT_EQ(ids(backward.on_page(*again, messages(101, 200))), range(101, 200));
    EXPECT_TRUE(backward.done());
}

TEST(BackfillPlan, a_failed_page_ends_its_channel_and_keeps_what_was_read) {
    Plan plan({}, {}, {ChannelId{7}}, Timestamp(0s));
    const auto first = plan.next();
    plan.on_page(*first, messages(101, 200));
    const auto second = plan.next();
    EXPECT_EQ(ids(plan.on_failed(*second, false)), range(101, 200));
    EXPECT_EQ(plan.failed(), 1U);
    EXPECT_TRUE(plan.done());
    Plan gone({}, Known{{ChannelId{7}, MessageId{1}}}, {}, Timestamp(0s));
    gone.on_failed(*gone.next(), true);
    EXPECT_EQ(gone.failed(), 0U);
    EXPECT_TRUE(gone.done());
}

TEST(BackfillPlan, several_channels_are_under_way_at_the_same_time) {
    Plan plan({}, Known{{ChannelId{1}, MessageId{1}}, {ChannelId{2}, MessageId{1}}}, {}, Timestamp(0s));
    const auto first = plan.next();
    const auto second = plan.next();
    ASSERT_TRUE(first && second);
    EXPECT_EQ(ids(plan.on_page(*second, messages(2, 3))), range(2, 3));
    EXPECT_FALSE(plan.done());
    EXPECT_EQ(ids(plan.on_page(*first, messages(2, 5))), range(2, 5));
    EXPECT_TRUE(plan.done());
}

}  // namespace
}  // namespace intent::relay::backfill_plan_test
