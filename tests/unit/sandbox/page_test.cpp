// How the files of the sandbox's page are served.
#include "sandbox/host/page.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace intent::inline v0::sandbox::page_test {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

net::ServerRequest request(std::string method, std::string path, Headers headers = {}) {
    net::ServerRequest request;
    request.method = std::move(method);
    request.path = std::move(path);
    request.headers = std::move(headers);
    return request;
}

net::ServerResponse get(std::string path, Headers headers = {}) {
    return page_response(request("GET", std::move(path), std::move(headers))).value();
}

std::string header(const net::ServerResponse& response, std::string_view name) {
    const auto found = std::ranges::find(response.headers, name, &std::pair<std::string, std::string>::first);
    return found == response.headers.end() ? std::string() : found->second;
}

TEST(Page, has_a_document_a_script_styles_and_an_icon) {
    EXPECT_TRUE(get("/").body.starts_with("<!doctype html>"));
    EXPECT_EQ(header(get("/"), "Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(header(get("/app.js"), "Content-Type"), "text/javascript; charset=utf-8");
    EXPECT_EQ(header(get("/app.css"), "Content-Type"), "text/css; charset=utf-8");
    EXPECT_EQ(header(get("/icon.svg"), "Content-Type"), "image/svg+xml");
}

TEST(Page, ignores_other_paths_and_methods) {
    for (const char* path : {"", "/app", "/app.js/", "/index.html", "/api/v1", "//"})
        EXPECT_FALSE(page_response(request("GET", path))) << path;
    EXPECT_FALSE(page_response(request("POST", "/")));
    EXPECT_TRUE(page_response(request("HEAD", "/")));
}

TEST(Page, answers_304_for_a_current_copy) {
    const std::string plain = header(get("/app.js"), "ETag");
    ASSERT_FALSE(plain.empty());
    EXPECT_NE(plain, header(get("/app.css"), "ETag"));
    for (const auto& have : {plain, "\"x\", " + plain, "W/" + plain, std::string("*")}) {
        const auto response = get("/app.js", {{"if-none-match", have}});
        EXPECT_EQ(response.status, 304) << have;
        EXPECT_EQ(response.body, "");
        EXPECT_EQ(header(response, "ETag"), plain);
    }
    for (const char* have : {"\"x\"", "x"})
        EXPECT_EQ(get("/app.js", {{"if-none-match", have}}).status, 200) << have;
}

TEST(Page, allows_the_browser_only_its_own_files) {
    for (const char* path : {"/", "/app.js", "/app.css", "/icon.svg"}) {
        const auto response = get(path);
        const std::string policy = header(response, "Content-Security-Policy");
        EXPECT_TRUE(policy.starts_with("default-src 'none'; script-src 'self';")) << policy;
        EXPECT_EQ(policy.find("unsafe"), std::string::npos);
        EXPECT_EQ(policy.find("http"), std::string::npos);
        EXPECT_EQ(header(response, "X-Content-Type-Options"), "nosniff");
        EXPECT_EQ(header(response, "Cache-Control"), "no-cache");
    }
    const auto page = get("/").body;
    EXPECT_EQ(page.find("<style"), std::string::npos);
    EXPECT_EQ(page.find("<script>"), std::string::npos);
    EXPECT_EQ(page.find("://"), std::string::npos);
}

}  // namespace
}  // namespace intent::sandbox::page_test
