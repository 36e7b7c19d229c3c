// Which requests take effect: at most once for a key, also across relays and crashes.
#include "relay/relay/rest_table.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace intent::relay::rest_table_test {
namespace {

using namespace std::chrono_literals;
using Table = RestTable;
constexpr std::int64_t wall = 1'700'000'000'000;

RestRequest post(std::string key = "k", std::string body = "{}") {
    RestRequest request;
    request.method = "POST";
    request.path = "/channels/1/messages";
    request.body = std::move(body);
    request.key = std::move(key);
    return request;
}

RestRequest get(std::string key = {}) {
    auto request = post(std::move(key));
    request.method = "GET";
    request.body.clear();
    return request;
}

RestAnswer answered(int status, std::string body = {}) {
    RestAnswer answer;
    answer.status = status;
    answer.body = std::move(body);
    return answer;
}

RestAnswer failed(RestOutcome outcome) {
    RestAnswer answer;
    answer.outcome = outcome;
    return answer;
}

/// Drives a table, and describes its actions: "begin k", "send POST", "store k 201", "forget k", "reply 7 201".
struct Driver {
    explicit Driver(Table::Options options = make_options()) : table(std::move(options)) {}

    static Table::Options make_options() {
        Table::Options options;
        options.relay = "me";
        return options;
    }

    std::vector<std::string> request(Table::Caller caller, RestRequest request) {
        return run([&](auto& actions) { table.on_request(now, wall, caller, std::move(request), actions); });
    }
    std::vector<std::string> begun(Table::Number number) {
        return run([&](auto& actions) { table.on_begun(now, number, actions); });
    }
    std::vector<std::string> found(Table::Number number, RestRecord record) {
        return run([&](auto& actions) { table.on_found(now, number, std::move(record), actions); });
    }
    std::vector<std::string> begin_failed(Table::Number number) {
        return run([&](auto& actions) { table.on_begin_failed(number, "no broker", actions); });
    }
    std::vector<std::string> answer(Table::Number number, RestAnswer answer) {
        return run([&](auto& actions) { table.on_answer(now, number, std::move(answer), actions); });
    }
    std::vector<std::string> stored(Table::Number number, bool done = true) {
        return run([&](auto&) { table.on_stored(now, number, done); });
    }
    std::vector<std::string> time() {
        return run([&](auto& actions) { table.on_time(now, actions); });
    }
    std::vector<std::string> end() {
        return run([&](auto& actions) { table.on_end(actions); });
    }

    template <class F>
    std::vector<std::string> run(F input) {
        Table::Actions actions;
        input(actions);
        std::vector<std::string> lines;
        for (const auto& action : actions)
            lines.push_back(std::visit([&](const auto& one) { return line(one); }, action));
        return lines;
    }

    std::string line(const Table::Begin& begin) {
        last_record = begin.record;
        return "begin " + begin.key + " #" + std::to_string(begin.number);
    }
    std::string line(const Table::Send& send) {
        last_send = send;
        return "send " + send.request.method + " #" + std::to_string(send.number);
    }
    std::string line(const Table::Store& store) {
        last_record = store.record;
        return "store " + store.key + " " + text(*store.record.answer);
    }
    std::string line(const Table::Forget& forget) { return "forget " + forget.key; }
    std::string line(const Table::Reply& reply) {
        last_reply = reply.answer;
        return "reply " + std::to_string(reply.caller) + " " + text(reply.answer);
    }
    static std::string text(const RestAnswer& answer) {
        std::string name;
        switch (answer.outcome) {
            case RestOutcome::answered:
                name = std::to_string(answer.status);
                break;
            case RestOutcome::not_sent:
                name = "not_sent";
                break;
            case RestOutcome::broken:
                name = "broken";
                break;
            case RestOutcome::timeout:
                name = "timeout";
                break;
            case RestOutcome::wait_too_long:
                name = "wait_too_long";
                break;
            case RestOutcome::token_refused:
                name = "token_refused";
                break;
            case RestOutcome::webhook_gone:
                name = "webhook_gone";
                break;
            case RestOutcome::unknown_outcome:
                name = "unknown_outcome";
                break;
            case RestOutcome::invalid:
                name = "invalid";
                break;
            case RestOutcome::cancelled:
                name = "cancelled";
                break;
            case RestOutcome::too_large:
                name = "too_large " + std::to_string(answer.status);
                break;
        }
        return name + (answer.repeated ? " repeated" : "");
    }

