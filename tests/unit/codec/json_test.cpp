#include "codec/convert.hpp"
#include "codec/utf8.hpp"
#include "tests/unit/codec/samples.hpp"

#include <gtest/gtest.h>

namespace intent::codec::json_test {
namespace {

using test::hex;
using test::to_hex;

TEST(Json, exactly_one_value_is_accepted) {
    EXPECT_EQ(to_hex(*json_to_msgpack(" \r\n\t1 \n")), "01");
    EXPECT_EQ(to_hex(*json_to_msgpack("\xef\xbb\xbf{}")), "80");
    const std::pair<const char*, const char*> table[] = {
        {"", "not JSON: incomplete JSON (at byte 0)"},
        {" ", "not JSON: incomplete JSON (at byte 1)"},
        {"\xef\xbb\xbf", "not JSON: incomplete JSON (at byte 0)"},
        {"{\"a\":1", "not JSON: incomplete JSON (at byte 6)"},
        {"[] []", "not JSON: extra data (at byte 3)"},
        {"{}}", "not JSON: extra data (at byte 2)"},
        {"<html>", "not JSON: syntax error (at byte 0)"},
        {"{'a':1}", "not JSON: syntax error (at byte 1)"},
        {"[1,]", "not JSON: syntax error (at byte 3)"},
        {"nul", "not JSON: incomplete JSON (at byte 3)"},
        {"// x\n1", "not JSON: syntax error (at byte 0)"},
        {"\xef\xbb\xbf\xef\xbb\xbf{}", "not JSON: syntax error (at byte 0)"},
    };
    for (const auto& [text, reason] : table) {
        const auto bytes = json_to_msgpack(text);
        ASSERT_FALSE(bytes) << text;
        EXPECT_EQ(bytes.failure().text(), reason) << text;
    }
    EXPECT_FALSE(json_to_msgpack("NaN"));
    EXPECT_FALSE(json_to_msgpack("01"));
    EXPECT_FALSE(json_to_msgpack("\"a\nb\""));
    EXPECT_FALSE(json_to_msgpack(std::string_view("1\0", 2)));
}

TEST(Json, numbers_keep_all_their_bits) {
    const std::pair<const char*, const char*> table[] = {{"18446744073709551615", "18446744073709551615"},
                                                         {"-9223372036854775808", "-9223372036854775808"},
                                                         {"18446744073709551616", "18446744073709551616.0"},
                                                         {"0.1", "0.1"},
                                                         {"1e400", "null"},
                                                         {"-0.0", "-0.0"},
                                                         {"1.0", "1.0"},
                                                         {"123456789.12345679", "123456789.12345679"},
                                                         {"2.2250738585072014e-308", "2.2250738585072014e-308"}};
    for (const auto& [text, back] : table) {
        const auto bytes = json_to_msgpack(text);
        ASSERT_TRUE(bytes) << text << bytes.failure().text();
        EXPECT_EQ(*msgpack_to_json(*bytes), back) << text;
    }
}

TEST(Json, types_that_json_lacks_are_written_as_documented) {
    const std::pair<const char*, const char*> table[] = {
        {"c4 00", R"("")"},
        {"c4 01 00", R"("AA==")"},
        {"c4 02 0001", R"("AAE=")"},
        {"c4 03 000102", R"("AAEC")"},
        {"c4 03 fbfffe", R"("+//+")"},
        {"c5 0001 00", R"("AA==")"},
        {"c6 00000001 00", R"("AA==")"},
        {"d4 05 07", R"({"ext":5,"data":"Bw=="})"},
        {"d6 ff 00000000", R"({"ext":-1,"data":"AAAAAA=="})"},
        {"c7 00 80", R"({"ext":-128,"data":""})"},
        {"cb 7ff8000000000000", "null"},
        {"cb fff0000000000000", "null"},
        {"ca 3f800000", "1.0"},
        {"ca 7fc00000", "null"},
        {"86 05 01 c0 02 c3 03 ff 04 ca3f800000 05 c402 0001 06",
         R"({"5":1,"null":2,"true":3,"-1":4,"1.0":5,"AAE=":6})"},
        {"83 90 01 80 02 d40507 03", R"({"[list]":1,"[map]":2,"[extension]":3})"},
        {"82 a161 01 a161 02", R"({"a":1,"a":2})"},
    };
    for (const auto& [bytes, json] : table) {
        const auto text = msgpack_to_json(hex(bytes));
        ASSERT_TRUE(text) << bytes << text.failure().text();
        EXPECT_EQ(*text, json) << bytes;
    }
}

TEST(Json, lists_and_maps_survive_a_round_trip) {
    for (const std::string text :
         {"[]", "[1]", "[1,2]", "[[]]", "[[],[]]", R"([[1,2],[],[[3],"a"],{"b":[4]}])", R"({"a":[],"b":[[1],[2]]})",
          R"({"a":{"b":{}},"c":{}})", R"([null,true,false,-1,1.5,"x",[0]])"}) {
        const auto bytes = json_to_msgpack(text);
        ASSERT_TRUE(bytes) << text;
        EXPECT_EQ(*msgpack_to_json(*bytes), text);
    }
}

// What stands side by side is not nested: only 64 levels are allowed.
TEST(Json, siblings_do_not_add_to_the_depth) {
    for (const std::string element : {"[]", "{}", "[[]]", "[{}]", R"({"k":[]})"}) {
        std::string text = "[" + element;
        for (int i = 1; i < 1000; ++i)
            text += "," + element;
        text += "]";
        const auto bytes = json_to_msgpack(text);
        ASSERT_TRUE(bytes) << element;
        const auto back = msgpack_to_json(*bytes);
        ASSERT_TRUE(back) << element << back.failure().text();
        EXPECT_EQ(*back, text);
    }
}

TEST(Json, truncated_lists_and_maps_are_errors) {
    for (const char* bytes : {"91", "92 01", "92 01 91", "91 c1", "92 91 01 c1", "dc 0003 01 02", "81 a161",
                              "81 a161 91", "82 a161 01 a162 c1", "dd 00000002 c0"})
        EXPECT_FALSE(msgpack_to_json(hex(bytes))) << bytes;
}

TEST(Json, strings_are_escaped_and_invalid_utf8_is_replaced) {
    const std::pair<std::string, std::string> table[] = {
        {"\"\\/\b\f\n\r\t", R"("\"\\/\b\f\n\r\t")"},
        {std::string("\0\x1f\x7f", 3), "\"\\u0000\\u001f\x7f\""},
        {"ä€👋", "\"ä€👋\""},
        {"a\xff", "\"a\xef\xbf\xbd\""},
        {"\x80\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\""},                                  // overlong
        {"\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},                  // a surrogate
        {"\xe2\x82", "\"\xef\xbf\xbd\""},                                              // cut
        {"\xf0\x9f\x91x", "\"\xef\xbf\xbdx\""},                                        // cut by another
        {"\xf4\x90\x80\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},  // over U+10FFFF
        {"\xf5\xe2\x82\xac", "\"\xef\xbf\xbd\xe2\x82\xac\""},
    };
    for (const auto& [text, json] : table) {
        std::string out;
        append_json_string(out, text);
        EXPECT_EQ(out, json);
    }
}

TEST(Json, case_120_invalid_utf_8_from_a_peer_is_kept_in_the_value_and_replaced_in_its_json) {
    // {"url": "a\xff\0"}
    const auto image = from_msgpack<raw::EmbedImage>(hex("81 a3 75726c a3 61ff00"));
    ASSERT_TRUE(image);
    EXPECT_EQ(image->url, std::string("a\xff\0", 3));
    EXPECT_EQ(to_json(*image), "{\"url\":\"a\xef\xbf\xbd\\u0000\"}");
    EXPECT_EQ(from_json<raw::EmbedImage>("{\"url\":\"a\xff\"}")->url, "a\xff");
}

TEST(Json, case_120_lone_surrogates_become_the_replacement_character) {
    const auto url = [](const std::string& text) {
        const auto image = from_json<raw::EmbedImage>("{\"url\":\"" + text + "\"}");
        return image ? image->url : image.failure().text();
    };
    EXPECT_EQ(url(R"(\ud83d\udc4b)"), "👋");
    EXPECT_EQ(url(R"(\ud83d)"), "\xef\xbf\xbd");
    EXPECT_EQ(url(R"(\udc4b)"), "\xef\xbf\xbd");
    EXPECT_EQ(url(R"(\ud83dx\uDC4B\uD83D\u0041)"),
              "\xef\xbf\xbdx\xef\xbf\xbd\xef\xbf\xbd"
              "A");
    EXPECT_EQ(url(R"(\ud83d\ud83d\udc4b)"), "\xef\xbf\xbd👋");
    EXPECT_EQ(url(R"(\\ud83d\ud83d)"), "\\ud83d\xef\xbf\xbd");
    EXPECT_FALSE(json_to_msgpack(R"("\ud83)"));
    EXPECT_FALSE(json_to_msgpack(R"("\ud83d)"));
}

TEST(Utf8, the_first_invalid_byte_is_found) {
    EXPECT_EQ(first_invalid_utf8(""), std::nullopt);
    EXPECT_EQ(first_invalid_utf8("aä€👋\U0010ffff\ud7ff\ue000"), std::nullopt);
    EXPECT_EQ(first_invalid_utf8("ab\xff"), 2u);
    EXPECT_EQ(first_invalid_utf8("ä\xc3"), 2u);
    EXPECT_EQ(first_invalid_utf8("\xe0\x80\x80"), 0u);
    EXPECT_EQ(first_invalid_utf8("x\xf0\x80\x80\x80"), 1u);
}

}  // namespace
}  // namespace intent::codec::json_test
