// Settings that are refused say which, why, and what is allowed; a token is never shown.
#include <intent/client.hpp>
#include <intent/errors.hpp>
#include <intent/rest.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace intent::options_test {
namespace {

constexpr const char* secret = "bot_c2VjcmV0";

ClientOptions good() {
    ClientOptions options;
    options.token = secret;
    options.log = nullptr;
    return options;
}

class NoStore final : public SessionStore {
public:
    std::string read() override { return {}; }
    void write(const std::string&) override {}
};

/// What making a client (or whatever `make` does) fails with; empty if it does not.
std::string refusal(const std::function<void()>& make) {
    try {
        make();
    } catch (const ConfigError& error) {
        return error.what();
    }
    return {};
}

TEST(Options, a_client_with_a_token_and_defaults_is_accepted_and_connects_nowhere) {
    EXPECT_EQ(refusal([] { const Client client(good()); }), "");
}

TEST(Options, case_013_025_each_wrong_setting_is_named_with_what_is_allowed) {
    struct Row {
        const char* name;
        std::function<void(ClientOptions&)> change;
        std::string text;
    };
    const std::vector<Row> rows = {
        {"no token", [](auto& o) { o.token = Token(); },
         "token: empty; set ClientOptions::token, e.g. from token_from_env()"},
        {"threads", [](auto& o) { o.handler_threads = -1; }, "handler_threads: -1; must be 0 to 64"},
        {"more threads", [](auto& o) { o.handler_threads = 65; }, "handler_threads: 65; must be 0 to 64"},
        {"queue", [](auto& o) { o.queue_bytes = 0; }, "queue_bytes: 0; it must be at least 1"},
        {"two places of the session",
         [](auto& o) {
             o.session_file = "session";
             o.session_store = std::make_shared<NoStore>();
         },
         "session_store: session_file is set too; set only one of them"},
        {"no time", [](auto& o) { o.request_timeout = std::chrono::milliseconds(0); },
         "request_timeout: 0 ms; must be 1 ms to 1 h"},
        {"much time", [](auto& o) { o.request_timeout = std::chrono::hours(2); },
         "request_timeout: 7200000 ms; must be 1 ms to 1 h"},
        {"short silence", [](auto& o) { o.silence_limit = std::chrono::seconds(59); },
         "silence_limit: 59000 ms; must be 1 min to 7 days, or 0 to disable it"},
        {"negative silence", [](auto& o) { o.silence_limit = std::chrono::milliseconds(-1); },
         "silence_limit: -1 ms; must be 1 min to 7 days, or 0 to disable it"},
        {"long token", [](auto& o) { o.token = std::string(60'001, 't'); },
         "token: 60001 bytes; must be at most 60000, so that Identify fits in a frame of 64 KiB"},
        {"a host name", [](auto& o) { o.metrics.listen = "localhost:9464"; },
         "ClientOptions::metrics.listen: \"localhost:9464\" is not an IP address with a port (0 to 65535; 0: the "
         "system "
         "chooses one), such as \"127.0.0.1:9464\" or \"[::1]:0\""},
        {"no gateway", [](auto& o) { o.gateway_url = ""; }, "gateway_url: the URL is empty"},
        {"gateway's scheme", [](auto& o) { o.gateway_url = "https://example.invalid"; },
         "gateway_url: the URL's scheme is not allowed here, it must begin with ws:// or wss://"},
        {"gateway's user", [](auto& o) { o.gateway_url = std::string("wss://") + secret + "@example.invalid"; },
         "gateway_url: the URL names a user (…@), which is not allowed"},
        {"gateway's port", [](auto& o) { o.gateway_url = "ws://localhost:99999/gateway"; },
         "gateway_url: the port is not a number from 1 to 65535"},
        {"gateway's host", [](auto& o) { o.gateway_url = "ws:///gateway"; }, "gateway_url: the host is missing"},
        {"line break", [](auto& o) { o.gateway_url = "ws://localhost\r\nX: y"; },
         "gateway_url: the URL contains white space or a control byte"},
        {"REST's scheme", [](auto& o) { o.rest_url = "wss://example.invalid"; },
         "rest_url: the URL's scheme is not allowed here, it must begin with http:// or https://"},
        {"REST's query", [](auto& o) { o.rest_url = "http://localhost/api?x=1"; },
         "rest_url: contains a query; only a base path is allowed"},
        {"REST's fragment", [](auto& o) { o.rest_url = "http://localhost/api#x"; },
         "rest_url: the URL has a fragment (#…), which is not allowed"},
        {"no scheme", [](auto& o) { o.rest_url = "localhost:8080/api/v1"; },
         "rest_url: the URL does not begin with http:// or https://"},
    };
    for (const auto& row : rows) {
        SCOPED_TRACE(row.name);
        const auto text = refusal([&] {
            auto options = good();
            row.change(options);
            const Client client(std::move(options));
        });
        EXPECT_EQ(text, row.text);
        EXPECT_EQ(text.find("c2VjcmV0"), std::string::npos);
    }
}

TEST(Options, the_ends_of_each_range_are_accepted) {
    auto options = good();
    options.handler_threads = 64;
    options.queue_bytes = 1;
    options.request_timeout = std::chrono::milliseconds(1);
    options.gateway_url = "WS://[::1]:1/";
    options.rest_url = "http://localhost:65535";
    EXPECT_EQ(refusal([&] { const Client client(options); }), "");
    options.handler_threads = 0;
    options.request_timeout = std::chrono::hours(1);
    EXPECT_EQ(refusal([&] { const Client client(options); }), "");
}

TEST(Options, a_rest_client_needs_no_token_but_a_url) {
    RestOptions options;
    options.log = nullptr;
    EXPECT_EQ(refusal([&] { const RestClient rest(options); }), "");
    options.rest_url = "ftp://localhost";
    EXPECT_EQ(refusal([&] { const RestClient rest(options); }),
              "rest_url: the URL's scheme is not allowed here, it must begin with http:// or https://");
}

TEST(Options, an_address_on_another_machine_without_encryption_is_a_warning) {
    class Lines final : public LogSink {
    public:
        bool enabled(LogLevel, std::string_view) const noexcept override { return true; }
        void write(const LogRecord& record) override { all.emplace_back(record.text); }
        std::vector<std::string> all;
    };
    const auto lines_of = [](const char* gateway, const char* rest) {
        const auto lines = std::make_shared<Lines>();
        auto options = good();
        options.gateway_url = gateway;
        options.rest_url = rest;
        options.log = lines;
        const Client client(std::move(options));
        return lines->all;
    };
    const std::vector<std::string> warnings = {
        "rest_url: http:// is not encrypted: the token can be read on the way to api.example; use https://",
        "gateway_url: ws:// is not encrypted: the token can be read on the way to 192.0.2.1; use wss://"};
    const std::vector<std::string> none;
    EXPECT_EQ(lines_of("ws://192.0.2.1/gateway", "http://api.example/v1"), warnings);
    EXPECT_EQ(lines_of("wss://api.example/gateway", "https://api.example/v1"), none);
    EXPECT_EQ(lines_of("ws://localhost:8080/gateway", "http://127.0.0.1:8080/api/v1"), none);
}

TEST(Token, is_refused_without_being_shown) {
    const std::string spaces =
        "token: contains white space or control bytes, which a token cannot have (is there a line break at its end?)";
    EXPECT_EQ(refusal([] { const Token token(""); }), "token: empty");
    for (const std::string text : {"bot_c2VjcmV0\n", " bot_c2VjcmV0", "bot_c2 VjcmV0", "bot_c2\x7fVjcmV0", "bot_\x01x"})
        EXPECT_EQ(refusal([&] { const Token token(text); }), spaces);
    EXPECT_EQ(refusal([] { const Token token("of-another-shape.∂"); }), "");
}

TEST(Token, compares_by_its_text) {
    EXPECT_TRUE(Token("a") == Token("a"));
    EXPECT_FALSE(Token("a") == Token("b"));
    EXPECT_FALSE(Token("a") == Token("aa"));
    EXPECT_TRUE(Token() == Token());
}

TEST(Token, from_the_environment_is_missed_or_refused_by_the_variables_name) {
    EXPECT_EQ(refusal([] { token_from_env("INTENT_TEST_NOT_SET"); }),
              "INTENT_TEST_NOT_SET: not set; set it to the bot's token");
}

}  // namespace
}  // namespace intent::options_test
