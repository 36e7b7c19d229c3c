#include "sandbox/guard.hpp"

#include <gtest/gtest.h>

#include <string>

namespace intent::sandbox {
namespace {

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Row {
    const char* name;
    std::string peer;
    Headers headers;
    bool allowed;
    std::uint16_t port = 8080;
    bool secure = false;
};

class Guard : public testing::TestWithParam<Row> {};

TEST_P(Guard, lets_in_this_machine_and_its_own_pages_alone) {
    const auto& row = GetParam();
    const auto refused = refusal({.peer = row.peer, .headers = row.headers}, row.port, row.secure);
    EXPECT_EQ(!refused, row.allowed) << refused.value_or("let in");
}

Headers host(const char* value) { return {{"host", value}}; }
Headers through_proxy(const char* header) { return {{"host", "localhost:8080"}, {header, "10.0.0.1"}}; }
Headers with_origin(const char* value) { return {{"host", "localhost:8080"}, {"origin", value}}; }

INSTANTIATE_TEST_SUITE_P(
    Orders, Guard,
    testing::Values(
        Row{"name", "127.0.0.1", host("localhost:8080"), true},
        Row{"upper_case", "127.0.0.1", host("LOCALHOST:8080"), true},
        Row{"v4", "127.0.0.1", host("127.0.0.1:8080"), true}, Row{"v6", "::1", host("[::1]:8080"), true},
        Row{"v4_in_v6", "::ffff:127.0.0.1", host("localhost:8080"), true},
        Row{"another_loopback", "127.8.0.1", host("127.0.0.2:8080"), true},
        Row{"neighbour", "192.168.1.5", host("localhost:8080"), false},
        Row{"neighbour_in_v6", "::ffff:10.0.0.1", host("localhost:8080"), false},
        Row{"nobody", "", host("localhost:8080"), false}, Row{"no_host", "127.0.0.1", {}, false},
        Row{"foreign_host", "127.0.0.1", host("evil.example:8080"), false},
        Row{"host_that_begins_like_ours", "127.0.0.1", host("localhost.evil.example:8080"), false},
        Row{"address_that_begins_like_ours", "127.0.0.1", host("127.0.0.1.evil.example:8080"), false},
        Row{"four_numbers_and_letters", "127.0.0.1", host("127.0.0.evil:8080"), false},
        Row{"other_port", "127.0.0.1", host("localhost:8081"), false},
        Row{"no_port", "127.0.0.1", host("localhost"), false},
        Row{"no_port_on_80", "127.0.0.1", host("localhost"), true, 80},
        Row{"no_port_on_443", "127.0.0.1", host("localhost"), true, 443, true},
        Row{"two_hosts", "127.0.0.1", {{"host", "localhost:8080"}, {"host", "evil.example"}}, false},
        Row{"own_origin", "127.0.0.1", with_origin("http://localhost:8080"), true},
        Row{"own_origin_by_number", "127.0.0.1", with_origin("http://127.0.0.1:8080"), true},
        Row{"foreign_origin", "127.0.0.1", with_origin("https://evil.example"), false},
        Row{"origin_of_another_port", "127.0.0.1", with_origin("http://localhost:3000"), false},
        Row{"origin_of_another_scheme", "127.0.0.1", with_origin("https://localhost:8080"), false},
        Row{"null_origin", "127.0.0.1", with_origin("null"), false},
        Row{"empty_origin", "127.0.0.1", with_origin(""), false},
        Row{"page_of_another_site", "127.0.0.1", {{"host", "localhost:8080"}, {"sec-fetch-site", "cross-site"}}, false},
        Row{"page_of_another_port", "127.0.0.1", {{"host", "localhost:8080"}, {"sec-fetch-site", "same-site"}}, false},
        Row{"own_page", "127.0.0.1", {{"host", "localhost:8080"}, {"sec-fetch-site", "same-origin"}}, true},
        Row{"proxy_by_forwarded", "127.0.0.1", through_proxy("forwarded"), false},
        Row{"proxy_by_forwarded_for", "127.0.0.1", through_proxy("x-forwarded-for"), false},
        Row{"proxy_by_forwarded_host", "127.0.0.1", through_proxy("x-forwarded-host"), false},
        Row{"proxy_by_real_ip", "127.0.0.1", through_proxy("x-real-ip"), false},
        Row{"proxy_by_via", "127.0.0.1", through_proxy("via"), false},
        Row{"typed_address", "127.0.0.1", {{"host", "localhost:8080"}, {"sec-fetch-site", "none"}}, true}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(LoopbackOrigin, is_of_this_machine_on_any_port) {
    for (const char* own : {"http://localhost:3000", "https://localhost", "http://127.0.0.1:8080", "http://127.8.0.1",
                            "http://[::1]:5173", "http://LOCALHOST:1"})
        EXPECT_TRUE(is_loopback_origin(own)) << own;
    for (const char* foreign :
         {"null", "", "https://evil.example", "http://localhost.evil.example", "http://127.0.0.1.evil.example:80",
          "http://evil.example:127", "http://10.0.0.1", "localhost:3000", "http://[::2]:80"})
        EXPECT_FALSE(is_loopback_origin(foreign)) << foreign;
}

}  // namespace
}  // namespace intent::sandbox
