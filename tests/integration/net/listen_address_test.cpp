#include "net/listen_address.hpp"

#include <gtest/gtest.h>

#include <string>
#include <variant>

namespace intent::test::listen_address_test {
namespace {

using net::ListenAddress;

TEST(ListenAddress, an_ip_address_with_a_port_is_read) {
    EXPECT_EQ(std::get<ListenAddress>(net::parse_listen_address("127.0.0.1:9464")), (ListenAddress{"127.0.0.1", 9464}));
    EXPECT_EQ(std::get<ListenAddress>(net::parse_listen_address("0.0.0.0:0")), (ListenAddress{"0.0.0.0", 0}));
    EXPECT_EQ(std::get<ListenAddress>(net::parse_listen_address("[::1]:65535")), (ListenAddress{"::1", 65535}));
}

TEST(ListenAddress, anything_else_is_quoted_with_what_is_allowed) {
    for (const char* text : {"", "9464", ":9464", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1",
                             "127.0.0.1:94x", "::1:9464", "[127.0.0.1]:9464", "[::1]", "localhost:9464", "127.1:80",
                             "http://127.0.0.1:80", "127.0.0.1:80/metrics", " 127.0.0.1:80"}) {
        const auto read = net::parse_listen_address(text);
        const auto* const problem = std::get_if<std::string>(&read);
        ASSERT_TRUE(problem) << text;
        EXPECT_EQ(*problem, "\"" + std::string(text) +
                                "\" is not an IP address with a port (0 to 65535; 0: the system chooses one), such as "
                                "\"127.0.0.1:9464\" or \"[::1]:0\"");
    }
}

}  // namespace
}  // namespace intent::test::listen_address_test
