// The metrics of a running sandbox, and those of a bot that it reads for its page, over HTTP.
#include "tests/support/control_client.hpp"
#include "tests/support/net_server.hpp"

#include <gtest/gtest.h>

#include <map>
#include <sstream>

namespace intent::control_metrics_test {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

net::HttpResponse fetch(const Sandbox& sandbox, Headers headers = {}, const std::string& method = "GET") {
    test::TestHttp http;
    return test::response(
        http.send({.method = method, .url = sandbox.web_url() + "metrics", .headers = std::move(headers)}));
}

/// The values by name and labels, as they stand in the text.
std::map<std::string, double> samples(const Sandbox& sandbox) {
    std::map<std::string, double> values;
    std::istringstream lines(fetch(sandbox).body);
    for (std::string line; std::getline(lines, line);)
        if (!line.starts_with('#'))
            values[line.substr(0, line.rfind(' '))] = std::stod(line.substr(line.rfind(' ') + 1));
    return values;
}

TEST(ControlMetrics, count_what_a_bot_and_the_sandbox_do) {
    Sandbox sandbox;
    test::ControlClient control(sandbox);
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    sandbox.say("alice", sandbox.general(), "hello");
    client.rest().create_message(sandbox.general(), "hello").get();
    ASSERT_EQ(control.post("/faults", R"({"kind":"status","status":503,"match":{"method":"DELETE"}})").status, 201);
    EXPECT_THROW(client.rest().remove_message(sandbox.general(), MessageId{1}).get(), HttpError);

    const auto values = samples(sandbox);
    const auto value = [&](const std::string& name) { return values.contains(name) ? values.at(name) : -1.0; };
    EXPECT_EQ(value("intent_sandbox_gateway_sessions{state=\"connected\"}"), 1);
    EXPECT_EQ(value("intent_sandbox_gateway_sessions{state=\"resumable\"}"), 0);
    EXPECT_EQ(value("intent_sandbox_gateway_connections"), 1);
    EXPECT_EQ(value("intent_sandbox_gateway_identifies_total"), 1);
    EXPECT_EQ(value("intent_sandbox_events_total{event=\"MESSAGE_CREATE\"}"), 2);
    EXPECT_GT(value("intent_sandbox_gateway_frame_bytes_total{direction=\"out\"}"), 100);
    const std::string create = "{method=\"POST\",route=\"/channels/{channel_id}/messages\",status=\"201\"}";
    EXPECT_EQ(value("intent_sandbox_rest_requests_total" + create), 1);
    EXPECT_EQ(value("intent_sandbox_faults_injected_total{kind=\"status\"}"), 1);
    EXPECT_EQ(value("intent_sandbox_store_objects{kind=\"messages\"}"), 2);
    EXPECT_GT(value("intent_sandbox_journal_entries"), 5);
    EXPECT_EQ(value("intent_sandbox_journal_dropped_total"), 0);
    EXPECT_EQ(value("intent_sandbox_clock_offset_seconds"), 0);
    EXPECT_GT(value("process_resident_memory_bytes"), 1e6);
    EXPECT_GT(value("process_start_time_seconds"), 1.6e9);
}

TEST(ControlMetrics, contain_no_id_name_or_token) {
    Sandbox sandbox;
    test::ControlClient control(sandbox);
    const auto person = control.post("/users", R"({"username":"veryspecial"})").json();
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    client.rest().create_message(sandbox.general(), "secretword").get();
    ASSERT_EQ(control.post("/events", R"({"event":"MADE_UP_EVENT","data":{}})").status, 200);
    const std::string text = fetch(sandbox).body;
    for (const std::string& secret : {std::string("veryspecial"), std::string("alice"), std::string("secretword"),
                                      std::string("MADE_UP_EVENT"), std::string(person.at("token").as_string()),
                                      sandbox.general().str(), std::string("usr_"), std::string("bot_")})
        EXPECT_EQ(text.find(secret), std::string::npos) << secret;
    EXPECT_NE(text.find("intent_sandbox_events_total{event=\"other\"} 1\n"), std::string::npos);
}

TEST(ControlMetrics, are_text_for_programs_of_this_machine_only) {
    Sandbox sandbox;
    const auto good = fetch(sandbox);
    EXPECT_EQ(good.status, 200);
    EXPECT_EQ(test::header_of(good, "content-type"), "text/plain; version=0.0.4; charset=utf-8");
    EXPECT_EQ(test::header_of(good, "access-control-allow-origin"), "");
    EXPECT_EQ(fetch(sandbox, {{"Host", "evil.example"}}).status, 403);
    EXPECT_EQ(fetch(sandbox, {{"Origin", "http://localhost:5173"}}).status, 403);
    EXPECT_EQ(fetch(sandbox, {{"Sec-Fetch-Site", "cross-site"}}).status, 403);
    EXPECT_EQ(fetch(sandbox, {{"X-Forwarded-For", "10.0.0.1"}}).status, 403);
    const auto written = fetch(sandbox, {}, "POST");
    EXPECT_EQ(written.status, 405);
    EXPECT_EQ(test::header_of(written, "allow"), "GET");
}

TEST(ControlMetrics, follow_the_clock_and_a_reset) {
    Sandbox sandbox;
    test::ControlClient control(sandbox);
    sandbox.say("alice", sandbox.general(), "hello");
    sandbox.advance(std::chrono::hours(1));
    auto values = samples(sandbox);
    EXPECT_EQ(values.at("intent_sandbox_clock_offset_seconds"), 3600);
    EXPECT_EQ(values.at("intent_sandbox_store_objects{kind=\"messages\"}"), 1);
    EXPECT_EQ(control.post("/reset").status, 204);
    values = samples(sandbox);
    EXPECT_EQ(values.at("intent_sandbox_store_objects{kind=\"messages\"}"), 0);
}

/// An endpoint for metrics as a bot has one.
struct Endpoint {
    Endpoint() {
        server.answer = [this](const net::ServerRequest& request, const test::TestServer::Respond& respond) {
            paths.push_back(request.method + " " + request.path + "?" + request.query);
            if (silent)
                unanswered.push_back(respond);
            else
                respond(response);
        };
    }
    std::string address() const { return "127.0.0.1:" + std::to_string(server.server->port()); }
    /// What is kept of a request needs the loop.
    ~Endpoint() {
        test::on_loop(server.loop, [&] {
            silent = false;
            unanswered.clear();
        });
    }

