// Text of peers, as a terminal gets it.
#include "text/display.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>
#include <utf8proc.h>

namespace intent::text::display_test {
namespace {

bool is_active_by_unicode(utf8proc_int32_t character) {
    const auto* about = utf8proc_get_property(character);
    switch (about->category) {
        case UTF8PROC_CATEGORY_CC:
        case UTF8PROC_CATEGORY_CF:
        case UTF8PROC_CATEGORY_ZL:
        case UTF8PROC_CATEGORY_ZP:
            return true;
        default:
            return about->ignorable;
    }
}

TEST(Display, case_182_takes_for_active_what_unicode_does) {
    constexpr char32_t text_form = 0xfe0e, emoji_form = 0xfe0f;
    for (char32_t character = 0; character <= 0x10ffff; ++character) {
        if (character == text_form || character == emoji_form) {
            EXPECT_FALSE(is_active(character));
        } else if (is_active_by_unicode(static_cast<utf8proc_int32_t>(character))) {
            EXPECT_TRUE(is_active(character)) << std::hex << static_cast<std::uint32_t>(character);
        }
    }
    // Not much else, so that names in all scripts are shown as they are.
    int more = 0;
    for (char32_t character = 0; character <= 0x10ffff; ++character)
        more += is_active(character) && !is_active_by_unicode(static_cast<utf8proc_int32_t>(character));
    EXPECT_LT(more, 4100) << "reserved ones of the plane of tags, mostly";
    for (const char32_t letter : {U'a', U'ä', U'я', U'中', U'ا', U'😀', U' ', U'\u00a0', U'\ufffd'})
        EXPECT_FALSE(is_active(letter)) << static_cast<std::uint32_t>(letter);
}

struct Row {
    const char* name;
    std::string text;
    std::string line;
    std::string json;  ///< of `"<text>"`
};

class Shown : public testing::TestWithParam<Row> {};

TEST_P(Shown, case_182_as_a_line_and_as_json) {
    const auto& row = GetParam();
    EXPECT_EQ(display(row.text), row.line);
    EXPECT_EQ(display_json("\"" + row.text + "\""), "\"" + row.json + "\"");
    EXPECT_EQ(display(display(row.text)), row.line) << "once more changes nothing";
}

INSTANTIATE_TEST_SUITE_P(
    Display, Shown,
    testing::Values(
        Row{"plain", "a b", "a b", "a b"}, Row{"letters", "äя中😀", "äя中😀", "äя中😀"},
        Row{"emoji_form", "\u2764\ufe0f", "\u2764\ufe0f", "\u2764\ufe0f"},
        Row{"escape", "\x1b[2J", "\\x1b[2J", "\\u001b[2J"}, Row{"bell", "\a", "\\x07", "\\u0007"},
        Row{"del", "\x7f", "\\x7f", "\\u007f"}, Row{"c1", "\u009b31m", "\\x9b31m", "\\u009b31m"},
        Row{"c1_alone", "\x9b", "\\x9b", "\\ufffd"}, Row{"nul", std::string(1, '\0'), "\\x00", "\\u0000"},
        Row{"line_break", "a\nb\tc", "a b c", "a\\u000ab\\u0009c"}, Row{"return", "a\rb", "a\\x0db", "a\\u000db"},
        Row{"override", "\u202etxt", "\\u{202e}txt", "\\u202etxt"}, Row{"isolate", "\u2066", "\\u{2066}", "\\u2066"},
        Row{"zero_width", "a\u200bb", "a\\u{200b}b", "a\\u200bb"}, Row{"mark", "\ufeff", "\\u{feff}", "\\ufeff"},
        Row{"line_separator", "\u2028", "\\u{2028}", "\\u2028"},
        Row{"tag", "\U000e0041", "\\u{e0041}", "\\udb40\\udc41"}, Row{"cut", "a\xe2\x80", "a\\xe2\\x80", "a\\ufffd"}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Display, case_182_json_keeps_its_value_and_fits_on_a_line) {
    const std::string json =
        "{ \"na\u202eme\" :\t[ 1 , \"a \\\" b\\\\\" , \"\u009b\x7f c\" ,\r\n null ] , \"\U000e0041\": { } }\n";
    const std::string line = display_json(json);
    EXPECT_EQ(line, "{\"na\\u202eme\":[1,\"a \\\" b\\\\\",\"\\u009b\\u007f c\",null],\"\\udb40\\udc41\":{}}");
    EXPECT_EQ(boost::json::parse(line), boost::json::parse(json));
    EXPECT_EQ(display_json(line), line);
}

}  // namespace
}  // namespace intent::text::display_test
