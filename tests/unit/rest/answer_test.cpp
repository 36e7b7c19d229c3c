// Errors in every shape that servers are known to give them (protocol §11).
#include "rest/answer.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace intent::rest::answer_test {
namespace {

struct Row {
    const char* name;
    std::string body;
    std::string code = {};
    std::string message = {};
};

TEST(Answer, case_103_every_format_of_an_error_body_is_read) {
    const std::vector<Row> rows = {
        {"the specification's", R"({"error":"Unknown channel","code":"NOT_FOUND"})", "NOT_FOUND", "Unknown channel"},
        {"with a number", R"({"code":50001,"message":"Missing access"})", "50001", "Missing access"},
        {"with both texts", R"({"error":"first","message":"second","code":"X"})", "X", "first"},
        {"without a code", R"({"error":"text"})", "", "text"},
        {"without a text", R"({"code":"X"})", "X", ""},
        {"of other types", R"({"error":{"a":1},"code":[1],"message":null})", "", ""},
        {"of a rate limit", R"({"error":"slow down","code":"RATE_LIMITED","retry_after":1.5,"global":false})",
         "RATE_LIMITED", "slow down"},
        {"a JSON string", R"("no such thing")", "", "no such thing"},
        {"a bare string", "upstream is away", "", "upstream is away"},
        {"a JSON list", R"(["a"])", "", ""},
        {"nothing", "", "", ""},
        {"white space", " \r\n", "", ""},
        {"broken JSON", R"({"error":"tex)", "", R"({"error":"tex)"},
        {"HTML", "<!DOCTYPE html><html><body>502 bad</body></html>", "", "(an HTML page, not shown)"},
        {"HTML behind white space", "\r\n  <html>", "", "(an HTML page, not shown)"},
        {"HTML behind a byte order mark", "\xef\xbb\xbf<html>", "", "(an HTML page, not shown)"},
    };
    for (const auto& row : rows) {
        SCOPED_TRACE(row.name);
        const auto info = read_error(418, row.body, {});
        EXPECT_EQ(info.status, 418);
        EXPECT_EQ(info.code, row.code);
        EXPECT_EQ(info.message, row.message);
        EXPECT_EQ(info.method, "");
        EXPECT_EQ(info.route, "");
    }
}

TEST(Answer, case_103_server_text_is_one_short_line_without_control_bytes) {
    const auto lines = read_error(400, "one\r\ntwo\x1b[31m\x01three\x7f", {});
    EXPECT_EQ(lines.message, "one two [31m three");

    const auto json = read_error(400, R"({"error":"a\nb\u0000c","code":"X\tY"})", {});
    EXPECT_EQ(json.message, "a b c");
    EXPECT_EQ(json.code, "X Y");

    const auto broken = read_error(400, "caf\xe9!", {});
    EXPECT_EQ(broken.message, "caf\xef\xbf\xbd!");

    const auto text = read_error(400, std::string(100'000, 'x'), {}).message;
    EXPECT_EQ(text, std::string(200, 'x') + "…");

    std::string wide;
    for (int i = 0; i < 1000; ++i)
        wide += "\U0001F389";
    const auto cut = read_error(400, R"({"error":")" + wide + R"("})", {}).message;
    EXPECT_LE(cut.size(), 210u);
    EXPECT_EQ(cut.substr(0, 4), "\U0001F389");
    EXPECT_EQ(cut.substr(cut.size() - 3), "…");
}

TEST(Answer, case_159_160_no_error_text_contains_a_secret) {
    text::Redactor secrets;
    secrets.set_token("bot_c2VjcmV0LXRva2Vu/+");
    for (const std::string echo : {"bot_c2VjcmV0LXRva2Vu/+", "bot_c2VjcmV0LXRva2Vu%2F%2b",
                                   "bot\\u005fc2VjcmV0LXRva2Vu\\/+", "bot_c2Vjc\\u0001mV0LXRva2Vu/+"}) {
        for (const char* member : {"error", "message", "code"}) {
            const auto info = read_error(400, std::string(R"({")") + member + R"(":"no )" + echo + R"("})", secrets);
            EXPECT_EQ(info.message + info.code, "no ***") << echo;
        }
        EXPECT_EQ(read_error(400, '"' + echo + '"', secrets).message, "***") << echo;
        EXPECT_EQ(read_error(400, "no " + echo + " {", secrets).message, "no *** {") << echo;
    }
    EXPECT_EQ(read_error(400, std::string(190, 'x') + "bot_c2VjcmV0LXRva2Vu/+", secrets).message,
              std::string(190, 'x') + "***");
}

TEST(Answer, a_deeply_nested_body_is_harmless) {
    const auto info = read_error(500, std::string(1'000'000, '['), {});
    EXPECT_EQ(info.message, std::string(200, '[') + "…");
}

TEST(Answer, each_status_maps_to_its_error) {
    const std::vector<std::pair<int, ErrorKind>> rows = {
        {400, ErrorKind::other},     {401, ErrorKind::unauthorized}, {403, ErrorKind::forbidden},
        {404, ErrorKind::not_found}, {409, ErrorKind::other},        {429, ErrorKind::rate_limited},
        {500, ErrorKind::server},    {502, ErrorKind::server},       {503, ErrorKind::server},
        {504, ErrorKind::server},    {599, ErrorKind::server},       {600, ErrorKind::other},
        {302, ErrorKind::other},     {0, ErrorKind::other},
    };
    for (const auto& [status, kind] : rows)
        EXPECT_EQ(error_kind(status), kind) << status;
}

TEST(Answer, every_status_from_200_to_299_is_a_success) {
    EXPECT_TRUE(is_success(200));
    EXPECT_TRUE(is_success(204));
    EXPECT_TRUE(is_success(299));
    EXPECT_FALSE(is_success(199));
    EXPECT_FALSE(is_success(304));
}

}  // namespace
}  // namespace intent::rest::answer_test