    std::vector<std::string> seen() {
        std::vector<std::string> copy;
        test::on_loop(server.loop, [&] { copy = paths; });
        return copy;
    }

    bool silent = false;
    net::ServerResponse response{.headers = {{"Content-Type", "text/plain; version=0.0.4"}}, .body = "x 1\n"};
    std::vector<std::string> paths;
    std::vector<test::TestServer::Respond> unanswered;  // keeps the connections open
    test::TestServer server;
};

test::Answer read(const Sandbox& sandbox, const std::string& address, Headers headers = {}) {
    return test::ControlClient(sandbox).send("GET", "/bot-metrics?address=" + address, "", std::move(headers));
}

TEST(BotMetrics, are_read_from_the_address_and_passed_on) {
    Endpoint bot;
    Sandbox sandbox;
    const auto answer = read(sandbox, bot.address());
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "x 1\n");
    EXPECT_EQ(read(sandbox, "localhost%3A" + bot.address().substr(bot.address().find(':') + 1)).status, 200);
    EXPECT_EQ(bot.seen(), (std::vector<std::string>{"GET /metrics?", "GET /metrics?"}));
}

TEST(BotMetrics, are_refused_to_pages_of_other_sites) {
    Endpoint bot;
    Sandbox sandbox;
    EXPECT_EQ(read(sandbox, bot.address(), {{"Origin", "http://evil.example"}}).code(), "CONTROL_FORBIDDEN");
    EXPECT_EQ(read(sandbox, bot.address(), {{"Host", "evil.example"}}).code(), "CONTROL_FORBIDDEN");
    EXPECT_TRUE(bot.seen().empty());
}

TEST(BotMetrics, are_not_read_from_other_machines_or_from_the_sandbox_itself) {
    Sandbox sandbox;
    for (const std::string address : {"10.0.0.1:80", "example.org:80", "127.0.0.1", "127.0.0.1:80/x"}) {
        const auto answer = read(sandbox, address);
        EXPECT_EQ(answer.status, 400) << address;
        EXPECT_TRUE(answer.error().starts_with("address: ")) << answer.error();
    }
    const std::string url = sandbox.web_url();
    const auto port = url.substr(url.rfind(':') + 1, url.size() - url.rfind(':') - 2);
    EXPECT_EQ(read(sandbox, "127.0.0.1:" + port).status, 400);
    EXPECT_EQ(test::ControlClient(sandbox).get("/bot-metrics").status, 400);
}

TEST(BotMetrics, an_answer_that_is_not_metrics_is_not_passed_on) {
    Endpoint bot;
    Sandbox sandbox;
    bot.response = {.headers = {{"Content-Type", "text/html"}}, .body = "<script>"};
    EXPECT_EQ(read(sandbox, bot.address()).code(), "NO_METRICS");
    bot.response = {.status = 302, .headers = {{"Location", "http://127.0.0.1:1/secret"}}};
    const auto redirected = read(sandbox, bot.address());
    EXPECT_EQ(redirected.status, 502);
    EXPECT_NE(redirected.error().find("302"), std::string::npos) << redirected.error();
    bot.response = {.headers = {{"Content-Type", "text/plain"}}, .body = std::string((4u << 20) + 1, 'x')};
    EXPECT_EQ(read(sandbox, bot.address()).code(), "NO_METRICS");
    EXPECT_EQ(bot.seen().size(), 3u) << "no redirect was followed";
}

TEST(BotMetrics, a_bot_that_does_not_answer_is_reported) {
    Sandbox sandbox;
    std::string nowhere;
    {
        Endpoint gone;
        nowhere = gone.address();
    }
    EXPECT_EQ(read(sandbox, nowhere).code(), "NO_METRICS");

    Endpoint mute;
    mute.silent = true;
    const auto timed_out = read(sandbox, mute.address());
    EXPECT_EQ(timed_out.code(), "NO_METRICS");
    EXPECT_NE(timed_out.error().find("within 2000 ms"), std::string::npos) << timed_out.error();
}

TEST(BotMetrics, a_sandbox_stops_while_it_waits_for_a_bot) {
    Endpoint mute;
    mute.silent = true;
    test::TestHttp http;
    {
        Sandbox sandbox;
        http.start({.method = "GET", .url = sandbox.web_url() + "_sandbox/v1/bot-metrics?address=" + mute.address()});
        ASSERT_TRUE(test::eventually([&] { return !mute.seen().empty(); }));
    }
    SUCCEED();
}

}  // namespace
}  // namespace intent::control_metrics_test
