// Retries, lost answers, cancellation and stop.
#include "tests/support/limits_script.hpp"

#include <gtest/gtest.h>

namespace intent::inline v0::limits::sim::failures_test {
namespace {

TEST(Failures, case_099_108_a_5xx_is_retried_three_times_except_for_a_post) {
    for (const int status : {500, 502, 503, 504, 520, 599}) {
        Script script;
        script.submit(1, "PATCH /channels/7");
        for (int i = 0; i < 3; ++i) {
            EXPECT_EQ(script.answer(1, status), "") << status;
            const Duration base = 1s * (1 << i);
            EXPECT_EQ(script.pass(base * 74 / 100), "");
            EXPECT_EQ(script.pass(base * 52 / 100), "+1");
        }
        EXPECT_EQ(script.answer(1, status), "=1");
        script.submit(2, post_message);
        EXPECT_EQ(script.answer(2, status), "=2");
    }
}

TEST(Failures, a_post_is_retried_on_request) {
    Script script;
    auto route = route_of(post_message);
    route.retry_post = true;
    script.submit(1, route);
    EXPECT_EQ(script.answer(1, 502), "");
    EXPECT_EQ(script.pass(1300ms), "+1");
    EXPECT_EQ(script.answer(1, 200), "=1");
}

TEST(Failures, case_099_a_post_is_retried_only_if_nothing_was_sent) {
    for (const auto how : {NoAnswer::not_sent, NoAnswer::timeout_not_sent}) {
        Script script;
        script.submit(1, post_message);
        EXPECT_EQ(script.no_answer(1, how), "");
        EXPECT_EQ(script.pass(1300ms), "+1");
    }
    for (const auto how : {NoAnswer::maybe_sent, NoAnswer::timeout_maybe_sent, NoAnswer::unusable}) {
        Script script;
        script.submit(1, post_message);
        EXPECT_EQ(script.no_answer(1, how), "=1");
    }
}

TEST(Failures, other_methods_are_retried_after_any_network_failure_but_not_after_an_unusable_answer) {
    for (const auto how :
         {NoAnswer::not_sent, NoAnswer::maybe_sent, NoAnswer::timeout_not_sent, NoAnswer::timeout_maybe_sent}) {
        Script script;
        script.submit(1, "DELETE /channels/7");
        for (int i = 0; i < 3; ++i) {
            EXPECT_EQ(script.no_answer(1, how), "");
            EXPECT_EQ(script.pass(5s), "+1");
        }
        EXPECT_EQ(script.no_answer(1, how), "=1");
    }
    Script script;
    script.submit(1, get_messages);
    EXPECT_EQ(script.no_answer(1, NoAnswer::unusable), "=1");
}

TEST(Failures, other_4xx_are_final) {
    for (const int status : {400, 403, 404, 405, 408, 409, 410, 413, 422}) {
        Script script;
        script.submit(1, get_messages);
        EXPECT_EQ(script.answer(1, status), "=1");
    }
}

TEST(Failures, a_write_that_waits_for_its_retry_blocks_later_writes) {
    Script script;
    script.submit(1, "PATCH /channels/7");
    script.submit(2, "PATCH /channels/7");
    EXPECT_EQ(script.answer(1, 503, script.limits(10, 9, 60s)), "");
    EXPECT_EQ(script.submit(3, "PATCH /channels/7"), "");
    EXPECT_EQ(script.pass(1300ms), "+1");
    EXPECT_EQ(script.answer(1, 200, script.limits(10, 8, 58s)), "=1 +2");
}

TEST(Failures, a_read_that_waits_for_its_retry_does_not_block_other_reads) {
    Script script;
    script.submit(1, get_messages);
    script.submit(2, get_messages);
    EXPECT_EQ(script.answer(1, 503, script.limits(50, 49, 60s)), "+2");
    EXPECT_EQ(script.pass(1300ms), "+1");
}

TEST(Failures, case_092_a_lost_answer_does_not_block_its_bucket) {
    for (const auto how : {NoAnswer::not_sent, NoAnswer::maybe_sent}) {
        Script script;
        script.submit(1, post_message);
        script.answer(1, 200, script.limits(5, 1, 5s));
        EXPECT_EQ(script.submit(2, post_message), "+2");
        EXPECT_EQ(script.submit(3, post_message), "");
        auto actions = script.no_answer(2, how);
        for (int i = 0; i < 3 && actions.find("=2") == std::string::npos; ++i) {
            actions += script.pass(5s);
            actions += script.no_answer(2, how);
        }
        actions += script.pass(10s);
        EXPECT_NE(actions.find("+3"), std::string::npos);
    }
}

TEST(Failures, case_092_a_lost_probe_is_followed_by_another) {
    Script script;
    script.submit(1, get_messages);
    script.submit(2, get_messages);
    script.submit(3, get_messages);
    script.answer(1, 200, script.limits(50, 0, 10s));
    EXPECT_EQ(script.pass(13s), "+2");
    EXPECT_EQ(script.no_answer(2, NoAnswer::maybe_sent), "+3");
}

TEST(Failures, case_092_a_request_that_was_never_sent_returns_its_slot) {
    Script script;
    script.submit(1, get_messages);
    script.answer(1, 200, script.limits(50, 1, 60s));
    EXPECT_EQ(script.submit(2, get_messages), "+2");
    EXPECT_EQ(script.submit(3, get_messages), "");
    EXPECT_EQ(script.no_answer(2, NoAnswer::not_sent), "+3");
}

TEST(Failures, case_098_a_cancelled_queued_request_ends_at_once_and_uses_no_slot) {
    Script script;
    script.submit(1, post_message);
    script.submit(2, post_message);
    script.submit(3, post_message);
    EXPECT_EQ(script.cancel(2), "!2:cancelled");
    EXPECT_EQ(script.cancel(2), "");
    EXPECT_EQ(script.answer(1, 200, script.limits(5, 4, 5s)), "=1 +3");
}

TEST(Failures, case_098_a_request_cancelled_in_flight_ends_once_and_frees_its_slot) {
    Script script;
    script.submit(1, post_message);
    script.submit(2, post_message);
    EXPECT_EQ(script.cancel(1), "!1:cancelled +2");
    EXPECT_EQ(script.answer(1, 200), "");
    EXPECT_EQ(script.no_answer(1, NoAnswer::maybe_sent), "");
}

TEST(Failures, case_098_requests_between_two_tries_can_be_cancelled) {
    Script script;
    script.submit(1, get_messages);
    script.answer(1, 500);
    script.submit(2, "PATCH /channels/7");
    script.answer(2, 500);
    EXPECT_EQ(script.cancel(1), "!1:cancelled");
    EXPECT_EQ(script.cancel(2), "!2:cancelled");
    EXPECT_EQ(script.pass(60s), "");
    EXPECT_FALSE(script.limiter.next_wake());
}

TEST(Failures, a_stop_fails_waiting_requests_and_lets_those_in_flight_end_without_retries) {
    Script script;
    script.submit(1, get_messages);
    script.submit(2, post_message);
    script.submit(3, post_message);
    script.submit(4, "GET /users/@me");
    script.answer(4, 500);
    EXPECT_EQ(script.stop(), "!3:stopped !4:stopped");
    EXPECT_EQ(script.submit(5, post_message), "!5:stopped");
    EXPECT_EQ(script.answer(1, 503), "=1");
    EXPECT_EQ(script.answer(2, 429, {}, R"({"retry_after":1})"), "=2");
    EXPECT_EQ(script.stop(), "");
    EXPECT_FALSE(script.limiter.next_wake());
}

TEST(Failures, case_091_a_request_fails_if_it_would_exceed_its_max_wait) {
    Script script;
    auto route = route_of("POST /servers");
    route.max_wait = 10s;
    EXPECT_EQ(script.submit(1, route), "+1");
    EXPECT_EQ(script.submit(2, route), "");
    EXPECT_EQ(script.submit(3, "POST /servers"), "");
    EXPECT_EQ(script.answer(1, 201, script.limits(1, 0, 600s)), "=1 !2:too_long");
    EXPECT_EQ(script.submit(4, route), "!4:too_long");
    EXPECT_EQ(script.pass(602s), "+3");
}

TEST(Failures, early_and_repeated_calls_do_nothing) {
    Script script;
    script.submit(1, post_message);
    script.submit(1, post_message);
    script.submit(2, post_message);
    script.answer(1, 200, script.limits(5, 0, 5s));
    Actions actions;
    for (int i = 0; i < 100; ++i)
        script.limiter.on_time(script.now, actions);
    script.limiter.on_cancel(script.now, 77, actions);
    EXPECT_TRUE(actions.empty());
    EXPECT_EQ(script.pass(10s), "+2");
}

/// Stops after each step of each script: every submitted request ends once, and no wake-up remains.
TEST(Failures, a_stop_after_any_step_ends_every_request_once) {
    constexpr int steps = 12;
    for (int cut = 0; cut <= steps; ++cut) {
        Script script;
        std::string seen;
        RequestId id = 0;
        const auto step = [&](int number) -> std::string {
            switch (number % 6) {
                case 0:
                    return script.submit(++id, post_message);
                case 1:
                    return script.submit(++id, get_messages);
                case 2:
                    return script.answer(1, 429, {}, R"({"retry_after":1})");
                case 3:
                    return script.submit(++id, "PATCH /channels/7");
                case 4:
                    return script.answer(id, 500);
                default:
                    return script.pass(300ms);
            }
        };
        for (int number = 0; number < cut; ++number)
            seen += ' ' + step(number);
        seen += ' ' + script.stop();
        for (RequestId each = 1; each <= id; ++each)
            seen += ' ' + script.answer(each, 200) + ' ';
        for (RequestId each = 1; each <= id; ++each) {
            const auto number = std::to_string(each);
            const bool finished = seen.find("=" + number + ' ') != std::string::npos;
            const bool failed = seen.find("!" + number + ':') != std::string::npos;
            EXPECT_NE(finished, failed) << seen;
        }
        EXPECT_FALSE(script.limiter.next_wake());
    }
}

}  // namespace
}  // namespace intent::limits::sim::failures_test
