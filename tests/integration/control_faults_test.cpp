// The effect of every kind of fault on a client.
#include "tests/support/control_client.hpp"

#include <intent/errors.hpp>
#include <intent/sandbox/fault_kinds.hpp>

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <optional>

namespace intent::control_faults_test {
namespace {

namespace fault = sandbox::fault;

using namespace std::chrono_literals;
using test::ControlClient;

/// A sandbox and its first bot, ready.
class Faulty : public testing::Test {
protected:
    void SetUp() override {
        client.start();
        ASSERT_TRUE(diary.wait_ready());
    }

    /// The class of the error that sending a message ends with; empty if it is sent.
    std::string send(std::string text = "hi") { return send(client, std::move(text)); }
    std::string send(Client& by, std::string text) {
        try {
            by.rest().create_message(general, MessageBody(text)).get();
            return "";
        } catch (const RateLimitError&) {
            return "rate limit";
        } catch (const ServerError& error) {
            return "server " + std::to_string(error.status());
        } catch (const HttpError& error) {
            return "http " + std::to_string(error.status());
        } catch (const TimeoutError&) {
            return "timeout";
        } catch (const DecodeError&) {
            return "decode";
        } catch (const NetworkError&) {
            return "network";
        }
    }
    std::size_t said() const { return sandbox.messages(general).size(); }
    fault::Rest on_messages(fault::Rest fault) { return std::move(fault).method("POST").path("/channels/*/messages"); }

    Sandbox sandbox;
    const ChannelId general = sandbox.general();
    Client client{test::options_for(sandbox)};
    test::Diary diary{client};
};

TEST_F(Faulty, status_is_thrown_as_its_error) {
    const auto id = sandbox.fault(on_messages(fault::status(418, "<h1>teapot</h1>", "text/html")));
    EXPECT_EQ(send(), "http 418");
    EXPECT_EQ(sandbox.hits(id), 1u);
    EXPECT_EQ(said(), 0u);
    EXPECT_EQ(send(), "");
}

TEST_F(Faulty, rate_limit_delays_the_request) {
    const auto id = sandbox.fault(on_messages(fault::rate_limit(200ms)));
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(send(), "");
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 200ms);
    EXPECT_EQ(sandbox.hits(id), 1u);
    EXPECT_EQ(sandbox.rate_limited(), 1u);
    EXPECT_EQ(said(), 1u);
}

TEST_F(Faulty, a_global_rate_limit_is_reported_as_global) {
    sandbox.fault(on_messages(fault::global_rate_limit(300ms)));
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(send(), "");
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 300ms);
    const auto refused = sandbox.wait_entry([](const sandbox::Entry& entry) { return entry.status == 429; }, 0ms);
    ASSERT_TRUE(refused);
    EXPECT_NE(refused->json.find(R"("global":true)"), std::string::npos) << refused->json;
}

TEST_F(Faulty, delay_delays_the_answer) {
    sandbox.fault(on_messages(fault::delay(1h)));
    auto sending = client.rest().create_message(general, MessageBody("hi"));
    ASSERT_TRUE(
        sandbox.wait_entry([](const sandbox::Entry& entry) { return entry.what == "delay"; }, test::long_enough));
    EXPECT_EQ(said(), 0u);
    sandbox.advance(1h);
    EXPECT_EQ(sending.get().content, "hi");
}

TEST_F(Faulty, stall_never_answers) {
    sandbox.fault(on_messages(fault::stall()));
    auto options = test::options_for(sandbox);
    options.request_timeout = 300ms;
    Client hasty(options);
    EXPECT_EQ(send(hasty, "hi"), "timeout");
    EXPECT_EQ(said(), 0u);
}

TEST_F(Faulty, a_request_is_dropped_before_or_after_it_was_carried_out) {
    sandbox.fault(on_messages(fault::drop_request()));
    EXPECT_EQ(send("before"), "network");
    EXPECT_EQ(said(), 0u);
    sandbox.fault(on_messages(fault::drop_answer()));
    EXPECT_EQ(send("after"), "network");
    EXPECT_EQ(said(), 1u) << "carried out, though the client cannot know";
}

TEST_F(Faulty, a_truncated_answer_is_an_error) {
    sandbox.fault(on_messages(fault::truncate(10)));
    EXPECT_EQ(send(), "network");
}

TEST_F(Faulty, a_malformed_answer_is_a_decode_error) {
    sandbox.fault(on_messages(fault::malformed()));
    EXPECT_EQ(send(), "decode");
}

TEST_F(Faulty, missing_headers_block_nothing) {
    sandbox.fault(on_messages(fault::missing_headers().always()));
    EXPECT_EQ(send(), "");
    EXPECT_EQ(send(), "");
    const auto entries = sandbox.journal();
    EXPECT_NE(entries.back().json.find(R"("bucket":null)"), std::string::npos) << entries.back().json;
}

