// Splitting and shortening: where texts are cut, and what is never cut.
#include <intent/text.hpp>

#include <gtest/gtest.h>
#include <utf8proc.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace intent::text_test {
namespace {

using Parts = std::vector<std::string>;

const std::string family = "\U0001F468\u200D\U0001F469\u200D\U0001F467";  // man, joiner, woman, joiner, girl
const std::string flag = "\U0001F1EB\U0001F1F7";                          // two regional indicators
const std::string thumb = "\U0001F44D\U0001F3FD";                         // with a skin tone
const std::string accented = "e\u0301";
const std::string hangul = "\u1112\u1161\u11AB";  // three jamo of one syllable

std::string repeated(const std::string& text, std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i)
        all += text;
    return all;
}

struct Row {
    std::string name;
    std::string text;
    std::size_t limit;
    Parts parts;
};

TEST(SplitText, cuts_at_the_best_place) {
    const std::vector<Row> rows{
        {"empty", "", 10, {}},
        {"white space", " \n \t\n", 10, {}},
        {"white space beyond the limit", std::string(30, ' '), 10, {}},
        {"fits", "0123456789", 10, {"0123456789"}},
        {"fits with white space", " a \n", 10, {" a \n"}},
        {"a line in the second half before a paragraph in the first",
         "ab cd\n\nef\ng h ij",
         12,
         {"ab cd\n\nef", "g h ij"}},
        {"a paragraph in the second half", "ab cdef\n\ngh\ni j", 12, {"ab cdef", "gh\ni j"}},
        {"a line before spaces", "ab cdefg\nh i jkl", 12, {"ab cdefg", "h i jkl"}},
        {"a space", "abcd efgh ijkl", 12, {"abcd efgh", "ijkl"}},
        {"a space behind the limit", "0123456789 abc", 10, {"0123456789", "abc"}},
        {"a line break behind the limit", "0123456789\nabc", 10, {"0123456789", "abc"}},
        {"only the first half has a space", "ab cdefghijklm", 10, {"ab", "cdefghijkl", "m"}},
        {"only the first half has a line", "ab\nc defghijklm", 10, {"ab", "c", "defghijklm"}},
        {"no space", "0123456789abcdefghijKL", 10, {"0123456789", "abcdefghij", "KL"}},
        {"blank lines with spaces", "abcdef\n  \n\t\nghijkl", 8, {"abcdef", "ghijkl"}},
        {"carriage returns", "abcdef\r\n\r\nghijkl", 8, {"abcdef", "ghijkl"}},
        {"an indentation is kept", "if (a)\n    b();", 12, {"if (a)", "    b();"}},
        {"spaces at a space are dropped", "abcdef     ghijkl", 8, {"abcdef", "ghijkl"}},
        {"an indentation without room", "abc\n" + std::string(12, ' ') + "defg", 10, {"abc", "defg"}},
        {"blank lines at the ends", "\n\nabcdef ghijkl\n\n", 8, {"abcdef", "ghijkl"}},
        {"a no-break space", "abcd efg\u00A0hij", 9, {"abcd", "efg\u00A0hij"}},
        {"an ideographic space", "\u4e00\u4e01\u4e02\u3000\u4e03\u4e04", 4, {"\u4e00\u4e01\u4e02", "\u4e03\u4e04"}},
        {"a space with an accent is no space", "abc \u0301defgh", 6, {"abc \u0301d", "efgh"}},
        {"a limit of 1", "ab c", 1, {"a", "b", "c"}},
        {"a limit of 0", "ab", 0, {"a", "b"}},
        {"a family stays whole", "abcdefg" + family, 10, {"abcdefg", family}},
        {"families", repeated(family, 3), 10, {repeated(family, 2), family}},
        {"flags", repeated(flag, 3), 5, {repeated(flag, 2), flag}},
        {"a skin tone", "abc" + thumb, 4, {"abc", thumb}},
        {"an accent", "abc" + accented, 4, {"abc", accented}},
        {"a syllable", hangul + hangul, 5, {hangul, hangul}},
        {"a cluster over the limit", family, 3, {"\U0001F468\u200D\U0001F469", "\u200D\U0001F467"}},
        {"a joiner alone", "\u200D\u200D\u200D", 2, {"\u200D\u200D", "\u200D"}},
        {"code points, not bytes", repeated("\u00e9", 10), 5, {repeated("\u00e9", 5), repeated("\u00e9", 5)}},
        {"invalid bytes",
         "a\xff\xfe"
         "b\xe2\x82",
         10,
         {"a\ufffd\ufffdb\ufffd"}},
        {"invalid bytes are cut apart", "\xff\xff\xff", 2, {"\ufffd\ufffd", "\ufffd"}},
        {"a zero byte", std::string("a\0b", 3), 2, {std::string("a\0", 2), "b"}},
    };
    for (const auto& row : rows) {
        SCOPED_TRACE(row.name);
        EXPECT_EQ(split_text(row.text, row.limit), row.parts);
    }
}

