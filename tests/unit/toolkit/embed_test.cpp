// Embeds: limits where values are set, and the plain text of an embed.
#include <intent/bodies.hpp>
#include <intent/errors.hpp>
#include <intent/raw/bodies.hpp>
#include <intent/text.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace intent::embed_test {
namespace {

/// `count` code points of four bytes each.
std::string wide(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += "\U0001F389";
    return text;
}

TEST(Embed, refuses_what_is_beyond_its_limits) {
    struct Row {
        std::string error;  // empty: accepted
        std::function<void(Embed&)> set;
    };
    const std::vector<Row> rows{
        {"", [](Embed& e) { e.title(wide(256)); }},
        {"embed: title: 257 characters; must be at most 256", [](Embed& e) { e.title(wide(257)); }},
        {"", [](Embed& e) { e.description(wide(4'096)); }},
        {"embed: description: 4097 characters; must be at most 4096", [](Embed& e) { e.description(wide(4'097)); }},
        {"embed: url: 2049 characters; must be at most 2048", [](Embed& e) { e.url(std::string(2'049, 'x')); }},
        {"", [](Embed& e) { e.color(0xFFFFFF); }},
        {"embed: color: 16777216; must be at most 16777215", [](Embed& e) { e.color(0x1000000); }},
        {"", [](Embed& e) { e.footer(wide(2'048)); }},
        {"embed: footer: 2049 characters; must be at most 2048", [](Embed& e) { e.footer(wide(2'049)); }},
        {"embed: footer.icon_url: 2049 characters; must be at most 2048", [](Embed& e) { e.footer("", wide(2'049)); }},
        {"", [](Embed& e) { e.author(wide(256)); }},
        {"embed: author: 257 characters; must be at most 256", [](Embed& e) { e.author(wide(257)); }},
        {"embed: author.url: 2049 characters; must be at most 2048", [](Embed& e) { e.author("", wide(2'049)); }},
        {"embed: image: must not be empty", [](Embed& e) { e.image(""); }},
        {"embed: thumbnail: must not be empty", [](Embed& e) { e.thumbnail(""); }},
        {"", [](Embed& e) { e.field(wide(256), wide(1'024)); }},
        {"embed: field name: must not be empty", [](Embed& e) { e.field("", "v"); }},
        {"embed: field value: must not be empty", [](Embed& e) { e.field("n", ""); }},
        {"embed: field name: 257 characters; must be 1 to 256", [](Embed& e) { e.field(wide(257), "v"); }},
        {"embed: field value: 1025 characters; must be 1 to 1024", [](Embed& e) { e.field("n", wide(1'025)); }},
    };
    for (const auto& row : rows) {
        Embed embed;
        std::string error;
        try {
            row.set(embed);
        } catch (const ConfigError& refused) {
            error = refused.what();
        }
        EXPECT_EQ(error, row.error);
        EXPECT_EQ(embed.get() == raw::Embed{}, !row.error.empty()) << row.error;
    }
}

TEST(Embed, has_at_most_25_fields) {
    Embed embed;
    for (int i = 0; i < 25; ++i)
        embed.field("n", "v");
    EXPECT_THROW(embed.field("n", "v"), ConfigError);
    EXPECT_EQ(embed.get().fields.size(), 25u);
}

TEST(Embed, as_text_has_every_text_and_link) {
    EXPECT_EQ(Embed().as_text(), "");
    EXPECT_EQ(Embed().title("Build").as_text(), "Build");
    EXPECT_EQ(Embed().color(1).field("branch", "main").as_text(), "branch: main");
    const auto embed = Embed()
                           .author("CI", "https://ci.example", "https://ci.example/icon")
                           .title("Build")
                           .url("https://ci.example/7")
                           .description("passed\nat once")
                           .field("branch", "main", true)
                           .field("log", "line 1\nline 2")
                           .image("https://ci.example/graph")
                           .thumbnail("https://ci.example/small")
                           .footer("by the bot", "https://ci.example/icon")
                           .timestamp(*parse_timestamp("2026-01-02T03:04:05Z"));
    EXPECT_EQ(embed.as_text(),
              "CI <https://ci.example>\nBuild\nhttps://ci.example/7\npassed\nat once\n\n"
              "branch: main\nlog:\nline 1\nline 2\n\n"
              "https://ci.example/graph\nhttps://ci.example/small\n\n"
              "by the bot\n2026-01-02T03:04:05Z");
}

TEST(MessageBody, of_a_webhook_cannot_be_deleted_later) {
    EXPECT_THROW(WebhookBody(MessageBody("x").delete_after(std::chrono::seconds(1))), ConfigError);
    EXPECT_EQ(WebhookBody(MessageBody("x")).get().content, "x");
}

}  // namespace
}  // namespace intent::embed_test