TEST_F(Faulty, drop_and_close_end_the_connection_at_once) {
    EXPECT_EQ(sandbox.hits(sandbox.fault(fault::drop())), 1u);
    EXPECT_TRUE(diary.life().wait_contains("disconnect 1006 resumable"));
    ASSERT_TRUE(test::eventually([&] { return sandbox.resumes() == 1; }));
    sandbox.fault(fault::close(4321, "because"));
    EXPECT_TRUE(diary.life().wait_contains("disconnect 4321 resumable"));
}

TEST_F(Faulty, drop_instead_of_an_event_loses_nothing) {
    sandbox.fault(fault::drop().event("MESSAGE_CREATE"));
    sandbox.say("alice", general, "one");
    EXPECT_TRUE(diary.life().wait_contains("disconnect 1006 resumable"));
    EXPECT_TRUE(diary.messages().wait_contains("one"));
    EXPECT_EQ(sandbox.resumes(), 1u);
}

TEST_F(Faulty, reconnect_and_invalid_session_are_followed) {
    sandbox.fault(fault::reconnect());
    EXPECT_TRUE(diary.life().wait_contains("disconnect 4000 resumable"));
    ASSERT_TRUE(test::eventually([&] { return sandbox.resumes() == 1; }));
    sandbox.fault(fault::invalid_session());
    ASSERT_TRUE(diary.wait_ready(2)) << "a new session is identified";
    EXPECT_TRUE(diary.life().wait_contains("gap"));
}

TEST_F(Faulty, invalid_frames_do_no_harm) {
    sandbox.fault(fault::text_frame().event("MESSAGE_CREATE"));
    sandbox.say("alice", general, "behind a text frame");
    EXPECT_TRUE(diary.messages().wait_contains("behind a text frame"));
    sandbox.fault(fault::bad_msgpack());
    sandbox.say("alice", general, "behind a broken one");
    EXPECT_TRUE(diary.messages().wait_contains("behind a broken one"));
    sandbox.fault(fault::unknown_op().event("MESSAGE_CREATE"));
    sandbox.say("alice", general, "behind an unknown opcode");
    EXPECT_TRUE(diary.messages().wait_contains("behind an unknown opcode"));
}

TEST_F(Faulty, a_duplicate_event_is_delivered_once) {
    const auto id = sandbox.fault(fault::duplicate().event("MESSAGE_CREATE"));
    sandbox.say("alice", general, "one");
    sandbox.say("alice", general, "two");
    ASSERT_TRUE(diary.messages().wait_contains("two"));
    EXPECT_EQ(diary.messages().all(), (std::vector<std::string>{"one", "two"}));
    EXPECT_EQ(sandbox.hits(id), 1u);
}

TEST_F(Faulty, skipped_numbers_and_lost_events_are_in_the_journal) {
    sandbox.fault(fault::skip_sequence(5).event("MESSAGE_CREATE"));
    sandbox.say("alice", general, "skips");
    sandbox.fault(fault::lose().event("MESSAGE_CREATE"));
    sandbox.say("alice", general, "lost");
    sandbox.say("alice", general, "comes");
    ASSERT_TRUE(diary.messages().wait_contains("comes"));
    EXPECT_EQ(diary.messages().all(), (std::vector<std::string>{"skips", "comes"}));
    std::vector<std::uint64_t> numbers;
    for (const auto& entry : sandbox.journal())
        if (entry.event == "MESSAGE_CREATE") numbers.push_back(entry.sequence.value());
    EXPECT_EQ(numbers, (std::vector<std::uint64_t>{6, 8}));
    sandbox.drop_connections();
    EXPECT_TRUE(test::eventually([&] { return sandbox.resumes() == 1; }));
}

TEST(FaultyLogin, refuse_identify_ends_the_client_or_is_retried) {
    Sandbox sandbox;
    sandbox.fault(fault::refuse_identify(4004));
    Client refused(test::options_for(sandbox));
    refused.start();
    EXPECT_EQ(refused.wait(test::long_enough), 3) << "an authentication error";
    Client accepted(test::options_for(sandbox));
    test::Diary diary(accepted);
    accepted.start();
    EXPECT_TRUE(diary.wait_ready());
}

TEST(FaultyLogin, heartbeats_without_an_ack_end_the_connection) {
    Sandbox sandbox({.heartbeat_interval = 100ms});
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    sandbox.fault(fault::no_ack().always());
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    ASSERT_TRUE(diary.life().wait_value([](const std::string& line) { return line.starts_with("disconnect"); }));
    sandbox.clear_faults();
    EXPECT_TRUE(test::eventually([&] { return sandbox.resumes() > 0; }));
}

