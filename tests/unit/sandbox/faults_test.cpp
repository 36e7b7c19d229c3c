#include "sandbox/faults/faults.hpp"

#include "sandbox/base/problem.hpp"
#include "sandbox/faults/fault_json.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

namespace intent::inline v0::sandbox::faults_test {
namespace {

using namespace std::chrono_literals;
using Kind = FaultKind;

const Faults::Time start{};

FaultPoint post(std::string_view path, UserId user = UserId{1}) {
    return {.kind = FaultPoint::Kind::request, .method = "POST", .path = path, .user = user};
}
FaultPoint event(std::string_view name, std::uint64_t session = 1) {
    return {.kind = FaultPoint::Kind::event, .event = name, .user = UserId{1}, .session = session};
}

TEST(Faults, a_star_matches_any_text) {
    struct Row {
        const char* pattern;
        const char* text;
        bool fits;
    };
    const Row rows[] = {{"/channels/*/messages", "/channels/12/messages", true},
                        {"/channels/*/messages", "/channels/12", false},
                        {"*", "", true},
                        {"", "", true},
                        {"", "a", false},
                        {"a*b*c", "a1b2b3c", true},
                        {"a*b*c", "a1b2b3d", false},
                        {"MESSAGE_*", "MESSAGE_CREATE", true},
                        {"GET", "get", false},
                        {"*x", "xyx", true},
                        {"**", "anything", true}};
    for (const auto& row : rows)
        EXPECT_EQ(fits(row.pattern, row.text), row.fits) << row.pattern << " against " << row.text;
}

TEST(Faults, a_preflight_matches_only_faults_that_name_its_method) {
    Faults faults;
    const FaultPoint preflight{.kind = FaultPoint::Kind::request, .method = "OPTIONS", .path = "/channels/1"};
    faults.add(start, fault::status(503), {});
    faults.add(start, fault::status(503).method("*"), {});
    EXPECT_FALSE(faults.apply(start, preflight));
    const auto named = faults.add(start, fault::status(503).method("OPTIONS"), {});
    const auto hit = faults.apply(start, preflight);
    ASSERT_TRUE(hit);
    EXPECT_EQ(hit->id, named);
}

TEST(Faults, a_fault_applies_to_matches_as_often_as_its_count) {
    Faults faults;
    const auto id = faults.add(start, fault::status(503).method("POST").path("/channels/*").times(2), {});
    EXPECT_FALSE(faults.apply(start, post("/servers")));
    EXPECT_FALSE(faults.apply(start, {.kind = FaultPoint::Kind::request, .method = "GET", .path = "/channels/1"}));
    EXPECT_FALSE(faults.apply(start, event("MESSAGE_CREATE")));
    const auto first = faults.apply(start, post("/channels/1"));
    ASSERT_TRUE(first);
    EXPECT_EQ(first->id, id);
    EXPECT_EQ(first->fault->status, 503);
    EXPECT_EQ(faults.list(start).at(0).left, 1u);
    EXPECT_TRUE(faults.apply(start, post("/channels/1")));
    EXPECT_FALSE(faults.apply(start, post("/channels/1")));
    EXPECT_TRUE(faults.empty());
    EXPECT_EQ(faults.hits(id), 2u);
    EXPECT_FALSE(faults.hits(99));
}

TEST(Faults, a_fault_without_a_count_always_applies) {
    Faults faults;
    const auto id = faults.add(start, fault::stall().always(), {});
    for (int i = 0; i < 1000; ++i)
        ASSERT_TRUE(faults.apply(start, post("/x")));
    EXPECT_TRUE(faults.remove(id));
    EXPECT_FALSE(faults.remove(id));
    EXPECT_FALSE(faults.apply(start, post("/x")));
}

TEST(Faults, only_the_oldest_matching_fault_applies) {
    Faults faults;
    const auto first = faults.add(start, fault::status(500), {});
    const auto second = faults.add(start, fault::status(502), {});
    EXPECT_EQ(faults.apply(start, post("/x"))->id, first);
    EXPECT_EQ(faults.apply(start, post("/x"))->id, second);
}

TEST(Faults, faults_match_by_user_and_session) {
    Faults faults;
    faults.add(start, fault::status(500).user("bot").always(), UserId{7});
    faults.add(start, fault::lose().session(3).always(), {});
    EXPECT_FALSE(faults.apply(start, post("/x", UserId{8})));
    EXPECT_FALSE(faults.apply(start, {.kind = FaultPoint::Kind::request, .method = "POST", .path = "/x"}))
        << "no actor";
    EXPECT_TRUE(faults.apply(start, post("/x", UserId{7})));
    EXPECT_FALSE(faults.apply(start, event("A", 2)));
    EXPECT_TRUE(faults.apply(start, event("A", 3)));
}

TEST(Faults, a_fault_is_removed_after_its_duration) {
    Faults faults;
    faults.add(start, fault::status(500).always().lasting(10s), {});
    EXPECT_EQ(faults.list(start + 4s).at(0).remaining, 6000ms);
    EXPECT_TRUE(faults.apply(start + 9999ms, post("/x")));
    EXPECT_FALSE(faults.apply(start + 10s, post("/x")));
    EXPECT_TRUE(faults.list(start + 10s).empty());
}

std::string draws(std::uint64_t seed) {
    Faults faults;
    faults.add(start, fault::status(500).always().probability(0.3, seed), {});
    std::string pattern;
    for (int i = 0; i < 1000; ++i)
        pattern += faults.apply(start, post("/x")) ? 'x' : '.';
    return pattern;
}

TEST(Faults, the_same_seed_gives_the_same_draws) {
    EXPECT_EQ(draws(5), draws(5));
    EXPECT_NE(draws(5), draws(6));
    const std::string drawn = draws(5);
    const auto hits = std::count(drawn.begin(), drawn.end(), 'x');
    EXPECT_GT(hits, 240);
    EXPECT_LT(hits, 360);
}

TEST(Faults, an_immediate_fault_counts_once_and_waits_for_a_session_if_there_is_none) {
    Faults faults;
    const std::array sessions{FaultPoint{.kind = FaultPoint::Kind::ready, .session = 1},
                              FaultPoint{.kind = FaultPoint::Kind::ready, .session = 2}};
    const auto waiting = faults.add(start, fault::drop(), {});
    EXPECT_TRUE(faults.apply_now(start, waiting, {}).empty());
    EXPECT_FALSE(faults.apply(start, event("MESSAGE_CREATE"))) << "no event is named";
    EXPECT_TRUE(faults.apply(start, {.kind = FaultPoint::Kind::ready, .session = 9}));
    EXPECT_TRUE(faults.empty());

    const auto both = faults.add(start, fault::drop(), {});
    EXPECT_EQ(faults.apply_now(start, both, sessions).size(), 2u);
    EXPECT_EQ(faults.hits(both), 2u);
    EXPECT_TRUE(faults.empty());

    const auto one = faults.add(start, fault::drop().session(2), {});
    EXPECT_EQ(faults.apply_now(start, one, sessions), (std::vector<std::size_t>{1}));
}

TEST(Faults, a_fault_waits_for_its_event_and_matches_ready_only_by_name) {
    Faults faults;
    faults.add(start, fault::close(4000).event("MESSAGE_*"), {});
    faults.add(start, fault::duplicate().always(), {});
    EXPECT_FALSE(faults.apply(start, {.kind = FaultPoint::Kind::ready, .session = 1}));
    EXPECT_FALSE(faults.apply(start, {.kind = FaultPoint::Kind::own_event, .event = "READY", .session = 1}));
    EXPECT_EQ(faults.apply(start, event("MESSAGE_CREATE"))->fault->kind, Kind::close);
    EXPECT_EQ(faults.apply(start, event("MESSAGE_CREATE"))->fault->kind, Kind::duplicate);
    faults.clear();
    faults.add(start, fault::lose().event("READY"), {});
    EXPECT_TRUE(faults.apply(start, {.kind = FaultPoint::Kind::own_event, .event = "READY", .session = 1}));
}

struct Refusal {
    const char* json;
    const char* text;  ///< the refusal begins so; empty: accepted
};

class FaultRequests : public testing::TestWithParam<Refusal> {};

TEST_P(FaultRequests, are_accepted_or_refused_with_the_name_of_the_field) {
    std::string got;
    try {
        const Fields fields(GetParam().json);
        read_fault(fields);
    } catch (const Problem& problem) {
        got = problem.text();
    }
    const std::string wanted = GetParam().text;
    EXPECT_EQ(got.substr(0, wanted.empty() ? got.npos : wanted.size()), wanted);
}

INSTANTIATE_TEST_SUITE_P(
    Table, FaultRequests,
    testing::Values(
        Refusal{R"({"kind":"stall"})", ""}, Refusal{R"({"kind":"stall","count":null})", ""},
        Refusal{
            R"({"kind":"rate_limit","match":{"method":"POST","path":"/channels/*/messages"},"scope":"route","retry_after":2.5,"count":1})",
            ""},
        Refusal{R"({"kind":"close","code":4000,"reason":"x","match":{"event":"MESSAGE_CREATE"}})", ""},
        Refusal{R"({})", "kind: required"},
        Refusal{R"({"kind":"boom"})", "kind: unknown; there are status, rate_limit"},
        Refusal{R"({"kind":"status"})", "status: required"},
        Refusal{R"({"kind":"status","status":200})", "status: expected a whole number from 400 to 599"},
        Refusal{R"({"kind":"stall","count":0})", "count: expected"},
        Refusal{R"({"kind":"stall","probability":2})", "probability: expected a number from 0 to 1"},
        Refusal{R"({"kind":"stall","duration_ms":0})", "duration_ms: expected"},
        Refusal{R"({"kind":"stall","retry_afer":1})", "retry_afer: unknown field; allowed: kind, match"},
        Refusal{R"({"kind":"stall","match":{"paths":"/x"}})", "match.paths: unknown"},
        Refusal{R"({"kind":"stall","match":{"path":"channels"}})", "match.path: begins with /"},
        Refusal{R"({"kind":"stall","match":{"event":"X"}})", "match.event: stall matches by method, path, user only"},
        Refusal{R"({"kind":"drop","match":{"path":"/x"}})", "match.path: drop matches by event, session, user only"},
        Refusal{R"({"kind":"no_ack","match":{"event":"X"}})", "match.event: no_ack matches by session, user only"},
        Refusal{R"({"kind":"refuse_identify","match":{"session":1}})",
                "match.session: refuse_identify matches by user only"},
        Refusal{R"({"kind":"close"})", "code: required"},
        Refusal{R"({"kind":"close","code":1006})", "code: 1000 to 4999"},
        Refusal{R"({"kind":"close","code":5000})", "code: expected"},
        Refusal{R"({"kind":"rate_limit","scope":"galactic"})", "scope:"},
        Refusal{R"({"kind":"drop_request","after":"never"})", "after:"},
        Refusal{R"({"kind":"delay"})", "delay_ms: required"},
        Refusal{R"({"kind":"skip_sequence","by":0})", "by: expected"}));

/// The smallest accepted JSON of a kind: its required parameters have the values of their examples.
boost::json::object smallest(const FaultKindInfo& kind) {
    boost::json::object fault{{"kind", boost::json::string(kind.name)}};
    for (const auto& parameter : parameters_of(kind))
        if (parameter.required)
            fault[boost::json::string(parameter.name)] = boost::json::parse(boost::json::string(parameter.example));
    return fault;
}

boost::json::object view_of(const boost::json::object& json) {
    const Fields fields(boost::json::serialize(json));
    Faults faults;
    faults.add(start, read_fault(fields), {});
    return fault_json(faults.list(start).at(0));
}

TEST(FaultTable, every_kind_is_read_and_written_with_its_examples_and_defaults) {
    for (const auto& kind : fault_kinds) {
        SCOPED_TRACE(std::string(kind.name));
        EXPECT_EQ(fault_kind(kind.name), kind.value);
        EXPECT_EQ(name_of(kind.value), kind.name);
        EXPECT_FALSE(kind.help.empty());
        const auto view = view_of(smallest(kind));
        EXPECT_EQ(view.at("kind"), boost::json::value(boost::json::string(kind.name)));
        for (const auto& parameter : parameters_of(kind)) {
            SCOPED_TRACE(std::string(parameter.name));
            EXPECT_FALSE(parameter.help.empty() || parameter.label.empty());
            EXPECT_EQ(parameter.required, !parameter.example.empty());
            const auto expected = parameter.required ? parameter.example : parameter.default_value;
            if (expected.empty()) continue;
            const auto& value = view.at(boost::json::string(parameter.name));
            const bool is_number = value.is_double();
            EXPECT_EQ(value.is_string() ? std::string(value.as_string())
                      : is_number       ? std::to_string(static_cast<int>(value.as_double()))
                                        : boost::json::serialize(value),
                      std::string(expected));
        }
    }
}

TEST(FaultTable, a_kind_refuses_a_match_that_its_class_does_not_have) {
    for (const auto& kind : fault_kinds)
        for (const auto& parameter : fault_match) {
            auto json = smallest(kind);
            const auto value =
                parameter.type == FaultParameterType::integer ? boost::json::value(1) : boost::json::value("*");
            json["match"] = boost::json::object{{boost::json::string(parameter.name), value}};
            const bool taken = takes_match(fault_info(kind.fault_class), parameter.name);
            const auto add = [&] { view_of(json); };
            SCOPED_TRACE(std::string(kind.name) + " " + std::string(parameter.name));
            if (taken) {
                EXPECT_NO_THROW(add());
            } else {
                EXPECT_THROW(add(), Problem);
            }
        }
}

TEST(FaultTable, every_kind_is_documented) {
    const std::string text = test::content_of(INTENT_SOURCE_DIR "/docs/sandbox-control.md");
    const std::string faults =
        text.substr(text.find("## Faults"), text.find("## The journal") - text.find("## Faults"));
    for (const auto& kind : fault_kinds)
        EXPECT_NE(faults.find("`" + std::string(kind.name) + "`"), std::string::npos) << kind.name;
}

TEST(FaultTable, a_value_out_of_range_is_refused_in_cpp_as_well) {
    const auto refusal = [](const Fault& fault) {
        try {
            check(fault);
            return std::string();
        } catch (const Problem& problem) {
            return problem.text();
        }
    };
    EXPECT_EQ(refusal(fault::status(200)), "status: 400 to 599 allowed");
    EXPECT_EQ(refusal(fault::stall().times(0)), "count: 1 to 1000000000 allowed");
    EXPECT_EQ(refusal(fault::stall().probability(1, std::uint64_t(-1))), "");
    EXPECT_EQ(refusal(fault::rate_limit(25h)), "retry_after: 0 to 86400 s allowed");
    EXPECT_EQ(refusal(fault::delay(-1ms)), "delay_ms: 0 to 86400000 allowed");
    EXPECT_EQ(refusal(fault::close(4000, std::string(124, 'x'))), "reason: at most 123 bytes allowed");
    EXPECT_EQ(refusal(fault::stall().path("")), "match.path: 1 to 1000 bytes allowed");
    EXPECT_EQ(refusal(fault::skip_sequence(0)), "by: 1 to 1000000 allowed");
    EXPECT_EQ(refusal(fault::refuse_identify(1005)).substr(0, 5), "code:");
}

}  // namespace
}  // namespace intent::sandbox::faults_test
