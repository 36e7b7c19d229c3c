// Control requests to a running sandbox, over HTTP (docs/sandbox-control.md).
#include "tests/support/control_client.hpp"

#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <future>
#include <optional>

namespace intent::control_test {
namespace {

using test::ControlClient;

std::string text(const boost::json::value& value) { return std::string(value.as_string()); }

struct World {
    explicit World(sandbox::Options options = {}) : sandbox(std::move(options)), control(sandbox) {}

    /// A client of the first bot, ready.
    void connect() {
        client.emplace(test::options_for(sandbox));
        diary.emplace(*client);
        client->start();
        ASSERT_TRUE(diary->wait_ready());
    }

    Sandbox sandbox;
    ControlClient control;
    std::optional<test::Diary> diary;
    std::optional<Client> client;
};

TEST(Control, a_foreign_host_and_a_foreign_origin_are_refused) {
    World world;
    const auto rebound = world.control.send("GET", "/state", "", {{"Host", "evil.example"}});
    EXPECT_EQ(rebound.status, 403);
    EXPECT_EQ(rebound.code(), "CONTROL_FORBIDDEN");
    const auto crossing =
        world.control.send("POST", "/users", R"({"username":"mallory"})", {{"Origin", "https://evil.example"}});
    EXPECT_EQ(crossing.status, 403);
    EXPECT_NE(crossing.error().find("Origin"), std::string::npos);
    EXPECT_THROW(world.sandbox.user_id("mallory"), ConfigError);
    EXPECT_EQ(world.control.get("/state").status, 200);
}

TEST(Control, only_a_restored_store_may_be_large) {
    World world;
    const std::string large(5u << 20, 'x');
    const auto order = world.control.post("/users", large);
    EXPECT_EQ(order.status, 413);
    EXPECT_EQ(order.code(), "BODY_TOO_LARGE");
    EXPECT_EQ(world.control.post("/restore", large).code(), "BAD_SNAPSHOT");
    EXPECT_EQ(world.control.send("POST", "/restore", large, {{"Origin", "https://evil.example"}}).status, 413);

    test::TestHttp http;
    const std::string page = "http://localhost:5173";
    const auto result = http.send({.method = "POST",
                                   .url = world.sandbox.rest_url() + "/auth/login",
                                   .headers = {{"Origin", page}},
                                   .body = large});
    const auto& request = test::response(result);
    EXPECT_EQ(request.status, 413);
    EXPECT_EQ(request.body, R"({"error":"body: at most 4 MiB allowed","code":"BODY_TOO_LARGE"})");
    EXPECT_EQ(test::header_of(request, "access-control-allow-origin"), page) << "a web page sees a network error";
    EXPECT_EQ(world.sandbox.requests(), 1u);
}

TEST(Control, unknown_requests_methods_and_fields_are_named) {
    World world;
    EXPECT_EQ(world.control.get("/nothing").status, 404);
    const auto method = world.control.remove("/state");
    EXPECT_EQ(method.status, 405);
    EXPECT_NE(method.error().find("GET"), std::string::npos);
    const auto misspelt = world.control.post("/users", R"({"username":"bob","displayname":"Bob"})");
    EXPECT_EQ(misspelt.status, 400);
    EXPECT_NE(misspelt.error().find("displayname"), std::string::npos) << misspelt.error();
    EXPECT_NE(misspelt.error().find("display_name"), std::string::npos) << misspelt.error();
    EXPECT_EQ(world.control.post("/users", "[]").code(), "INVALID_BODY");
    EXPECT_EQ(world.control.post("/users", R"({"username":7})").error(), "username: expected text, got a number");
}

TEST(Control, created_people_and_bots_have_valid_tokens) {
    World world;
    const auto person = world.control.post("/users", R"({"username":"bob","display_name":"Bob B."})");
    ASSERT_EQ(person.status, 201) << person.body;
    EXPECT_EQ(text(person.json().at("user").at("display_name")), "Bob B.");
    EXPECT_EQ(text(person.json().at("token")).rfind("usr_", 0), 0u);
    const auto bot = world.control.post("/users", R"({"username":"helper","bot":true})");
    EXPECT_EQ(text(bot.json().at("token")).rfind("bot_", 0), 0u);
    EXPECT_EQ(text(world.control.post("/users/helper/token").json().at("token")), text(bot.json().at("token")));
    EXPECT_EQ(text(bot.json().at("token")), world.sandbox.bot_token("helper").reveal());
    EXPECT_EQ(world.control.post("/users/nobody/token").status, 404);
    EXPECT_EQ(world.control.post("/users", R"({"username":"bob"})").status, 409);

    const auto users = world.control.get("/users").json().at("users").as_array();
    ASSERT_EQ(users.size(), 4u);
    EXPECT_EQ(text(users.at(3).at("username")), "helper");
    EXPECT_TRUE(users.at(3).at("bot").as_bool());
    EXPECT_FALSE(users.at(2).at("bot").as_bool());
}

TEST(Control, acting_as_a_user_needs_no_token_and_is_not_limited) {
    World world;
    const std::string path = "/as/alice/channels/" + world.sandbox.general().str() + "/messages";
    for (int i = 0; i < 20; ++i)
        ASSERT_EQ(world.control.post(path, R"({"content":"hi"})").status, 201);
    const auto messages = world.sandbox.messages(world.sandbox.general());
    ASSERT_EQ(messages.size(), 20u);
    EXPECT_EQ(messages[0].author.username, "alice");
    const auto by_id = world.control.get("/as/" + world.sandbox.user_id("bot").str() + "/users/@me");
    EXPECT_EQ(text(by_id.json().at("username")), "bot");
    EXPECT_EQ(world.control.get("/as/nobody/servers").status, 404);
    EXPECT_EQ(world.sandbox.requests(), 0u) << "control requests are not counted";
}

TEST(Control, a_predicate_that_calls_a_stopping_sandbox_is_refused) {
    using namespace std::chrono_literals;
    World world;
    world.sandbox.say("alice", world.sandbox.general(), "first");
    std::promise<void> waiting, entered, stopping;
    const auto stopping_thread = test::this_thread_id();
    std::size_t refused = 0;
    const auto matches = [&](const raw::Message& message) {
        if (message.content == "first") {
            waiting.set_value();
            return false;
        }
        entered.set_value();
        stopping.get_future().wait();
        // `stop` waits for the thread that calls this predicate.
        if (!test::eventually([&] { return test::is_asleep(stopping_thread); })) return false;
        try {
            (void)world.sandbox.sessions();
        } catch (const UsageError&) {
            ++refused;
        }
        return true;
    };
    auto found = std::async(std::launch::async,
                            [&] { return world.sandbox.wait_message(world.sandbox.general(), matches, 60s); });
    waiting.get_future().wait();
    // By HTTP, where no call of the class holds off the stop.
    test::TestHttp http;
    http.start({.method = "POST",
                .url = world.sandbox.web_url() + "_sandbox/v1/as/alice/channels/" + world.sandbox.general().str() +
                       "/messages",
                .body = R"({"content":"second"})"});
    entered.get_future().wait();
    stopping.set_value();
    world.sandbox.stop();
    EXPECT_TRUE(found.get());
    EXPECT_EQ(refused, 1u);
}

TEST(Control, any_event_is_dispatched_to_the_chosen_sessions) {
    World world;
    EXPECT_EQ(world.control.post("/events", R"({"event":"X","data":{}})").json().at("sessions").as_int64(), 0);
    world.connect();
    test::Recorder<std::string> seen;
    world.client->on([&](const RawEvent& event) {
        if (event.name == "STRANGE_THING") seen.add(event.json());
    });
    const auto other = world.control.post("/events", R"({"event":"STRANGE_THING","data":{"n":1},"users":["alice"]})");
    EXPECT_EQ(other.json().at("sessions").as_int64(), 0);
    const auto sent = world.control.post("/events", R"({"event":"STRANGE_THING","data":{"n":2},"sessions":[1]})");
    EXPECT_EQ(sent.json().at("sessions").as_int64(), 1) << sent.body;
    EXPECT_TRUE(seen.wait_contains(R"({"n":2})"));
    EXPECT_EQ(seen.count(), 1u);
    EXPECT_EQ(world.control.post("/events", R"({"event":"X","data":{},"sessions":[7]})").error(),
              "session 7 does not exist");
    EXPECT_EQ(world.control.post("/events", R"({"event":"X"})").status, 400);
}

TEST(Control, a_frame_that_is_not_an_event_reaches_its_session) {
    World world;
    world.connect();
    EXPECT_EQ(world.control.post("/frames", R"({"op":0})").status, 400);
    EXPECT_EQ(world.control.post("/frames", R"({"op":256})").status, 400);
    EXPECT_EQ(world.control.post("/frames", R"({"op":6,"users":["bot"]})").json().at("sessions").as_int64(), 1);
    EXPECT_TRUE(world.diary->life().wait_contains("disconnect 4000 resumable"));
}

TEST(Control, sessions_report_the_state_of_their_connection) {
    World world;
    world.connect();
    const auto answered = [&] {
        const auto sessions = world.control.get("/sessions").json().at("sessions").as_array();
        return sessions.size() == 1 && !sessions[0].at("round_trip_ms").is_null();
    };
    ASSERT_TRUE(test::eventually(answered)) << "the ping is not answered";
    const auto session = world.control.get("/sessions").json().at("sessions").at(0);
    EXPECT_EQ(session.at("id").as_int64(), 1);
    EXPECT_EQ(text(session.at("user")), "bot");
    EXPECT_TRUE(session.at("connected").as_bool());
    EXPECT_EQ(session.at("connection").as_int64(), 1);
    EXPECT_GE(session.at("heartbeat_age_ms").as_int64(), 0);
    EXPECT_GT(session.at("round_trip_ms").as_double(), 0);
    world.sandbox.say("alice", world.sandbox.general(), "hi");
    EXPECT_EQ(world.control.get("/sessions").json().at("sessions").at(0).at("kept_events").as_int64(), 1);
    world.client->stop();
    EXPECT_TRUE(
        test::eventually([&] { return world.control.get("/sessions").json().at("sessions").as_array().empty(); }));
}

TEST(Control, the_state_is_complete) {
    World world;
    world.connect();
    const auto state = world.control.get("/state").json();
    EXPECT_EQ(text(state.at("addresses").at("rest")), world.sandbox.rest_url());
    EXPECT_EQ(text(state.at("options").at("dialect")), "spec");
    EXPECT_EQ(state.at("users").as_array().size(), 2u);
    EXPECT_TRUE(state.at("users").at(1).at("online").as_bool());
    EXPECT_EQ(text(state.at("servers").at(0).at("channels").at(0).at("name")), "general");
    EXPECT_EQ(state.at("sessions").as_array().size(), 1u);
    EXPECT_EQ(state.at("counters").at("identifies").as_int64(), 1);
    EXPECT_EQ(world.control.get("/state").body.find(world.sandbox.bot_token().reveal()), std::string::npos);
}

}  // namespace
}  // namespace intent::control_test
