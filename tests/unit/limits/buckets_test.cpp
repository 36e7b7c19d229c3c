// When a bucket lets requests start.
#include "tests/support/limits_script.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <sstream>
#include <string>

namespace intent::inline v0::limits::sim::buckets_test {
namespace {

TEST(Buckets, the_first_request_of_an_unknown_bucket_is_sent_alone) {
    Script script;
    EXPECT_EQ(script.submit(1, get_messages), "+1");
    for (RequestId id = 2; id <= 5; ++id)
        EXPECT_EQ(script.submit(id, get_messages), "");
    EXPECT_EQ(script.answer(1, 200, script.limits(50, 49, 60s)), "=1 +2 +3 +4 +5");
}

TEST(Buckets, case_078_of_twenty_posts_to_an_unknown_route_one_is_sent_and_the_rest_follow_its_headers) {
    Script script;
    std::deque<RequestId> started;
    const auto take = [&](const std::string& actions) {
        std::istringstream words(actions);
        for (std::string word; words >> word;)
            if (word[0] == '+') started.push_back(std::stoull(word.substr(1)));
    };
    const auto begin = script.now;
    for (RequestId id = 1; id <= 20; ++id)
        take(script.submit(id, "POST /servers/7/emojis"));
    ASSERT_EQ(started.size(), 1u);

    constexpr int limit = 5;
    int used = 0;
    Time window_end = begin;
    for (RequestId answered = 0; answered < 20;) {
        if (started.empty()) {
            const auto wake = script.until_wake();
            ASSERT_TRUE(wake) << "after " << answered;
            take(script.pass(*wake));
            continue;
        }
        ASSERT_EQ(started.front(), ++answered) << "out of order";
        started.pop_front();
        if (script.now >= window_end) {
            used = 0;
            window_end = script.now + 5s;
        }
        ASSERT_LE(++used, limit) << "a 429 for " << answered;
        take(script.answer(answered, 200, script.limits(limit, limit - used, window_end - script.now)));
    }
    EXPECT_LE(script.now - begin, 21s) << "the minimum is 15 s; `Reset` has whole seconds";
}

TEST(Buckets, reads_run_concurrently_up_to_the_remaining_count) {
    Script script;
    script.submit(1, get_messages);
    for (RequestId id = 2; id <= 5; ++id)
        script.submit(id, get_messages);
    EXPECT_EQ(script.answer(1, 200, script.limits(50, 2, 60s)), "=1 +2 +3");
    EXPECT_EQ(script.answer(2, 200, script.limits(50, 1, 60s)), "=2");
    EXPECT_EQ(script.answer(3, 200, script.limits(50, 0, 60s)), "=3");
    EXPECT_EQ(script.pass(58s), "");
    EXPECT_EQ(script.pass(4s), "+4");
}

TEST(Buckets, writes_are_sent_one_at_a_time) {
    Script script;
    EXPECT_EQ(script.submit(1, post_message), "+1");
    EXPECT_EQ(script.submit(2, post_message), "");
    EXPECT_EQ(script.submit(3, post_message), "");
    EXPECT_EQ(script.answer(1, 200, script.limits(5, 4, 5s)), "=1 +2");
    EXPECT_EQ(script.answer(2, 200, script.limits(5, 3, 5s)), "=2 +3");
}

TEST(Buckets, an_exhausted_listed_window_ends_one_window_after_its_first_answer) {
    Script script;
    for (RequestId id = 1; id <= 6; ++id)
        script.submit(id, post_message);
    const auto headers = script.limits(5, 4, 5s);
    for (RequestId id = 1; id < 5; ++id) {
        auto counted = headers;
        counted[2].second = std::to_string(5 - id);
        EXPECT_EQ(script.answer(id, 200, counted), "=" + std::to_string(id) + " +" + std::to_string(id + 1));
    }
    auto none = headers;
    none[2].second = "0";
    EXPECT_EQ(script.answer(5, 200, none), "=5");
    EXPECT_EQ(script.pass(5s), "");
    EXPECT_EQ(script.pass(20ms), "+6");
}

TEST(Buckets, an_unlisted_window_ends_at_the_last_second_of_its_reset) {
    Script script;
    script.submit(1, "GET /users/@me");
    script.submit(2, "GET /users/@me");
    EXPECT_EQ(script.answer(1, 200, script.limits(3, 0, 10s)), "=1");
    EXPECT_EQ(script.pass(10s), "");
    EXPECT_EQ(script.pass(2100ms), "+2");
}

TEST(Buckets, after_the_end_of_a_window_the_others_wait_for_the_answer_to_one_probe) {
    Script script;
    for (RequestId id = 1; id <= 5; ++id)
        script.submit(id, get_messages);
    script.answer(1, 200, script.limits(50, 0, 10s));
    EXPECT_EQ(script.pass(13s), "+2");
    EXPECT_EQ(script.answer(2, 200, script.limits(50, 49, 60s)), "=2 +3 +4 +5");
}

TEST(Buckets, case_085_the_servers_clock_may_be_an_hour_fast_or_slow) {
    for (const Duration skew : {-3600s, 3600s}) {
        Script script;
        script.submit(1, "GET /users/@me");
        script.submit(2, "GET /users/@me");
        script.answer(1, 200, script.limits(3, 0, 10s, "b", skew));
        EXPECT_EQ(script.pass(9s), "");
        EXPECT_EQ(script.pass(4s), "+2");
    }
}

TEST(Buckets, case_089_within_one_window_remaining_only_falls) {
    Script script;
    for (RequestId id = 1; id <= 3; ++id)
        script.submit(id, get_messages);
    const auto headers = script.limits(50, 49, 60s);
    script.answer(1, 200, headers);
    auto none = headers, older = headers;
    none[2].second = "0";
    older[2].second = "40";
    EXPECT_EQ(script.answer(3, 200, none), "=3");
    EXPECT_EQ(script.answer(2, 200, older), "=2");
    EXPECT_EQ(script.submit(4, get_messages), "");
    EXPECT_EQ(script.limiter.route_limits(script.now, get_messages).remaining, 0u);
}

TEST(Buckets, an_answer_of_an_earlier_window_changes_nothing) {
    Script script;
    script.submit(1, get_messages);
    script.answer(1, 200, script.limits(50, 10, 30s));
    script.submit(2, get_messages);
    script.submit(3, get_messages);
    const auto early = script.limits(50, 3, 30s);
    script.pass(40s);
    script.answer(3, 200, script.limits(50, 49, 60s));
    script.answer(2, 200, early);
    EXPECT_EQ(script.limiter.route_limits(script.now, get_messages).remaining, 48u);
}

struct Junk {
    const char* name;
    Headers headers;
};

TEST(Buckets, case_086_087_invalid_headers_neither_block_a_bucket_nor_cause_a_busy_loop) {
    const std::vector<Junk> table = {
        {"no headers", {}},
        {"limit alone", {{"x-ratelimit-limit", "5"}}},
        {"remaining alone", {{"x-ratelimit-remaining", "0"}}},
        {"limit 0", {{"x-ratelimit-limit", "0"}, {"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1700001005"}}},
        {"reset in the past",
         {{"x-ratelimit-limit", "5"}, {"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "12"}}},
        {"reset now",
         {{"x-ratelimit-limit", "5"}, {"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1700001000"}}},
        {"reset in a year",
         {{"x-ratelimit-limit", "5"}, {"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1731536000"}}},
        {"reset in ms",
         {{"x-ratelimit-limit", "5"}, {"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "1700001005000"}}},
        {"no reset", {{"x-ratelimit-limit", "5"}, {"x-ratelimit-remaining", "0"}}},
        {"remaining above limit", {{"x-ratelimit-limit", "1"}, {"x-ratelimit-remaining", "7"}}},
        {"all junk",
         {{"x-ratelimit-limit", "abc"},
          {"x-ratelimit-remaining", "-1"},
          {"x-ratelimit-reset", "1e300"},
          {"date", "?"}}},
    };
    for (const auto& row : table) {
        for (const auto* key : {post_message, "GET /users/@me"}) {
            Script script;
            script.submit(1, key);
            script.submit(2, key);
            auto actions = script.answer(1, 200, row.headers);
            actions += script.pass(16s);
            EXPECT_NE(actions.find("+2"), std::string::npos) << row.name << ' ' << key;
            script.submit(3, key);
            EXPECT_EQ(script.pass(60s), "") << row.name << ": one at a time until it answers, " << key;
        }
    }
}

TEST(Buckets, without_headers_the_limit_of_the_table_applies) {
    Script script;
    for (RequestId id = 1; id <= 7; ++id)
        script.submit(id, post_message);
    for (RequestId id = 1; id <= 4; ++id)
        EXPECT_NE(script.answer(id, 200).find('+'), std::string::npos);
    EXPECT_EQ(script.answer(5, 200), "=5");
    EXPECT_EQ(script.pass(4900ms), "");
    EXPECT_EQ(script.pass(200ms), "+6");
}

TEST(Buckets, without_headers_an_unlisted_route_has_no_limit) {
    Script script;
    script.submit(1, "GET /users/@me");
    for (RequestId id = 2; id <= 20; ++id)
        script.submit(id, "GET /users/@me");
    const auto actions = script.answer(1, 200);
    EXPECT_EQ(std::count(actions.begin(), actions.end(), '+'), 19);
}

TEST(Buckets, case_091_a_bucket_exhausted_for_ten_minutes_delays_no_other) {
    Script script;
    script.submit(1, "POST /servers");
    script.submit(2, "POST /servers");
    EXPECT_EQ(script.answer(1, 201, script.limits(1, 0, 600s, "servers")), "=1");
    EXPECT_EQ(script.submit(3, post_message), "+3");
    script.answer(3, 200, script.limits(5, 4, 5s, "m"));
    EXPECT_EQ(script.pass(599s), "");
    EXPECT_EQ(script.pass(3s), "+2");
}

TEST(Buckets, case_088_two_routes_of_one_server_bucket_share_it_in_order_of_submission) {
    Script script;
    script.submit(1, "GET /users/@me");
    script.submit(2, "GET /users/9");
    for (RequestId id = 3; id <= 8; ++id)
        script.submit(id, id % 2 == 0 ? "GET /users/@me" : "GET /users/9");
    EXPECT_EQ(script.answer(1, 200, script.limits(10, 0, 5s, "same")), "=1");
    EXPECT_EQ(script.answer(2, 200, script.limits(10, 0, 5s, "same")), "=2");
    EXPECT_EQ(script.pass(8s), "+3");
    EXPECT_EQ(script.answer(3, 200, script.limits(10, 9, 5s, "same")), "=3 +4 +5 +6 +7 +8");
}

TEST(Buckets, case_088_alternating_bucket_names_keep_every_request_in_order) {
    Script script;
    constexpr RequestId count = 40;
    std::string order;
    for (RequestId id = 1; id <= count; ++id)
        order += script.submit(id, "PATCH /users/@me");
    for (RequestId id = 1; id <= count; ++id) {
        const auto headers = script.limits(3, id % 3 == 0 ? 0 : 2, 2s, id % 2 == 0 ? "A" : "B");
        order += ' ' + script.answer(id, 200, headers);
        order += ' ' + script.pass(10s);
    }
    for (RequestId id = 1; id < count; ++id) {
        EXPECT_LT(order.find('+' + std::to_string(id)), order.find('+' + std::to_string(id + 1)));
    }
    EXPECT_NE(order.find("=40"), std::string::npos);
    EXPECT_EQ(script.limiter.bucket_count(), 1u);
}

TEST(Buckets, routes_of_one_table_row_share_a_bucket_until_the_server_separates_them) {
    Script script;
    EXPECT_EQ(script.submit(1, post_message), "+1");
    EXPECT_EQ(script.submit(2, "DELETE /channels/7/messages/{message_id}"), "");
    EXPECT_EQ(script.submit(3, post_message), "");
    EXPECT_EQ(script.answer(1, 200, script.limits(5, 4, 5s, "post")), "=1 +2");
    EXPECT_EQ(script.answer(2, 204, script.limits(5, 4, 5s, "delete")), "=2 +3");
    // Now that they are known to be separate, those of another channel begin separate.
    EXPECT_EQ(script.submit(4, "POST /channels/8/messages"), "+4");
    EXPECT_EQ(script.submit(5, "DELETE /channels/8/messages/{message_id}"), "+5");
}

TEST(Buckets, the_last_slot_of_a_common_bucket_is_reserved_for_a_route_not_named_yet) {
    Script script;
    for (RequestId id = 1; id <= 3; ++id)
        script.submit(id, post_message);
    script.submit(4, "PATCH /channels/7/messages/{message_id}");
    EXPECT_EQ(script.answer(1, 200, script.limits(5, 1, 5s, "post")), "=1 +4");
}

TEST(Buckets, case_141_both_limits_of_a_webhook_apply) {
    Script script;
    RequestId id = 1;
    const auto begin = script.now;
    auto route = route_of("POST /webhooks/5/{token}");
    route.uses_token = false;
    std::vector<Time> started;
    std::size_t sent = 0;
    Server server(1'700'000'000s, Rounding::up);
    for (; id <= 40; ++id)
        sent += script.submit(id, route).empty() ? 0 : 1;
    for (id = 1; id <= 40; ++id) {
        while (sent < id)
            sent += script.pass(10ms).empty() ? 0 : 1;
        started.push_back(script.now);
        const auto reply = server.receive(script.now, "hook", {5, 2s, Model::window_from_first}, false);
        sent += script.answer(id, reply.status, reply.headers).find('+') == std::string::npos ? 0 : 1;
    }
    EXPECT_EQ(server.violations, 0u);
    EXPECT_GE(started[30] - started[0], 60s);
    EXPECT_LT(started[30] - begin, 61s);
    EXPECT_LT(started[29] - begin, 11s);
}

TEST(Buckets, a_webhook_keeps_its_second_limit_in_a_bucket_opened_by_another_route) {
    Script script;
    auto read = route_of("GET /webhooks/5/{token}");
    auto write = route_of("POST /webhooks/5/{token}");
    read.uses_token = write.uses_token = false;
    script.submit(1, read);
    script.answer(1, 200, script.limits(100, 99, 1s, "hook"));
    std::vector<Time> started;
    for (RequestId id = 2; id <= 33; ++id) {
        auto actions = script.submit(id, write);
        while (actions.empty())
            actions = script.pass(10ms);
        started.push_back(script.now);
        script.answer(id, 204, script.limits(100, 90, 1s, "hook"));
    }
    EXPECT_LT(started[29] - started[0], 5s);
    EXPECT_GE(started[30] - started[0], 60s);
}

TEST(Buckets, a_new_token_for_a_webhook_does_not_count_against_its_limits) {
    Script script;
    script.submit(1, "POST /webhooks/5/regenerate-token");
    script.answer(1, 200);
    EXPECT_FALSE(script.limiter.route_limits(script.now, "POST /webhooks/5/regenerate-token").limit);
}

TEST(Buckets, case_097_idle_buckets_are_forgotten) {
    Script script;
    std::size_t max = 0;
    for (RequestId id = 1; id <= 5000; ++id) {
        auto route = route_of("POST /channels/" + std::to_string(id) + "/messages");
        route.uses_token = false;
        ASSERT_EQ(script.submit(id, route), "+" + std::to_string(id));
        script.answer(id, 200, script.limits(5, 4, 5s, "ch:" + std::to_string(id)));
        script.pass(100ms);
        max = std::max(max, script.limiter.bucket_count());
    }
    EXPECT_LT(max, 1300u);
    EXPECT_FALSE(script.limiter.next_wake());
}

TEST(Buckets, route_limits_reports_the_state_of_a_route) {
    Script script;
    EXPECT_EQ(script.limiter.route_limits(script.now, post_message), RouteLimits{});
    for (RequestId id = 1; id <= 4; ++id)
        script.submit(id, post_message);
    script.answer(1, 200, script.limits(5, 4, 5s));
    const auto limits = script.limiter.route_limits(script.now, post_message);
    EXPECT_EQ(limits.limit, 5u);
    EXPECT_EQ(limits.remaining, 3u);
    EXPECT_EQ(limits.in_flight, 1u);
    EXPECT_EQ(limits.queued, 2u);
    ASSERT_TRUE(limits.reset_in);
    EXPECT_GE(*limits.reset_in, 5s);
    EXPECT_LE(*limits.reset_in, 5100ms);
}

}  // namespace
}  // namespace intent::limits::sim::buckets_test
