// Passwords take long to hash; nobody else waits for that.
#include "tests/support/net_http.hpp"
#include "tests/support/waiting.hpp"

#include <intent/sandbox.hpp>

#include <gtest/gtest.h>

#include <map>

namespace intent::test::passwords_test {
namespace {

class Passwords : public testing::Test {
protected:
    net::HttpRequest post(const std::string& route, const std::string& body) const {
        return {.method = "POST", .url = sandbox.rest_url() + route, .body = body, .timeout = long_enough};
    }
    net::HttpRequest log_in(const std::string& password) const {
        return post("/auth/login", R"({"username_or_email":"carol","password":")" + password + R"("})");
    }
    net::HttpRequest sign_up(const std::string& name) const {
        return post("/auth/register",
                    R"({"username":")" + name + R"(","email":")" + name + R"(@example.org","password":"long enough"})");
    }

    Sandbox sandbox{sandbox::Options{.limits = false}};
    TestHttp http;
};

TEST_F(Passwords, people_register_and_log_in) {
    EXPECT_EQ(response(http.send(sign_up("carol"))).status, 201);
    EXPECT_EQ(response(http.send(sign_up("carol"))).status, 409);
    const auto in = response(http.send(log_in("long enough")));
    EXPECT_EQ(in.status, 200);
    EXPECT_EQ(response(http.send(log_in("wrong"))).status, 401);
    EXPECT_EQ(response(http.send(post("/auth/login", R"({"username_or_email":"bot","password":""})"))).status, 401);
}

TEST_F(Passwords, case_185_many_at_once_do_not_delay_other_requests_and_too_many_are_refused) {
    ASSERT_EQ(response(http.send(sign_up("carol"))).status, 201);
    constexpr int count = 60;
    TestHttp crowd;
    for (int i = 0; i < count; ++i)
        crowd.start(log_in("long enough"));
    const auto finished = [&] { return crowd.monitor.read([&] { return crowd.finished; }); };
    ASSERT_TRUE(crowd.monitor.wait([&] { return crowd.finished >= 1; }));
    // Asked last, answered while the others' passwords are still being hashed.
    const int before = finished();
    EXPECT_EQ(response(http.get(sandbox.rest_url() + "/servers")).status, 401);
    EXPECT_LT(finished() - before, count / 2);
    ASSERT_TRUE(crowd.monitor.wait([&] { return crowd.finished == count; }));
    std::map<int, int> times;
    for (const auto& [number, result] : crowd.results)
        ++times[response(result).status];
    EXPECT_EQ(times[200] + times[503], count);
    EXPECT_GE(times[200], 16);
    EXPECT_GE(times[503], 1);
    EXPECT_TRUE(sandbox.say("alice", sandbox.general(), "still here"));
}

TEST_F(Passwords, a_sandbox_that_stops_does_not_wait_for_queued_log_ins) {
    ASSERT_EQ(response(http.send(sign_up("carol"))).status, 201);
    TestHttp crowd;
    for (int i = 0; i < 20; ++i)
        crowd.start(log_in("long enough"));
    ASSERT_TRUE(crowd.monitor.wait([&] { return crowd.finished >= 1; }));
    sandbox.stop();
    EXPECT_TRUE(crowd.monitor.wait([&] { return crowd.finished == 20; }));
}

}  // namespace
}  // namespace intent::test::passwords_test
