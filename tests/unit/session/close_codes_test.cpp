#include "session/close_codes.hpp"

#include <gtest/gtest.h>

#include <map>

namespace intent::session::close_codes_test {
namespace {

TEST(CloseCodes, case_064_every_code_follows_the_protocol) {
    std::map<int, OnClose> expected;
    for (const int code : {1000, 1001, 1005, 1006, 1011, 1012, 1013, 4000})
        expected[code] = OnClose::resume;
    for (const int code : {4002, 4009})
        expected[code] = OnClose::report_frame;
    for (const int code : {4003, 4007})
        expected[code] = OnClose::identify;
    for (const int code : {4010, 4012, 4013})
        expected[code] = OnClose::stop_configuration;
    for (const int code : {4011, 4014, 4015})
        expected[code] = OnClose::report_voice;
    expected[4004] = OnClose::stop_authentication;
    expected[4008] = OnClose::pause;
    for (int code = 0; code <= 5'000; ++code) {
        const auto found = expected.find(code);
        const OnClose then = found == expected.end() ? OnClose::resume : found->second;
        EXPECT_EQ(close_rule(code).then, then) << code;
        EXPECT_FALSE(close_rule(code).meaning.empty()) << code;
    }
    EXPECT_EQ(close_rule(-1).then, OnClose::resume);
}

}  // namespace
}  // namespace intent::session::close_codes_test
