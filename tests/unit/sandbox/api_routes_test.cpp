// What holds for every row of the table of routes.
#include "tests/unit/sandbox/api_driver.hpp"
#include "tests/unit/sandbox/route_example.hpp"

#include <algorithm>

namespace intent::inline v0::sandbox::api_routes_test {
namespace {

TEST_F(ApiTest, a_route_with_a_bearer_token_does_nothing_without_one) {
    for (const auto& route : routes()) {
        if (route.auth != Auth::bearer) continue;
        for (const auto* token : {"", "unknown"}) {
            const auto reply = call(std::string(route.method), example(route.path), "{}", token);
            EXPECT_EQ(reply.status, 401) << route.method << " " << route.path;
        }
    }
    EXPECT_TRUE(events.empty());
}

TEST_F(ApiTest, a_route_with_the_token_of_a_webhook_ignores_bearer_tokens) {
    for (const auto& route : routes()) {
        if (route.auth != Auth::webhook) continue;
        const auto without = call(std::string(route.method), example(route.path), "{}", "");
        const auto with = call(std::string(route.method), example(route.path), "{}", "alice");
        EXPECT_EQ(with.status, 404) << route.method << " " << route.path;
        EXPECT_EQ(with.status, without.status) << route.method << " " << route.path;
        EXPECT_EQ(with.body, without.body) << route.method << " " << route.path;
    }
    EXPECT_TRUE(events.empty());
}

TEST_F(ApiTest, every_path_refuses_unknown_methods_and_lists_the_allowed_ones) {
    const std::string methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    for (const auto& route : routes()) {
        const std::string path = example(route.path);
        const std::string allowed = allowed_methods(path);
        EXPECT_NE((", " + allowed + ",").find(" " + std::string(route.method) + ","), std::string::npos) << path;
        for (const auto& method : methods) {
            if ((", " + allowed + ",").find(" " + method + ",") != std::string::npos) continue;
            const auto reply = call(method, path);
            EXPECT_EQ(reply.status, 405) << method << " " << path;
            EXPECT_EQ(header(reply, "Allow"), allowed) << method << " " << path;
        }
    }
    EXPECT_TRUE(events.empty());
}

TEST_F(ApiTest, every_answer_names_the_bucket_of_its_route) {
    for (const auto& route : routes()) {
        const std::string path = example(route.path);
        const auto id = bucket_id(find_route(route.method, path));
        const auto reply = call(std::string(route.method), path, "{}", "");
        EXPECT_EQ(header(reply, "X-RateLimit-Bucket"), id.empty() ? "global" : id) << route.method << " " << path;
    }
}

TEST_F(ApiTest, every_answer_has_the_headers_for_browsers_once) {
    const auto count = [](const ApiReply& reply, std::string_view name) {
        return std::count_if(reply.headers.begin(), reply.headers.end(),
                             [&](const auto& header) { return header.first == name; });
    };
    for (const auto& route : routes())
        for (const auto& method : {std::string(route.method), std::string("OPTIONS"), std::string("HEAD")}) {
            const auto reply = handle({.method = method, .path = example(route.path), .origin = "http://localhost:1"});
            EXPECT_EQ(count(reply, "Vary"), 1) << method << " " << route.path;
            EXPECT_EQ(count(reply, "Access-Control-Allow-Origin"), 1) << method << " " << route.path;
            EXPECT_LE(count(reply, "Content-Type"), 1) << method << " " << route.path;
        }
}

}  // namespace
}  // namespace intent::sandbox::api_routes_test