/// The answer to a request that a fault holds up: its bucket, its limit, and whether that is the one over all.
std::string held_up(const Sandbox& sandbox, const std::string& method, const std::string& path) {
    test::TestHttp http;
    const auto result =
        http.send({.method = method,
                   .url = sandbox.rest_url() + path,
                   .headers = {{"Authorization", "Bearer " + std::string(sandbox.bot_token().reveal())}},
                   .timeout = test::long_enough});
    const auto& answer = test::response(result);
    const bool global = boost::json::parse(answer.body).at("global").as_bool();
    EXPECT_EQ(test::header_of(answer, "x-ratelimit-global"), global ? "true" : "false");
    EXPECT_EQ(test::header_of(answer, "retry-after"), "2.500");
    return std::to_string(answer.status) + " " + test::header_of(answer, "x-ratelimit-bucket") + " " +
           test::header_of(answer, "x-ratelimit-limit") + (global ? " global" : "");
}

TEST(FaultAnswers, a_rate_limit_names_the_bucket_of_the_route) {
    Sandbox sandbox;
    const auto message = sandbox.say("bot", sandbox.general(), "hi");
    sandbox.fault(fault::rate_limit(2500ms).always());
    EXPECT_EQ(held_up(sandbox, "DELETE", "/messages/" + message.str()),
              "429 ch:" + sandbox.general().str() + ":msg:delete 5");
    EXPECT_EQ(held_up(sandbox, "GET", "/users/@me"), "429 global 50 global") << "a route without a bucket of its own";
    EXPECT_EQ(held_up(sandbox, "GET", "/no/such/route"), "429 global 50 global");
    sandbox.clear_faults();
    sandbox.fault(fault::global_rate_limit(2500ms));
    EXPECT_EQ(held_up(sandbox, "DELETE", "/messages/" + message.str()), "429 global 50 global");
}

TEST(FaultRequests, are_added_and_removed_over_http) {
    Sandbox sandbox;
    ControlClient control(sandbox);
    const auto made = control.post(
        "/faults",
        R"({"kind":"rate_limit","match":{"path":"/channels/*","user":"bot"},"retry_after":2.5,"count":null})");
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(made.json().at("id").as_int64(), 1);
    EXPECT_EQ(made.json().at("hits").as_int64(), 0);
    EXPECT_TRUE(made.json().at("count").is_null());
    EXPECT_EQ(made.json().at("scope").as_string(), "route");
    EXPECT_EQ(made.json().at("retry_after").to_number<double>(), 2.5);
    EXPECT_EQ(control.get("/faults").json().at("faults").as_array().size(), 1u);
    EXPECT_EQ(control.post("/faults", R"({"kind":"stall","match":{"user":"nobody"}})").status, 404);
    EXPECT_EQ(control.post("/faults", R"({"kind":"stal"})").status, 400);
    EXPECT_EQ(control.remove("/faults/7").status, 404);
    EXPECT_EQ(control.remove("/faults/1").status, 204);
    control.post("/faults", R"({"kind":"stall"})");
    EXPECT_EQ(control.remove("/faults").status, 204);
    EXPECT_TRUE(control.get("/faults").json().at("faults").as_array().empty());
}

TEST(FaultKinds, every_row_of_the_table_is_listed_and_accepted_with_its_example_values) {
    Sandbox sandbox;
    ControlClient control(sandbox);
    const auto table = control.get("/fault-kinds").json();
    const auto& kinds = table.at("kinds").as_array();
    ASSERT_EQ(kinds.size(), sandbox::fault_kinds.size());
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        const auto& kind = kinds[i].as_object();
        EXPECT_EQ(kind.at("name").as_string(), sandbox::fault_kinds[i].name);
        EXPECT_EQ(kind.at("help").as_string(), sandbox::fault_kinds[i].help);
        boost::json::object fault{{"kind", kind.at("name")}, {"match", {{"user", "alice"}}}};
        for (const auto& parameter : kind.at("parameters").as_array())
            if (parameter.at("required").as_bool()) fault[parameter.at("name").as_string()] = parameter.at("example");
        const auto made = control.post("/faults", boost::json::serialize(fault));
        EXPECT_EQ(made.status, 201) << made.body;
    }
    EXPECT_EQ(control.get("/faults").json().at("faults").as_array().size(), sandbox::fault_kinds.size());
    EXPECT_EQ(table.at("classes").as_array().size(), sandbox::fault_classes.size());
    EXPECT_EQ(table.at("match").as_array().size(), sandbox::fault_match.size());
    EXPECT_EQ(table.at("options").as_array().size(), sandbox::fault_options.size());
}

}  // namespace
}  // namespace intent::control_faults_test
