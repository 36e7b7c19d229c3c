// Structures compare by id, raw types by every field.
#include <intent/intent.hpp>

#include <gtest/gtest.h>

#include <string>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>

namespace intent::structures_test {
namespace {

/// `a` and `b` are the same thing at two times, `other` is another one.
template <class Structure>
void expect_identity(const Structure& a, const Structure& b, const Structure& other) {
    EXPECT_TRUE(a == b);
    EXPECT_FALSE(a != b);
    EXPECT_FALSE(a == other);
    std::unordered_set<Structure> set{a, b, other};
    EXPECT_EQ(set.size(), 2u);
    EXPECT_TRUE(set.contains(b));
}

TEST(Structures, give_their_user_with_actions) {
    Message message;
    message.author.id = UserId{7};
    EXPECT_EQ(message.author_as_user().id, UserId{7});
    EXPECT_THROW(message.author_as_user().fetch().get(), UsageError) << "made by hand";
    Member member;
    member.user.username = "ada";
    EXPECT_EQ(member.as_user().username, "ada");
}

TEST(Structures, are_equal_if_their_ids_are) {
    Message message;
    message.id = MessageId{1};
    Message edited = message;
    edited.content = "new";
    Message other = edited;
    other.id = MessageId{2};
    expect_identity(message, edited, other);
    EXPECT_FALSE(static_cast<const raw::Message&>(message) == static_cast<const raw::Message&>(edited))
        << "raw types compare every field";

    Channel channel, renamed, another;
    channel.id = renamed.id = ChannelId{1};
    renamed.name = "new";
    another.id = ChannelId{2};
    expect_identity(channel, renamed, another);

    Server server, larger, elsewhere;
    server.id = larger.id = ServerId{1};
    larger.member_count = 7;
    elsewhere.id = ServerId{2};
    expect_identity(server, larger, elsewhere);

    User user, shown, stranger;
    user.id = shown.id = UserId{1};
    shown.display_name = "Ada";
    stranger.id = UserId{2};
    expect_identity(user, shown, stranger);

    Role role, moved, second;
    role.id = moved.id = RoleId{1};
    moved.position = 3;
    second.id = RoleId{2};
    expect_identity(role, moved, second);

    Webhook webhook, disabled, spare;
    webhook.id = disabled.id = WebhookId{1};
    disabled.enabled = false;
    spare.id = WebhookId{2};
    expect_identity(webhook, disabled, spare);

    Invite invite, used, fresh;
    invite.code = used.code = "aB1";
    used.uses = 3;
    fresh.code = "aB2";
    expect_identity(invite, used, fresh);
}

TEST(Structures, members_are_equal_in_one_server_only) {
    Member member, nicknamed, elsewhere;
    member.user.id = nicknamed.user.id = elsewhere.user.id = UserId{1};
    member.server_id = nicknamed.server_id = ServerId{5};
    elsewhere.server_id = ServerId{6};
    nicknamed.nickname = "addie";
    expect_identity(member, nicknamed, elsewhere);
    const std::unordered_map<MemberId, int> by_id{{MemberId{ServerId{5}, UserId{1}}, 7}};
    EXPECT_EQ(by_id.at({member.server_id, member.user.id}), 7);
    EXPECT_NE(std::hash<MemberId>{}({ServerId{1}, UserId{2}}), std::hash<MemberId>{}({ServerId{2}, UserId{1}}));
}

TEST(Intents, are_a_set_with_the_numbers_of_the_specification) {
    EXPECT_EQ((Intents::servers | Intents::messages).bits(), 0b1101u);
    EXPECT_EQ(Intents::all.bits(), 0x7fu);
    EXPECT_EQ((Intents::channels | Intents::members | Intents::presence | Intents::voice).bits(), 0b1110010u);
    EXPECT_TRUE(Intents::messages.has(Intents::direct_messages));
    EXPECT_FALSE(Intents::direct_messages.has(Intents::messages));
    EXPECT_TRUE(Intents().empty());
    Intents grown = Intents::voice;
    grown |= 1u << 15;
    EXPECT_EQ(grown.bits(), 0x8040u);
    static_assert((Intents::servers | Intents::channels) == Intents(3));
}

TEST(Intents, unset_empty_and_a_number_are_told_apart_in_the_options) {
    ClientOptions options;
    EXPECT_FALSE(options.intents.has_value());
    options.intents = 0;
    ASSERT_TRUE(options.intents.has_value());
    EXPECT_TRUE(options.intents->empty());
    options.intents = Intents();
    EXPECT_TRUE(options.intents.has_value());
    options.intents = 0x7fu;
    EXPECT_EQ(options.intents, Intents::all);
    const ClientOptions named{.token = "bot_x", .intents = Intents::servers | Intents::server_messages};
    EXPECT_EQ(named.intents->bits(), 5u);
}

}  // namespace
}  // namespace intent::structures_test
