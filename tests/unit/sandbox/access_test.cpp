#include "sandbox/rest/access.hpp"

#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <string>

namespace intent::inline v0::sandbox::access_test {
namespace {

using Headers = RequestHeaders;

struct Row {
    const char* name;
    std::string peer;
    Headers headers;
    bool allowed;
    std::uint16_t port = 8080;
    bool secure = false;
};

class AccessControl : public testing::TestWithParam<Row> {};

TEST_P(AccessControl, accepts_only_this_machine_and_its_own_pages) {
    const auto& row = GetParam();
    const auto refused = refusal({.peer = row.peer, .headers = row.headers}, row.port, row.secure);
    EXPECT_EQ(!refused, row.allowed) << refused.value_or("let in");
}

Headers host(const char* value) { return {{"host", value}}; }
Headers through_proxy(const char* header) { return {{"host", "localhost:8080"}, {header, "10.0.0.1"}}; }
Headers with_origin(const char* value) { return {{"host", "localhost:8080"}, {"origin", value}}; }

INSTANTIATE_TEST_SUITE_P(
    Table, AccessControl,
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

struct Page {
    const char* name;
    std::string listens;
    std::vector<std::string> allowed;
    Headers headers;
    bool served;
};

class Pages : public testing::TestWithParam<Page> {};

TEST_P(Pages, case_176_only_those_of_this_machine_and_those_allowed_are_served) {
    const auto& page = GetParam();
    const auto refused = Access(page.listens, page.allowed, false).refusal(page.headers);
    EXPECT_EQ(!refused, page.served) << refused.value_or("served");
}

Headers from_page(const char* where, const char* origin) { return {{"host", where}, {"origin", origin}}; }

INSTANTIATE_TEST_SUITE_P(
    Access, Pages,
    testing::Values(
        Page{"program", "127.0.0.1", {}, host("localhost:8080"), true},
        Page{"program_at_a_forwarded_port", "127.0.0.1", {}, host("127.0.0.1:9000"), true},
        Page{"program_by_v6", "::1", {}, host("[::1]:8080"), true}, Page{"no_host", "127.0.0.1", {}, {}, false},
        Page{"own_page", "127.0.0.1", {}, from_page("localhost:8080", "http://localhost:8080"), true},
        Page{"page_of_another_port", "127.0.0.1", {}, from_page("127.0.0.1:8080", "http://localhost:5173"), true},
        Page{"page_below_localhost", "127.0.0.1", {}, from_page("127.0.0.1:8080", "https://app.localhost"), true},
        Page{"foreign_page", "127.0.0.1", {}, from_page("localhost:8080", "https://evil.example"), false},
        Page{"page_that_begins_like_ours",
             "127.0.0.1",
             {},
             from_page("localhost:8080", "http://localhost.evil.example"),
             false},
        Page{"page_without_an_origin_of_its_own", "127.0.0.1", {}, from_page("localhost:8080", "null"), false},
        Page{"empty_origin", "127.0.0.1", {}, from_page("localhost:8080", ""), false},
        Page{"two_origins",
             "127.0.0.1",
             {},
             {{"host", "localhost:8080"}, {"origin", "http://localhost:1"}, {"origin", "https://evil.example"}},
             false},
        Page{"rebound_name", "127.0.0.1", {}, host("evil.example:8080"), false},
        Page{"rebound_page", "127.0.0.1", {}, from_page("evil.example:8080", "http://evil.example:8080"), false},
        Page{"second_host", "127.0.0.1", {}, {{"host", "localhost:8080"}, {"host", "evil.example"}}, false},
        Page{"name_without_a_dot", "127.0.0.1", {}, host("sandbox:8080"), false},
        Page{"address_of_the_network", "127.0.0.1", {}, host("192.168.1.5:8080"), false},
        Page{"allowed_page",
             "127.0.0.1",
             {"https://app.example"},
             from_page("localhost:8080", "https://app.example"),
             true},
        Page{"allowed_page_as_people_write_it",
             "127.0.0.1",
             {"HTTPS://App.Example:443/"},
             from_page("localhost:8080", "https://app.example"),
             true},
        Page{"page_beside_the_allowed",
             "127.0.0.1",
             {"https://app.example"},
             from_page("localhost:8080", "https://app.example:8443"),
             false},
        Page{"allowed_null", "127.0.0.1", {"null"}, from_page("localhost:8080", "null"), true},
        Page{"allowed_host", "127.0.0.1", {"http://devbox.example:8080"}, host("devbox.example:8080"), true},
        Page{"every_page", "127.0.0.1", {"*"}, from_page("evil.example", "https://evil.example"), true},
        Page{"everywhere_by_address", "0.0.0.0", {}, host("192.168.1.5:8080"), true},
        Page{"everywhere_by_v6_address", "::", {}, host("[fe80::1]:8080"), true},
        Page{"everywhere_by_container_name", "0.0.0.0", {}, host("sandbox:8080"), true},
        Page{"everywhere_own_page", "0.0.0.0", {}, from_page("192.168.1.5:8080", "http://192.168.1.5:8080"), true},
        Page{"everywhere_foreign_page", "0.0.0.0", {}, from_page("192.168.1.5:8080", "https://evil.example"), false},
        Page{"everywhere_rebound", "0.0.0.0", {}, from_page("evil.example:8080", "http://evil.example:8080"), false},
        Page{"at_a_name", "devbox.example", {}, host("DevBox.example:8080"), true},
        Page{"at_a_name_by_another", "devbox.example", {}, host("evil.example:8080"), false}),
    [](const auto& page) { return std::string(page.param.name); });

TEST(Access, an_invalid_origin_is_refused) {
    for (const char* wrong :
         {"", "app.example", "https://", "https://app.example/page", "https://a b", "://x", "https://x:y"})
        EXPECT_THROW(Access("127.0.0.1", {wrong}, false), ConfigError) << wrong;
}

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
}  // namespace intent::sandbox::access_test
