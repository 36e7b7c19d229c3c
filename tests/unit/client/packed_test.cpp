// What the caches keep is what was put into them, whatever of it is set.
#include "client/cache/packed.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <string>

namespace intent::client::packed_test {
namespace {

template <class T>
std::string packed(const T& value) {
    std::string bytes;
    Packer<>(bytes).add(value);
    return bytes;
}

template <class T>
void expect_same(const T& value) {
    EXPECT_EQ(unpack<T>(packed(value)), value);
}

constexpr Timestamp noon{std::chrono::seconds(1'705'320'000)};
const std::string long_text(5000, 'x');

raw::User whole_user() { return {UserId{~std::uint64_t{0}}, "alice", "Alice ✓", "https://a/b.png", noon}; }

TEST(Packed, users_with_and_without_what_may_be_missing) {
    expect_same(whole_user());
    expect_same(raw::User{UserId{1}, "bob", "bob"});
    expect_same(raw::User{UserId{1}, long_text, std::string("\0\n", 2), "", Timestamp{} - std::chrono::hours(1)});
    EXPECT_LT(packed(raw::User{UserId{1}, "bob", "bob"}).size(), 20u) << "a name that is shown as it is counts once";
}

TEST(Packed, times_of_any_precision) {
    using namespace std::chrono_literals;
    const Timestamp last{std::chrono::sys_days{std::chrono::year{9999} / 12 / 31} + 24h - 1us};
    for (const Timestamp time :
         {noon, noon + 1ms, noon + 1us, Timestamp{}, Timestamp{} - 1us, Timestamp{} - 1ms, Timestamp{} - 1s, last,
          Timestamp{std::chrono::sys_days{std::chrono::year{1} / 1 / 1}}}) {
        raw::User user{UserId{1}, "bob", "bob"};
        user.created_at = time;
        expect_same(user);
    }
}

TEST(Packed, members_roles_channels_and_servers) {
    expect_same(raw::Member{whole_user(), ServerId{7}, "nick", {RoleId{1}, RoleId{~std::uint64_t{0}}}, noon});
    expect_same(raw::Member{raw::User{UserId{1}, "bob", "bob"}, ServerId{7}});
    expect_same(raw::Role{RoleId{1}, ServerId{2}, "role", Permissions{}, -5, 0xffffff, true, false, noon});
    expect_same(raw::Channel{ChannelId{1}, ServerId{2}, "general", ChannelType::voice, "topic",
                             std::numeric_limits<int>::min(), ChannelId{3}, noon});
    expect_same(raw::Channel{ChannelId{1}, ServerId{2}, "general", static_cast<ChannelType>(13)});
    raw::Channel direct{ChannelId{1}, ServerId{}, "", ChannelType::direct};
    direct.recipients = {whole_user(), raw::User{UserId{1}, "bob", "bob"}};
    direct.mls_initialized = true;
    expect_same(direct);
    direct.type = ChannelType::group;
    direct.owner_id = UserId{7};
    direct.icon_url = "icon";
    expect_same(direct);
    expect_same(
        raw::Server{ServerId{1}, "server", UserId{2}, "icon", long_text, std::numeric_limits<int>::max(), noon});
    expect_same(raw::Server{ServerId{1}, "server", UserId{2}});
}

TEST(Packed, messages_with_all_that_they_carry) {
    raw::Message message;
    message.id = MessageId{1};
    message.channel_id = ChannelId{2};
    message.author = whole_user();
    message.content = long_text;
    message.created_at = noon;
    expect_same(message);
    message.edited_at = noon;
    message.webhook_id = WebhookId{3};
    message.mls_ciphertext = long_text;
    message.attachments.push_back(
        {AttachmentId{4}, "f.png", std::numeric_limits<std::uint64_t>::max(), "url", "image/png", 1, -1});
    message.attachments.push_back({});
    raw::Embed embed;
    embed.title = "title";
    embed.color = 0xffffff;
    embed.timestamp = noon;
    embed.footer = raw::EmbedFooter{"foot", "icon"};
    embed.image = raw::EmbedImage{"image"};
    embed.author = raw::EmbedAuthor{"author", std::nullopt, "icon"};
    embed.fields.push_back({"name", "value", true});
    message.embeds = {embed, {}};
    expect_same(message);
}

}  // namespace
}  // namespace intent::client::packed_test
