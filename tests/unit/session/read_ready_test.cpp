#include "session/read_ready.hpp"

#include "codec/convert.hpp"

#include <gtest/gtest.h>

namespace intent::session::read_ready_test {
namespace {

ReadyRead read(std::string_view json) {
    const auto bytes = codec::json_to_msgpack(json);
    EXPECT_TRUE(bytes) << json;
    return read_ready(*bytes);
}

TEST(ReadReady, a_complete_ready_has_no_problem) {
    const auto [ready, problem] = read(
        R"({"user":{"id":"1","username":"bot"},"servers":[{"id":"2","name":"s","owner_id":"1"}],"session_id":"x"})");
    EXPECT_EQ(problem, "");
    EXPECT_EQ(ready.user.username, "bot");
    EXPECT_EQ(ready.servers.size(), 1u);
    EXPECT_EQ(ready.session_id, "x");
}

TEST(ReadReady, an_invalid_server_affects_neither_the_others_nor_the_session_id) {
    const auto [ready, problem] =
        read(R"({"servers":[{"id":"2","name":"s","owner_id":"1"},{"id":"3"},7,{"id":"4","name":"t","owner_id":"1"}],)"
             R"("session_id":"x","user":{"id":"1","username":"bot"}})");
    EXPECT_NE(problem, "");
    ASSERT_EQ(ready.servers.size(), 2u);
    EXPECT_EQ(ready.servers[1].id, ServerId{4});
    EXPECT_EQ(ready.session_id, "x");
    EXPECT_EQ(ready.user.id, UserId{1});
}

TEST(ReadReady, an_invalid_user_is_left_out) {
    const auto [ready, problem] = read(R"({"user":7,"servers":"none","session_id":"x"})");
    EXPECT_NE(problem, "");
    EXPECT_FALSE(ready.user.id);
    EXPECT_EQ(ready.session_id, "x");
}

TEST(ReadReady, a_value_that_is_not_a_map_is_empty) {
    for (const char* json : {"null", "[]", "7", "\"x\"", "{}"}) {
        const auto [ready, problem] = read(json);
        EXPECT_NE(problem, "") << json;
        EXPECT_EQ(ready, raw::Ready{}) << json;
    }
    EXPECT_NE(read_ready({}).problem, "");
}

}  // namespace
}  // namespace intent::session::read_ready_test
