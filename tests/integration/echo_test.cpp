// A server that repeats the token in all it says: no error, event or line of log may show it.
#include "tests/support/client_world.hpp"
#include "tests/support/echo_server.hpp"

#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <string>

namespace intent::echo_test {
namespace {

const std::string token = "bot_RWNob0VjaG9FY2hv";
const std::string renewed = "bot_T3RoZXJPdGhlck90aGVy";

/// No part of a token's secret half, whatever stands around it.
void expect_hidden(const std::string& text) {
    for (const auto& secret : {token, renewed})
        for (std::size_t at = 4; at + 6 <= secret.size(); ++at)
            EXPECT_EQ(text.find(secret.substr(at, 6)), std::string::npos) << text;
    EXPECT_EQ(text.find("\\u00"), std::string::npos) << text;
}

class Echo : public testing::Test {
protected:
    template <class Call>
    std::string error_of(Call call) {
        try {
            call();
        } catch (const HttpError& error) {
            for (const auto& text : {error.info().message, error.info().code, error.info().bucket})
                expect_hidden(text);
            return error.what();
        } catch (const Error& error) {
            return error.what();
        }
        ADD_FAILURE() << "no error";
        return {};
    }

    test::EchoServer server;
    std::shared_ptr<test::NotedLog> log = std::make_shared<test::NotedLog>();
};

TEST_F(Echo, case_159_160_161_no_error_shows_the_token_or_the_previous_one) {
    RestOptions options;
    options.token = renewed;
    options.rest_url = server.rest_url();
    options.log = log;
    RestClient rest(options);
    for (const char* number : {"0", "1", "2", "3"}) {
        rest.set_token(renewed);
        EXPECT_THROW(rest.get_json("/raw/0").get(), HttpError);
        rest.set_token(token);
        const std::string before = error_of([&] { rest.get_json(std::string("/before/") + number).get(); });
        expect_hidden(before);
        EXPECT_NE(before.find("before it you sent ***"), std::string::npos) << before;
    }
    for (const char* number : {"0", "1", "2", "3"}) {
        const std::string raw = error_of([&] { rest.get_json(std::string("/raw/") + number).get(); });
        expect_hidden(raw);
        EXPECT_NE(raw.find("you sent *** and that is wrong"), std::string::npos) << raw;
        if (*number == '3') continue;  // no JSON
        const std::string code = error_of([&] { rest.get_json(std::string("/code/") + number).get(); });
        expect_hidden(code);
        EXPECT_NE(code.find("403 ***, server message: you are ***"), std::string::npos) << code;
    }
    const std::string unreadable = error_of([&] { rest.get_user(UserId{1}).get(); });
    expect_hidden(unreadable);
    EXPECT_NE(unreadable.find("id: \"***"), std::string::npos) << unreadable;
    const std::string limited = error_of([&] { rest.get_servers().get(); });
    expect_hidden(limited);
    EXPECT_EQ(rest.get_json("/data").get(), R"({"username":"x","of":")" + token + "\"}") << "data is as it came";
    for (const auto& line : log->lines.all())
        expect_hidden(line);
}

TEST_F(Echo, a_rate_limit_names_its_bucket) {
    RestOptions options;
    options.token = token;
    options.rest_url = server.rest_url();
    options.log = nullptr;
    RestClient rest(options);
    try {
        rest.get_servers().get();
        ADD_FAILURE() << "no error";
    } catch (const RateLimitError& error) {
        EXPECT_EQ(error.bucket(), "of ***");
        EXPECT_EQ(error.code(), "RATE_LIMIT_EXCEEDED");
    }
}

TEST_F(Echo, case_159_160_no_event_and_no_log_line_shows_the_token) {
    ClientOptions options;
    options.token = token;
    options.gateway_url = server.gateway_url();
    options.rest_url = server.rest_url();
    options.log = log;
    Client client(options);
    test::Diary diary(client);
    test::Recorder<std::string> reasons;
    client.on([&](const Disconnect& event) { reasons.add(event.reason); });
    EXPECT_EQ(client.run(), 3);
    ASSERT_EQ(reasons.count(), 1u);
    EXPECT_EQ(reasons.all().front(), "refused: *** and ***");
    EXPECT_GE(diary.errors().count(), 4u) << "three events and the refusal";
    for (const auto& error : diary.errors().all())
        expect_hidden(error);
    for (const auto& line : log->lines.all())
        expect_hidden(line);
}

}  // namespace
}  // namespace intent::echo_test
