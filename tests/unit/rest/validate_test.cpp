// What is refused before anything is sent (protocol §8, §11): lengths count code points, not bytes.
#include "rest/validate.hpp"

#include "rest/request.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace intent::rest::validate_test {
namespace {

constexpr ServerId server{11};
constexpr ChannelId channel{22};
constexpr MessageId message{33};

/// `count` characters of four bytes each.
std::string wide(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text += "\U0001F389";
    return text;
}

std::string narrow(std::size_t count) { return std::string(count, 'x'); }

/// What a call is refused with; empty if it is not.
std::string refusal(const Call& call) {
    const auto* invalid = std::get_if<Invalid>(&call);
    return invalid ? invalid->text : std::string();
}

struct Row {
    std::string name;
    Call call;
    std::string text = {};  // empty: accepted
};

void expect_rows(const std::vector<Row>& rows) {
    for (const auto& row : rows) {
        SCOPED_TRACE(row.name);
        EXPECT_EQ(refusal(row.call), row.text);
    }
}

Call post(MessageBody body) { return create_message(channel, body); }
Call post(Embed embed) { return create_message(channel, MessageBody().embed(std::move(embed))); }
/// The setters of Embed refuse what is beyond a limit.
Call post(raw::Embed embed) { return post(Embed(std::move(embed))); }

TEST(Validate, content_has_1_to_2000_code_points_of_any_length) {
    const std::string empty = "content: empty, and there are no embeds; one of them is needed";
    expect_rows({
        {"one", post("x")},
        {"2000 of one byte", post(narrow(2000))},
        {"2000 of four bytes", post(wide(2000))},
        {"2001 of one byte", post(narrow(2001)), "content: 2001 characters; must be at most 2000"},
        {"2001 of four bytes", post(wide(2001)), "content: 2001 characters; must be at most 2000"},
        {"a letter with a combining mark counts as two", post(narrow(1999) + "e\u0301"),
         "content: 2001 characters; must be at most 2000"},
        {"nothing", post(MessageBody()), empty},
        {"empty text", post(""), empty},
        {"empty text with an embed", post(MessageBody("").embed(Embed().title("t")))},
    });
}

TEST(Validate, case_120_invalid_utf8_is_refused_with_the_position_of_the_first_invalid_byte) {
    using namespace std::string_literals;
    const std::vector<std::pair<std::string, int>> rows = {
        {"\xff", 0},
        {"ab\x80", 2},
        {"\xc3\xa9\xc3", 2},                  // cut inside a character
        {"x\xc0\xaf", 1},                     // overlong
        {"x\xed\xa0\x80", 1},                 // a surrogate
        {"\xf0\x9f\x8e\x89\xf5\x80\x80", 4},  // beyond U+10FFFF
        {"\xe2\x82"s, 0},
    };
    for (const auto& [text, position] : rows) {
        SCOPED_TRACE(position);
        EXPECT_EQ(refusal(post(text)), "content: not valid UTF-8 at byte " + std::to_string(position));
    }
    EXPECT_EQ(refusal(post(Embed().title("\xff"))), "embeds[0].title: not valid UTF-8 at byte 0");
    EXPECT_EQ(refusal(create_channel(server, "a\xff")), "name: not valid UTF-8 at byte 1");
}

TEST(Validate, a_message_has_at_most_10_embeds_and_an_embed_at_most_25_fields) {
    MessageBody body("x");
    for (int i = 0; i < 10; ++i)
        body.embed(Embed().title("t"));
    EXPECT_EQ(refusal(post(body)), "");
    body.embed(Embed().title("t"));
    EXPECT_EQ(refusal(post(body)), "embeds: 11 entries; must be at most 10");

    raw::Embed embed;
    embed.fields.resize(25, {"n", "v"});
    EXPECT_EQ(refusal(post(embed)), "");
    embed.fields.push_back({"n", "v"});
    EXPECT_EQ(refusal(post(embed)), "embeds[0].fields: 26 entries; must be at most 25");
}

TEST(Validate, every_text_of_an_embed_has_a_limit) {
    expect_rows({
        {"title", post(Embed().title(wide(256)))},
        {"longer title", post(raw::Embed{.title = wide(257)}), "embeds[0].title: 257 characters; must be at most 256"},
        {"description", post(Embed().description(wide(4096)))},
        {"longer description", post(raw::Embed{.description = narrow(4097)}),
         "embeds[0].description: 4097 characters; must be at most 4096"},
        {"footer", post(Embed().footer(wide(2048)))},
        {"longer footer", post(raw::Embed{.footer = raw::EmbedFooter{narrow(2049)}}),
         "embeds[0].footer.text: 2049 characters; must be at most 2048"},
        {"author", post(Embed().author(wide(256)))},
        {"longer author", post(raw::Embed{.author = raw::EmbedAuthor{narrow(257)}}),
         "embeds[0].author.name: 257 characters; must be at most 256"},
        {"field", post(Embed().field(wide(256), wide(1024)))},
        {"longer name", post(raw::Embed{.fields = {{narrow(257), "v"}}}),
         "embeds[0].fields[0].name: 257 characters; must be 1 to 256"},
        {"longer value", post(raw::Embed{.fields = {{"n", "v"}, {"n", narrow(1025)}}}),
         "embeds[0].fields[1].value: 1025 characters; must be 1 to 1024"},
        {"no name", post(raw::Embed{.fields = {{"", "v"}}}), "embeds[0].fields[0].name: must not be empty"},
        {"no value", post(raw::Embed{.fields = {{"n", ""}}}), "embeds[0].fields[0].value: must not be empty"},
        {"color", post(Embed().color(0xFFFFFF))},
        {"greater color", post(raw::Embed{.color = 0x1000000}), "embeds[0].color: 16777216; must be at most 16777215"},
        {"no image", post(raw::Embed{.image = raw::EmbedImage{""}}), "embeds[0].image.url: must not be empty"},
        {"nothing", post(Embed()), "embeds[0]: empty; set at least one field, such as a title or a description"},
        {"only a colour", post(Embed().color(0))},
        {"no thumbnail", post(raw::Embed{.thumbnail = raw::EmbedImage{""}}),
         "embeds[0].thumbnail.url: must not be empty"},
    });
    EXPECT_EQ(refusal(post(MessageBody().embed(Embed().title("t")).embed(Embed(raw::Embed{.title = narrow(257)})))),
              "embeds[1].title: 257 characters; must be at most 256");
}

TEST(Validate, names_topics_and_descriptions_have_limits) {
    expect_rows({
        {"server", create_server(wide(2))},
        {"long server", create_server(wide(100))},
        {"shorter", create_server("x"), "name: 1 characters; must be 2 to 100"},
        {"longer", create_server(narrow(101)), "name: 101 characters; must be 2 to 100"},
        {"description", create_server(NewServer("My").description(wide(500)))},
        {"longer description", create_server(NewServer("My").description(narrow(501))),
         "description: 501 characters; must be at most 500"},
        {"channel", create_channel(server, wide(100))},
        {"no channel", create_channel(server, ""), "name: must not be empty"},
        {"longer channel", create_channel(server, narrow(101)), "name: 101 characters; must be 1 to 100"},
        {"topic", create_channel(server, NewChannel("n").topic(wide(1024)))},
        {"longer topic", create_channel(server, NewChannel("n").topic(narrow(1025))),
         "topic: 1025 characters; must be at most 1024"},
        {"edited topic", edit_channel(channel, ChannelEdit().topic(narrow(1025))),
         "topic: 1025 characters; must be at most 1024"},
        {"category 0", edit_channel(channel, ChannelEdit().parent(ChannelId{})),
         "parent_id: no id is set (0 is not an id)"},
        {"removed description", edit_server(server, ServerEdit().description(std::nullopt))},
        {"edited description", edit_server(server, ServerEdit().description(narrow(501))),
         "description: 501 characters; must be at most 500"},
        {"edited name", edit_channel(channel, ChannelEdit().name("")), "name: must not be empty"},
        {"edited server", edit_server(server, ServerEdit().name("x")), "name: 1 characters; must be 2 to 100"},
    });
}

TEST(Validate, an_edit_must_change_something) {
    const std::string nothing = "changes: nothing is set; set at least one field";
    expect_rows({
        {"server", edit_server(server, ServerEdit()), nothing},
        {"channel", edit_channel(channel, ChannelEdit()), nothing},
        {"message", edit_message(channel, message, MessageBody()),
         "content: empty, and there are no embeds; one of them is needed"},
        {"embeds of a message", edit_message(channel, message, MessageBody("x").embed(Embed().title("t"))),
         "embeds: an edit changes the content only (protocol §9)"},
    });
}

TEST(Validate, a_page_has_1_to_100_entries) {
    for (const int limit : {1, 50, 100})
        EXPECT_EQ(refusal(get_messages(channel, PageOptions().limit(limit).before(MessageId{7}))), "");
    EXPECT_EQ(refusal(get_messages(channel, PageOptions().before(MessageId{7}).after(MessageId{3}))),
              "before, after: both are set; give one of them");
    for (const int limit : {-1, 0, 101}) {
        EXPECT_EQ(refusal(get_messages(channel, PageOptions().limit(limit))),
                  "limit: " + std::to_string(limit) + "; must be 1 to 100");
    }
}

TEST(Validate, every_call_refuses_the_id_0_and_names_the_argument) {
    const std::string no_server = "server_id: no id is set (0 is not an id)";
    const std::string no_channel = "channel_id: no id is set (0 is not an id)";
    const std::string no_message = "message_id: no id is set (0 is not an id)";
    expect_rows({
        {"get_server", get_server({}), no_server},
        {"edit_server", edit_server({}, ServerEdit().name("My")), no_server},
        {"remove_server", remove_server({}), no_server},
        {"leave_server", leave_server({}), no_server},
        {"get_members", get_members({}), no_server},
        {"get_channels", get_channels({}), no_server},
        {"create_channel", create_channel({}, "n"), no_server},
        {"get_channel", get_channel({}), no_channel},
        {"edit_channel", edit_channel({}, ChannelEdit().name("n")), no_channel},
        {"remove_channel", remove_channel({}), no_channel},
        {"get_messages", get_messages({}, {}), no_channel},
        {"get_message", get_message({}, message), no_channel},
        {"get_message of a channel", get_message(channel, {}), no_message},
        {"create_message", create_message({}, "x"), no_channel},
        {"edit_message", edit_message(channel, {}, "x"), no_message},
        {"remove_message", remove_message(channel, {}), no_message},
        {"get_user", get_user({}), "user_id: no id is set (0 is not an id)"},
    });
}

TEST(Validate, case_163_ciphertext_excludes_other_content_and_is_base64) {
    const std::string alone = "mls_ciphertext: excludes content and embeds; an encrypted message contains its text";
    const std::string shape = "mls_ciphertext: not base64, or empty";
    const auto cipher = [](const char* text) { return MessageBody().mls_ciphertext(text); };
    expect_rows({
        {"padded", post(cipher("AA=="))},
        {"of every letter", post(cipher("AZaz09+/"))},
        {"of the letters for URLs", post(cipher("AZaz09-_"))},
        {"larger than text may be", post(cipher(narrow(100'000).c_str()))},
        {"empty", post(cipher("")), shape},
        {"padding alone", post(cipher("==")), shape},
        {"too much padding", post(cipher("A===")), shape},
        {"text", post(cipher("not base64")), shape},
        {"with text", post(cipher("AA==").content("x")), alone},
        {"with empty text", post(cipher("AA==").content("")), alone},
        {"with an embed", post(cipher("AA==").embed(Embed().title("t"))), alone},
        {"an edit", edit_message(channel, message, cipher("?")), shape},
        {"an edit with an embed", edit_message(channel, message, cipher("AA==").embed(Embed().title("t"))), alone},
    });
}

}  // namespace
}  // namespace intent::rest::validate_test
