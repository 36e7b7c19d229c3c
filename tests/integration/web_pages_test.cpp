// What web pages in the developer's browser can do to a running sandbox.
#include "tests/support/net_http.hpp"
#include "tests/support/raw_connection.hpp"

#include <intent/errors.hpp>
#include <intent/sandbox.hpp>

#include <gtest/gtest.h>

#include <cstdlib>

namespace intent::test::web_pages_test {
namespace {

constexpr const char* register_mallory = R"({"username":"mallory","email":"m@example.org","password":"long enough"})";

class WebPages : public testing::Test {
protected:
    void begin(std::vector<std::string> allowed = {}) {
        sandbox.emplace(sandbox::Options{.allowed_origins = std::move(allowed)});
    }

    std::uint16_t port() const {
        const auto url = sandbox->web_url();
        return static_cast<std::uint16_t>(std::atoi(url.c_str() + url.rfind(':') + 1));
    }
    int status(const std::string& method, const std::string& path, const std::string& headers,
               const std::string& body = "") const {
        const auto answer = talk(port(), method + " " + path + " HTTP/1.1\r\n" + headers + "Content-Length: " +
                                             std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body);
        return answer.size() > 12 ? std::atoi(answer.c_str() + 9) : 0;
    }
    int upgrade_status(const std::string& headers) const {
        RawConnection connection(port());
        connection.send(upgrade_request("/gateway", headers));
        const auto answer = connection.read_until("\r\n");
        return answer.size() > 12 ? std::atoi(answer.c_str() + 9) : 0;
    }
    bool knows(const char* name) const {
        try {
            sandbox->user_id(name);
            return true;
        } catch (const ConfigError&) {
            return false;
        }
    }

    std::optional<Sandbox> sandbox;
};

TEST_F(WebPages, case_176_of_another_site_are_refused_by_api_gateway_control_and_page) {
    begin();
    const std::string foreign[] = {"Host: localhost\r\nOrigin: https://evil.example\r\n",
                                   "Host: localhost\r\nOrigin: null\r\n", "Host: evil.example\r\n",
                                   "Host: evil.example\r\nOrigin: http://evil.example\r\n", ""};
    for (const auto& headers : foreign) {
        EXPECT_EQ(status("POST", "/api/v1/auth/register", headers, register_mallory), 403) << headers;
        EXPECT_EQ(status("OPTIONS", "/api/v1/servers", headers), 403) << headers;
        EXPECT_EQ(status("GET", "/api/v1/servers", headers), 403) << headers;
        EXPECT_EQ(status("GET", "/_sandbox/v1/state", headers), 403) << headers;
        EXPECT_EQ(status("GET", "/", headers), 403) << headers;
        EXPECT_EQ(upgrade_status(headers), 403) << headers;
    }
    EXPECT_FALSE(knows("mallory"));
    EXPECT_EQ(sandbox->connections(), 0u);
    // It was not asked to read the body either.
    EXPECT_EQ(status("POST", "/api/v1/auth/register", foreign[0], std::string(5u << 20, 'x')), 403);
}

TEST_F(WebPages, of_this_machine_are_served_and_so_are_programs) {
    begin();
    for (const std::string headers :
         {"Host: localhost\r\n", "Host: 127.0.0.1:1\r\nOrigin: http://localhost:5173\r\n"}) {
        EXPECT_EQ(status("OPTIONS", "/api/v1/servers", headers), 204) << headers;
        EXPECT_EQ(status("GET", "/api/v1/servers", headers), 401) << headers;
        EXPECT_EQ(upgrade_status(headers), 101) << headers;
    }
    EXPECT_EQ(status("GET", "/", "Host: localhost\r\n"), 200);
    EXPECT_EQ(status("POST", "/api/v1/auth/register", "Host: localhost\r\nOrigin: http://localhost:5173\r\n",
                     register_mallory),
              201);
    EXPECT_TRUE(knows("mallory"));
}

TEST_F(WebPages, that_are_allowed_use_the_api_and_the_gateway_but_do_not_control) {
    begin({"https://app.example"});
    const std::string app = "Host: localhost\r\nOrigin: https://app.example\r\n";
    const auto answer = talk(port(), "OPTIONS /api/v1/servers HTTP/1.1\r\n" + app + "Connection: close\r\n\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 204")) << answer;
    EXPECT_NE(answer.find("Access-Control-Allow-Origin: https://app.example\r\n"), std::string::npos) << answer;
    EXPECT_EQ(upgrade_status(app), 101);
    EXPECT_EQ(status("POST", "/api/v1/auth/register", app, register_mallory), 201);
    EXPECT_EQ(status("GET", "/_sandbox/v1/state", app), 403);
    EXPECT_EQ(status("GET", "/api/v1/servers", "Host: localhost\r\nOrigin: https://other.example\r\n"), 403);
}

TEST_F(WebPages, of_every_site_are_served_if_all_are_allowed) {
    begin({"*"});
    EXPECT_EQ(upgrade_status("Host: evil.example\r\nOrigin: https://evil.example\r\n"), 101);
    EXPECT_EQ(status("GET", "/_sandbox/v1/state", "Host: localhost\r\nOrigin: https://evil.example\r\n"), 403);
}

TEST(AllowedOrigins, that_are_malformed_are_refused_by_name) {
    try {
        Sandbox sandbox({.allowed_origins = {"app.example"}});
        FAIL() << "accepted";
    } catch (const ConfigError& error) {
        EXPECT_EQ(std::string(error.what()),
                  "allowed_origins: \"app.example\" is not an origin; expected scheme://host[:port], null, or *");
    }
}

}  // namespace
}  // namespace intent::test::web_pages_test