TEST(SplitText, uses_the_limit_of_messages) {
    const auto parts = split_text(std::string(2'001, 'x'));
    ASSERT_EQ(parts.size(), 2u);
    EXPECT_EQ(parts[0].size(), 2'000u);
}

/// The texts between the places where utf8proc allows a cut, without those of white space alone.
Parts clusters_of(std::string_view text) {
    Parts clusters;
    utf8proc_int32_t last = -1;
    utf8proc_int32_t state = 0;
    while (!text.empty()) {
        utf8proc_int32_t next = 0;
        const auto length = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                             static_cast<utf8proc_ssize_t>(text.size()), &next);
        if (last < 0 || utf8proc_grapheme_break_stateful(last, next, &state)) clusters.emplace_back();
        clusters.back().append(text.substr(0, static_cast<std::size_t>(length)));
        text.remove_prefix(static_cast<std::size_t>(length));
        last = next;
    }
    std::erase_if(clusters, [](const std::string& one) {
        return one.find_first_not_of(" \t\r\n") == std::string::npos || one == "\u3000" || one == "\u2028";
    });
    return clusters;
}

TEST(SplitText, loses_nothing_but_white_space_and_cuts_no_cluster) {
    const Parts pieces{"a",      "bc",     "\u00e9", family,   flag, "\U0001F1EB", thumb,  accented,
                       hangul,   "\u1112", " ",      "  ",     "\n", "\n\n",       "\r\n", "\u200D",
                       "\u3000", "\u2028", "\u00A0", "\u0301", "\t", "\u0600",     "word", ".\n"};
    std::mt19937 random(20);
    const auto pick = [&](std::size_t count) { return static_cast<std::size_t>(random() % count); };
    for (int round = 0; round < 3'000; ++round) {
        std::string text;
        for (std::size_t i = pick(60); i > 0; --i)
            text += pieces[pick(pieces.size())];
        const auto clusters = clusters_of(text);
        std::size_t longest = 1;
        for (const auto& cluster : clusters)
            longest = std::max(longest, text_length(cluster));
        const std::size_t limit = longest + pick(20);

        Parts found;
        for (const auto& part : split_text(text, limit)) {
            EXPECT_LE(text_length(part), limit);
            const auto of_part = clusters_of(part);
            EXPECT_FALSE(of_part.empty());
            found.insert(found.end(), of_part.begin(), of_part.end());
        }
        ASSERT_EQ(found, clusters) << testing::PrintToString(text) << " limit " << limit;
    }
}

TEST(SplitText, takes_linear_time) {
    constexpr std::size_t size = 512u << 10;
    const std::vector<std::string> texts{
        std::string(size, 'x'),        // no space
        std::string(size, ' ') + "x",  // nothing else
        "x" + std::string(size, '\n') + "x",
        "x" + repeated("\u0301", size / 2),  // one cluster
        repeated("a " + std::string(2'500, 'b') + "\n", size / 2'503),
        repeated(std::string(1, '\xff'), size / 4),
        repeated("\U0001F1EB", size / 4),
    };
    for (const auto& text : texts) {
        // In quadratic time, one of these takes minutes, and the test its timeout.
        for (const auto& part : split_text(text))
            EXPECT_LE(text_length(part), limits::message_length);
    }
}

TEST(Shorten, ends_with_an_ellipsis) {
    struct ShortRow {
        std::string name;
        std::string text;
        std::size_t limit;
        std::string shortened;
    };
    const std::vector<ShortRow> rows{
        {"fits", "abc", 3, "abc"},
        {"empty", "", 0, ""},
        {"a limit of 0", "abc", 0, ""},
        {"a limit of 1", "abc", 1, "…"},
        {"longer", "abcd", 3, "ab…"},
        {"white space before the cut", "ab  cd", 5, "ab…"},
        {"a line break before the cut", "ab\ncd", 4, "ab…"},
        {"only white space before the cut", "    abcd", 4, "…"},
        {"a family", "ab" + family, 5, "ab…"},
        {"a flag", flag + flag, 3, flag + "…"},
        {"no half of a flag", flag + flag + flag, 4, flag + "…"},
        {"a family over the limit", family, 3, "\U0001F468\u200D…"},
        {"invalid bytes that fit", "\xff", 1, "\ufffd"},
        {"invalid bytes", "\xff\xff\xff", 2, "\ufffd…"},
    };
    for (const auto& row : rows) {
        SCOPED_TRACE(row.name);
        EXPECT_EQ(shorten(row.text, row.limit), row.shortened);
        EXPECT_LE(text_length(shorten(row.text, row.limit)), row.limit);
    }
    EXPECT_EQ(shorten(repeated("\u0301", 5u << 20), 100).size(), 2u * 99 + 3);
}

TEST(TextLength, counts_code_points) {
    EXPECT_EQ(text_length(""), 0u);
    EXPECT_EQ(text_length("a\u00e9\u4e00\U0001F468"), 4u);
    EXPECT_EQ(text_length("\xff\xc3"), 2u);
}

}  // namespace
}  // namespace intent::text_test
