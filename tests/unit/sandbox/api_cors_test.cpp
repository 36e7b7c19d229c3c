// Headers for browsers (CORS).
#include "sandbox/base/secrets.hpp"
#include "tests/unit/sandbox/api_driver.hpp"

namespace intent::inline v0::sandbox::api_cors_test {
namespace {

constexpr const char* page = "http://localhost:5173";

TEST_F(ApiTest, a_preflight_is_answered_without_a_token_and_without_a_limit) {
    use(Dialect::web, true);
    for (int i = 0; i < 60; ++i) {
        const auto reply = handle({.method = "OPTIONS",
                                   .path = messages,
                                   .peer = "10.0.0.1",
                                   .wanted_headers = "authorization,x-app",
                                   .origin = page});
        ASSERT_EQ(reply.status, 204);
        EXPECT_EQ(header(reply, "Access-Control-Allow-Origin"), page);
        EXPECT_EQ(header(reply, "Access-Control-Allow-Methods"), "GET, POST, PUT, PATCH, DELETE, OPTIONS");
        EXPECT_EQ(header(reply, "Access-Control-Allow-Headers"), "Authorization, Content-Type, authorization,x-app");
        EXPECT_TRUE(reply.body.empty());
    }
}

TEST_F(ApiTest, invalid_header_names_are_not_echoed) {
    const auto reply = handle({.method = "OPTIONS", .path = "/servers", .wanted_headers = "x\r\nSet-Cookie: a"});
    EXPECT_EQ(header(reply, "Access-Control-Allow-Headers"), "Authorization, Content-Type");
}

TEST_F(ApiTest, every_answer_and_its_limits_can_be_read_by_the_requesting_page) {
    use(Dialect::spec, true);
    for (const auto& path : {std::string("/servers"), std::string("/nothing"), messages}) {
        const auto reply = handle({.method = "GET", .path = path, .peer = "127.0.0.1", .origin = page});
        EXPECT_EQ(header(reply, "Access-Control-Allow-Origin"), page) << path;
        EXPECT_EQ(header(reply, "Vary"), "Origin") << path;
        const auto exposed = header(reply, "Access-Control-Expose-Headers");
        for (const auto* name : {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset",
                                 "X-RateLimit-Bucket", "X-RateLimit-Global", "Retry-After"})
            EXPECT_NE(exposed.find(name), std::string::npos) << name;
        const auto to_program = call("GET", path, "", "one");
        EXPECT_EQ(header(to_program, "Access-Control-Allow-Origin"), "(none)") << path;
        EXPECT_EQ(header(to_program, "Vary"), "Origin") << path;
    }
}

TEST_F(ApiTest, only_pages_of_this_machine_log_in_with_the_seed_password) {
    const auto log_in = [&](std::string origin, const std::string& name, const std::string& password) {
        return handle({.method = "POST",
                       .path = "/auth/login",
                       .body = R"({"username_or_email":")" + name + R"(","password":")" + password + R"("})",
                       .peer = "127.0.0.1",
                       .origin = std::move(origin)});
    };
    for (const auto* own : {"", "http://localhost:3000", "http://127.0.0.1:8080", "http://[::1]:5173"})
        EXPECT_EQ(log_in(own, "alice", "alice").status, 200) << own;
    for (const auto* foreign : {"https://evil.example", "null", "http://localhost.evil.example"}) {
        const auto refused = log_in(foreign, "alice", "alice");
        EXPECT_EQ(refused.status, 403) << foreign;
        EXPECT_EQ(text(json::parse(refused.body), "code"), "MISSING_ACCESS");
        EXPECT_EQ(text(json::parse(refused.body), "error").rfind("Origin: ", 0), 0u) << refused.body;
        EXPECT_EQ(header(refused, "Access-Control-Allow-Origin"), foreign) << "its own page may read the reason";
        EXPECT_EQ(log_in(foreign, "alice", "wrong").status, 401);
    }
    platform->register_user("carol", "carol@example.org", hash_password("long enough", HashCost::light), now.system);
    EXPECT_EQ(log_in("https://app.example", "carol", "long enough").status, 200);
}

}  // namespace
}  // namespace intent::sandbox::api_cors_test
