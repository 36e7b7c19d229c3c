// What browsers need to be told.
#include "tests/unit/sandbox/api_driver.hpp"

namespace intent::sandbox {
namespace {

TEST_F(ApiTest, a_preflight_is_answered_without_a_token_and_without_a_limit) {
    use(SandboxDialect::web, true);
    for (int i = 0; i < 60; ++i) {
        const auto reply = api->handle(
            {.method = "OPTIONS", .path = messages, .peer = "10.0.0.1", .wanted_headers = "authorization,x-app"}, now);
        ASSERT_EQ(reply.status, 204);
        EXPECT_EQ(header(reply, "Access-Control-Allow-Origin"), "*");
        EXPECT_EQ(header(reply, "Access-Control-Allow-Methods"), "GET, POST, PATCH, DELETE, OPTIONS");
        EXPECT_EQ(header(reply, "Access-Control-Allow-Headers"), "Authorization, Content-Type, authorization,x-app");
        EXPECT_TRUE(reply.body.empty());
    }
}

TEST_F(ApiTest, header_names_that_are_none_are_not_given_back) {
    const auto reply =
        api->handle({.method = "OPTIONS", .path = "/servers", .wanted_headers = "x\r\nSet-Cookie: a"}, now);
    EXPECT_EQ(header(reply, "Access-Control-Allow-Headers"), "Authorization, Content-Type");
}

TEST_F(ApiTest, every_answer_may_be_read_by_other_origins_with_its_limits) {
    use(SandboxDialect::spec, true);
    for (const auto* token : {"one", ""})
        for (const auto& path : {std::string("/servers"), std::string("/nothing"), messages}) {
            const auto reply = call("GET", path, "", token);
            EXPECT_EQ(header(reply, "Access-Control-Allow-Origin"), "*") << path;
            const auto exposed = header(reply, "Access-Control-Expose-Headers");
            for (const auto* name : {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset",
                                     "X-RateLimit-Bucket", "X-RateLimit-Global", "Retry-After"})
                EXPECT_NE(exposed.find(name), std::string::npos) << name;
        }
}

}  // namespace
}  // namespace intent::sandbox
