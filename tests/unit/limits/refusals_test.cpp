// 429, 401, and limits on every request.
#include "tests/support/limits_script.hpp"

#include <gtest/gtest.h>

namespace intent::inline v0::limits::sim {
namespace {

const std::string one_second = R"({"error":"slow","code":"RATE_LIMITED","retry_after":1,"global":false})";
const std::string globally = R"({"error":"slow","code":"RATE_LIMITED","retry_after":1,"global":true})";

TEST(Refusals, case_079_a_429_delays_only_its_bucket_and_keeps_the_order) {
    Script script;
    script.submit(1, post_message);
    script.submit(2, "GET /users/@me");
    EXPECT_EQ(script.answer(1, 429, {}, one_second), "");
    script.pass(100ms);
    EXPECT_EQ(script.submit(3, post_message), "");
    EXPECT_EQ(script.answer(2, 200), "=2");
    EXPECT_EQ(script.submit(4, "GET /users/@me"), "+4");
    EXPECT_EQ(script.pass(899ms), "");
    EXPECT_EQ(script.pass(10ms), "+1");
    EXPECT_EQ(script.answer(1, 200, script.limits(5, 4, 5s)), "=1 +3");
    ASSERT_EQ(script.notices.size(), 1u);
    EXPECT_EQ(script.notices[0].kind, NoticeKind::bucket_limited);
}

TEST(Refusals, case_079_a_429_delays_its_bucket_even_if_the_refused_call_is_cancelled) {
    Script script;
    script.submit(1, post_message);
    EXPECT_EQ(script.answer(1, 429, {}, one_second), "");
    EXPECT_EQ(script.cancel(1), "!1:cancelled");
    EXPECT_EQ(script.submit(2, post_message), "");
    EXPECT_EQ(script.pass(990ms), "");
    EXPECT_EQ(script.pass(20ms), "+2");
}

TEST(Refusals, case_090_ten_messages_keep_their_order_through_a_429_on_the_third) {
    Script script;
    Server server(1'700'000'000s, Rounding::up);
    std::string order = script.submit(1, post_message);
    for (RequestId id = 2; id <= 10; ++id)
        script.submit(id, post_message);
    bool refused = false;
    std::vector<RequestId> admitted;
    for (int step = 0; step < 2000 && admitted.size() < 10; ++step) {
        if (order.empty()) order = script.pass(10ms);
        const auto position = order.find('+');
        if (position == std::string::npos) {
            order.clear();
            continue;
        }
        const auto id = static_cast<RequestId>(std::stoul(order.substr(position + 1)));
        if (id == 3 && !refused) {
            refused = true;
            order = script.answer(3, 429, {}, one_second);
            continue;
        }
        const auto reply = server.receive(script.now, "m", {5, 5s, Model::window_from_first}, true);
        if (reply.status == 200) admitted.push_back(id);
        order = script.answer(id, reply.status, reply.headers, reply.body);
    }
    EXPECT_EQ(admitted, (std::vector<RequestId>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
    EXPECT_EQ(server.violations, 0u);
}

TEST(Refusals, refused_reads_return_to_their_positions_in_the_queue) {
    Script script;
    for (RequestId id = 1; id <= 5; ++id)
        script.submit(id, get_messages);
    script.answer(1, 200, script.limits(50, 3, 60s));
    script.answer(3, 429, {}, one_second);
    script.answer(2, 429, {}, one_second);
    script.answer(4, 429, {}, one_second);
    EXPECT_EQ(script.pass(2s), "+2");
    EXPECT_EQ(script.answer(2, 200, script.limits(50, 40, 60s)), "=2 +3 +4 +5");
}

TEST(Refusals, case_080_a_global_429_delays_every_request_of_the_token_then_releases_them_one_by_one) {
    Script script;
    auto hook = route_of("POST /webhooks/5");
    hook.uses_token = false;
    script.submit(1, post_message);
    script.answer(1, 429, {}, globally);
    for (RequestId id = 2; id <= 61; ++id) {
        EXPECT_EQ(script.submit(id, "GET /channels/" + std::to_string(id)), "");
    }
    EXPECT_EQ(script.submit(100, hook), "+100");
    EXPECT_EQ(script.pass(1s), "");
    EXPECT_NE(script.pass(10ms), "");
    const auto burst = script.pass(90ms);
    EXPECT_LE(std::count(burst.begin(), burst.end(), '+'), 5);
    EXPECT_GE(std::count(burst.begin(), burst.end(), '+'), 4);
    EXPECT_EQ(script.notices.at(0).kind, NoticeKind::token_limited);
}

TEST(Refusals, case_082_the_global_header_is_ignored_without_a_429) {
    Script script;
    script.submit(1, get_messages);
    auto headers = script.limits(50, 49, 60s);
    headers.back().second = "true";
    script.answer(1, 200, headers);
    EXPECT_EQ(script.submit(2, "GET /users/@me"), "+2");
    EXPECT_EQ(script.submit(3, get_messages), "+3");
}

TEST(Refusals, case_083_each_429_without_a_duration_delays_the_host_longer_up_to_five_tries) {
    Script script;
    script.submit(1, post_message);
    const std::vector<Duration> pauses = {1s, 2s, 4s, 8s};
    RequestId other = 10;
    for (const auto pause : pauses) {
        EXPECT_EQ(script.answer(1, 429, {}, "<html>"), "");
        EXPECT_EQ(script.until_wake(), pause);
        ++other;
        script.submit(other, "GET /users/" + std::to_string(other));
        EXPECT_EQ(script.pass(pause - 1ms), "");
        EXPECT_NE(script.pass(200ms).find("+1"), std::string::npos);
    }
    EXPECT_EQ(script.answer(1, 429, {}, "<html>"), "=1");
}

TEST(Refusals, a_429_with_a_duration_is_also_final_after_five_tries) {
    Script script;
    script.submit(1, post_message);
    for (int i = 0; i < 4; ++i) {
        EXPECT_EQ(script.answer(1, 429, {}, one_second), "");
        EXPECT_EQ(script.pass(1100ms), "+1");
    }
    EXPECT_EQ(script.answer(1, 429, {}, one_second), "=1");
    EXPECT_EQ(script.submit(2, post_message), "");
    EXPECT_EQ(script.pass(1100ms), "+2");
}

TEST(Refusals, case_095_a_401_fails_waiting_and_new_requests_until_the_token_is_changed) {
    Script script;
    auto hook = route_of("POST /webhooks/5");
    hook.uses_token = false;
    script.submit(1, post_message);
    script.submit(2, get_messages);
    for (RequestId id = 3; id <= 6; ++id)
        script.submit(id, post_message);
    EXPECT_EQ(script.answer(1, 401), "!3:unauthorized !4:unauthorized !5:unauthorized !6:unauthorized =1");
    EXPECT_TRUE(script.limiter.token_refused());
    EXPECT_EQ(script.submit(7, post_message), "!7:unauthorized");
    EXPECT_EQ(script.submit(8, hook), "+8");
    EXPECT_EQ(script.answer(2, 503), "=2");  // no retry with a refused token
    script.limiter.on_token_changed(script.now);
    EXPECT_FALSE(script.limiter.token_refused());
    EXPECT_EQ(script.submit(9, post_message), "+9");
    ASSERT_EQ(script.notices.size(), 1u);
    EXPECT_EQ(script.notices[0].kind, NoticeKind::token_refused);
}

TEST(Refusals, a_401_to_the_old_token_does_not_refuse_the_new_one) {
    Script script;
    script.submit(1, post_message);
    script.limiter.on_token_changed(script.now);
    EXPECT_EQ(script.answer(1, 401), "=1");
    EXPECT_FALSE(script.limiter.token_refused());
    EXPECT_EQ(script.submit(2, post_message), "+2");
}

TEST(Refusals, a_401_to_a_request_without_the_token_refuses_nothing) {
    Script script;
    auto login = route_of("POST /auth/login");
    login.uses_token = false;
    script.submit(1, login);
    EXPECT_EQ(script.answer(1, 401), "=1");
    EXPECT_FALSE(script.limiter.token_refused());
}

TEST(Refusals, case_096_every_thousandth_refusal_in_ten_minutes_is_reported) {
    Script script;
    for (RequestId id = 1; id <= 2000; ++id) {
        ASSERT_EQ(script.submit(id, get_messages), "+" + std::to_string(id));
        script.answer(id, 403);
        script.pass(200ms);
    }
    EXPECT_EQ(script.notices.size(), 2u);
}

TEST(Refusals, case_093_three_hundred_calls_over_a_hundred_routes_stay_within_fifty_in_any_second) {
    Script script;
    std::deque<Time> started;
    std::vector<std::pair<Time, RequestId>> in_flight;
    std::size_t left = 300;
    const auto begin = script.now;
    const auto take = [&](const std::string& actions) {
        for (auto position = actions.find('+'); position != std::string::npos;
             position = actions.find('+', position + 1)) {
            in_flight.emplace_back(script.now + 2ms, std::stoul(actions.substr(position + 1)));
            started.push_back(script.now);
            if (started.size() > 50) {
                EXPECT_GT(started.back() - started.front(), 1s);
                started.pop_front();
            }
        }
    };
    for (RequestId id = 1; id <= 300; ++id)
        take(script.submit(id, "GET /channels/" + std::to_string(id % 100)));
    while (left > 0) {
        take(script.pass(1ms));
        const auto answered = std::exchange(in_flight, {});
        for (const auto& [when, id] : answered) {
            if (when > script.now) {
                in_flight.emplace_back(when, id);
                continue;
            }
            --left;
            take(script.answer(id, 200, script.limits(100, 90, 60s, std::to_string(id % 100))));
        }
    }
    EXPECT_LT(script.now - begin, 5250ms);
}

}  // namespace
}  // namespace intent::limits::sim