    Table table;
    Table::Time now = Table::Time(1h);
    RestRecord last_record;
    Table::Send last_send;
    RestAnswer last_reply;
};

using Lines = std::vector<std::string>;

TEST(RestTable, a_request_that_changes_something_is_recorded_before_it_is_sent) {
    Driver driver;
    EXPECT_EQ(driver.request(1, post()), Lines{"begin k #1"});
    EXPECT_EQ(driver.last_record.leader, "me");
    EXPECT_FALSE(driver.last_record.answer);
    EXPECT_EQ(driver.begun(1), Lines{"send POST #1"});
    EXPECT_FALSE(driver.last_send.time_left);
    EXPECT_EQ(driver.answer(1, answered(201, "x")), (Lines{"store k 201 repeated", "reply 1 201"}));
    EXPECT_EQ(driver.table.under_way(), 1U);
    EXPECT_EQ(driver.stored(1), Lines{});
    EXPECT_EQ(driver.last_reply.body, "x");
    EXPECT_EQ(driver.table.under_way(), 0U);
}

TEST(RestTable, reading_and_requests_without_a_key_are_sent_at_once) {
    Driver driver;
    EXPECT_EQ(driver.request(1, get("k")), Lines{"send GET #1"});
    EXPECT_EQ(driver.request(2, get("k")), Lines{"send GET #2"});
    EXPECT_EQ(driver.request(3, post("")), Lines{"send POST #3"});
    EXPECT_EQ(driver.answer(1, answered(200)), Lines{"reply 1 200"});
    EXPECT_EQ(driver.answer(3, failed(RestOutcome::broken)), Lines{"reply 3 broken"});
    EXPECT_EQ(driver.table.kept(), 0U);
}

TEST(RestTable, a_get_with_the_key_of_a_post_leaves_that_alone) {
    Driver driver;
    driver.request(1, post());
    EXPECT_EQ(driver.request(2, get("k")), Lines{"send GET #2"});
    driver.answer(2, answered(200));
    EXPECT_EQ(driver.request(3, post()), Lines{});
    driver.begun(1);
    EXPECT_EQ(driver.answer(1, answered(201)), (Lines{"store k 201 repeated", "reply 1 201", "reply 3 201"}));
}

TEST(RestTable, the_same_key_under_way_joins_the_same_answer) {
    Driver driver;
    driver.request(1, post());
    EXPECT_EQ(driver.request(2, post()), Lines{});
    driver.begun(1);
    EXPECT_EQ(driver.request(3, post()), Lines{});
    EXPECT_EQ(driver.answer(1, answered(201)),
              (Lines{"store k 201 repeated", "reply 1 201", "reply 2 201", "reply 3 201"}));
    EXPECT_EQ(driver.request(4, post()), Lines{"reply 4 201 repeated"}) << "not stored yet";
}

TEST(RestTable, copies_that_wait_are_limited_and_the_earliest_is_refused) {
    auto options = Driver::make_options();
    options.max_copies = 2;
    Driver driver(options);
    driver.request(1, post());
    driver.begun(1);
    EXPECT_EQ(driver.request(2, post()), Lines{});
    EXPECT_EQ(driver.request(3, post()), Lines{"reply 1 cancelled"});
    EXPECT_EQ(driver.request(4, post()), Lines{"reply 2 cancelled"});
    EXPECT_EQ(driver.answer(1, answered(201)), (Lines{"store k 201 repeated", "reply 3 201", "reply 4 201"}));
}

TEST(RestTable, a_repetition_gets_the_stored_answer_until_it_expires) {
    Driver driver;
    driver.request(1, post());
    driver.begun(1);
    driver.answer(1, answered(201, "x"));
    driver.stored(1);
    EXPECT_EQ(driver.request(2, post()), Lines{"reply 2 201 repeated"});
    EXPECT_EQ(driver.last_reply.body, "x");
    EXPECT_EQ(driver.table.next_wake(), driver.now + 600s);
    driver.now += 600s;
    EXPECT_EQ(driver.time(), Lines{});
    EXPECT_EQ(driver.table.kept(), 0U);
    EXPECT_EQ(driver.request(3, post()), Lines{"begin k #2"});
}

TEST(RestTable, the_key_of_another_request_is_refused) {
    Driver driver;
    driver.request(1, post());
    EXPECT_EQ(driver.request(2, post("k", "other")), Lines{"reply 2 invalid"});
    driver.begun(1);
    driver.answer(1, answered(201));
    driver.stored(1);
    EXPECT_EQ(driver.request(3, post("k", "other")), Lines{"reply 3 invalid"});
    EXPECT_EQ(driver.last_reply.text, "a REST request, key: it was used with another request before");
    RestRecord record;
    record.fingerprint = fingerprint(post("l", "other"));
    driver.request(4, post("l"));
    EXPECT_EQ(driver.found(2, record), Lines{"reply 4 invalid"});
}

TEST(RestTable, a_record_without_an_answer_is_an_unknown_outcome) {
    Driver driver;
    driver.request(1, post());
    driver.request(2, post());
    RestRecord record;
    record.leader = "another";
    record.fingerprint = fingerprint(post());
    EXPECT_EQ(driver.found(1, record), (Lines{"reply 1 unknown_outcome", "reply 2 unknown_outcome"}));
    EXPECT_NE(driver.last_reply.text.find("another"), std::string::npos);
    EXPECT_EQ(driver.table.under_way(), 0U);
    // The other relay may still record its answer.
    EXPECT_EQ(driver.request(3, post()), Lines{"begin k #2"});
    record.answer = answered(201, "late");
    EXPECT_EQ(driver.found(2, record), Lines{"reply 3 201 repeated"});
    EXPECT_EQ(driver.request(4, post()), Lines{"reply 4 201 repeated"});
}

TEST(RestTable, nothing_is_sent_if_the_record_cannot_be_created) {
    Driver driver;
    driver.request(1, post());
    EXPECT_EQ(driver.begin_failed(1), Lines{"reply 1 cancelled"});
    EXPECT_EQ(driver.last_reply.text, "not sent: the broker does not keep the key: no broker");
    EXPECT_EQ(driver.begun(1), Lines{});
}

TEST(RestTable, a_request_without_effect_may_be_sent_again) {
    for (const auto& answer :
         {answered(400), answered(403), answered(429), answered(503), failed(RestOutcome::not_sent),
          failed(RestOutcome::wait_too_long), failed(RestOutcome::token_refused), failed(RestOutcome::webhook_gone),
          failed(RestOutcome::invalid), failed(RestOutcome::cancelled)}) {
        Driver driver;
        driver.request(1, post());
        driver.begun(1);
        EXPECT_EQ(driver.answer(1, answer), (Lines{"forget k", "reply 1 " + Driver::text(answer)}));
        EXPECT_EQ(driver.request(2, post()), Lines{"begin k #2"});
    }
}

TEST(RestTable, a_lost_answer_is_an_unknown_outcome_for_repetitions) {
    for (const auto outcome : {RestOutcome::broken, RestOutcome::timeout}) {
        Driver driver;
        driver.request(1, post());
        driver.begun(1);
        EXPECT_EQ(driver.answer(1, failed(outcome)),
                  (Lines{"store k unknown_outcome repeated", "reply 1 " + Driver::text(failed(outcome))}));
        EXPECT_EQ(driver.stored(1), Lines{});
        EXPECT_EQ(driver.request(2, post()), Lines{"reply 2 unknown_outcome repeated"});
    }
}

TEST(RestTable, a_passed_deadline_is_refused_at_once) {
    Driver driver;
    auto late = post();
    late.deadline_ms = wall;
    EXPECT_EQ(driver.request(1, late), Lines{"reply 1 wait_too_long"});
    late.deadline_ms = 1;
    EXPECT_EQ(driver.request(2, late), Lines{"reply 2 wait_too_long"});
}

TEST(RestTable, the_deadline_limits_the_wait) {
    Driver driver;
    auto request = post();
    request.deadline_ms = wall + 500;
    driver.request(1, request);
    driver.now += 200ms;
    EXPECT_EQ(driver.begun(1), Lines{"send POST #1"});
    EXPECT_EQ(driver.last_send.time_left, 300ms);
}

TEST(RestTable, a_deadline_that_passes_before_the_record_exists_prevents_the_request) {
    Driver driver;
    auto request = post();
    request.deadline_ms = wall + 500;
    driver.request(1, request);
    driver.now += 500ms;
    EXPECT_EQ(driver.begun(1), (Lines{"forget k", "reply 1 wait_too_long"}));
}

TEST(RestTable, an_absurd_deadline_does_not_overflow) {
    Driver driver;
    auto request = get();
    request.deadline_ms = std::numeric_limits<std::int64_t>::max();
    EXPECT_EQ(driver.request(1, request), Lines{"send GET #1"});
    EXPECT_EQ(driver.last_send.time_left, 24h);
}

TEST(RestTable, too_many_requests_are_refused) {
    auto options = Driver::make_options();
    options.max_under_way = 2;
    Driver driver(options);
    driver.request(1, get());
    driver.request(2, post());
    EXPECT_EQ(driver.request(3, get()), Lines{"reply 3 cancelled"});
    EXPECT_EQ(driver.request(4, post()), Lines{}) << "it joins";
    driver.answer(1, answered(200));
    EXPECT_EQ(driver.request(5, get()), Lines{"send GET #3"});
}

TEST(RestTable, a_large_answer_is_replaced_by_its_status) {
    auto options = Driver::make_options();
    options.max_answer_bytes = 1'000;
    Driver driver(options);
    driver.request(1, get());
    EXPECT_EQ(driver.answer(1, answered(200, std::string(2'000, 'x'))), Lines{"reply 1 too_large 200"});
    EXPECT_EQ(driver.last_reply.text, "the answer has about 2128 bytes, the broker's limit for messages allows 1000");
    driver.request(2, post());
    driver.begun(2);
    EXPECT_EQ(driver.answer(2, answered(201, std::string(2'000, 'x'))),
              (Lines{"store k too_large 201 repeated", "reply 2 too_large 201"}));
    driver.stored(2);
    EXPECT_EQ(driver.request(3, post()), Lines{"reply 3 too_large 201 repeated"});
}

TEST(RestTable, callers_do_not_wait_for_a_broker_that_is_away) {
    Driver driver;
    driver.request(1, post());
    driver.begun(1);
    EXPECT_EQ(driver.answer(1, answered(201)), (Lines{"store k 201 repeated", "reply 1 201"}));
    EXPECT_EQ(driver.stored(1, false), Lines{});
    EXPECT_EQ(driver.request(2, post()), Lines{"reply 2 201 repeated"});
    EXPECT_EQ(driver.table.next_wake(), driver.now + 500ms);
    EXPECT_EQ(driver.time(), Lines{});
    for (int i = 1; i < 5; ++i) {
        driver.now += 500ms;
        EXPECT_EQ(driver.time(), Lines{"store k 201 repeated"}) << i;
        EXPECT_EQ(driver.stored(1, false), Lines{}) << i;
    }
    driver.now += 1h;
    EXPECT_EQ(driver.table.under_way(), 0U);
}

TEST(RestTable, the_answers_in_memory_are_bounded) {
    auto options = Driver::make_options();
    options.max_kept = 10;
    options.max_kept_bytes = 5'000;
    Driver driver(options);
    for (Table::Number i = 1; i <= 100; ++i) {
        driver.request(i, post("k" + std::to_string(i)));
        driver.begun(i);
        driver.answer(i, answered(201, std::string(i > 50 ? 1'000 : 0, 'x')));
        driver.stored(i);
        EXPECT_LE(driver.table.kept(), 10U);
    }
    EXPECT_EQ(driver.table.kept(), 4U);
    EXPECT_EQ(driver.request(1, post("k100")), Lines{"reply 1 201 repeated"});
    EXPECT_EQ(driver.request(1, post("k1")), Lines{"begin k1 #101"}) << "the broker has it";
}

TEST(RestTable, the_end_answers_everybody_according_to_what_is_known) {
    Driver driver;
    driver.request(1, get());
    driver.request(2, post("a"));
    driver.request(3, post("b"));
    driver.begun(3);
    driver.request(4, post("c"));
    driver.begun(4);
    driver.answer(4, answered(201));
    EXPECT_EQ(driver.end(), (Lines{"reply 1 cancelled", "forget a", "reply 2 cancelled", "reply 3 unknown_outcome"}))
        << "the fourth has its answer";
    EXPECT_EQ(driver.table.under_way(), 0U);
    EXPECT_EQ(driver.table.next_wake(), std::nullopt);
    EXPECT_EQ(driver.answer(3, answered(201)), Lines{});
    EXPECT_EQ(driver.stored(4), Lines{});
}

TEST(RestTable, reports_about_unknown_requests_do_nothing) {
    Driver driver;
    EXPECT_EQ(driver.begun(9), Lines{});
    EXPECT_EQ(driver.found(9, {}), Lines{});
    EXPECT_EQ(driver.begin_failed(9), Lines{});
    EXPECT_EQ(driver.answer(9, {}), Lines{});
    EXPECT_EQ(driver.stored(9), Lines{});
    EXPECT_EQ(driver.time(), Lines{});
}

}  // namespace
}  // namespace intent::relay::rest_table_test
