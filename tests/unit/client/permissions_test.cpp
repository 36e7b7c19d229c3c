// Permission sets, their names, and what a member may do (protocol §14).
#include <intent/role.hpp>

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <vector>

namespace intent::permissions_test {
namespace {

using enum Permission;

constexpr Permissions set(std::initializer_list<Permission> list) {
    Permissions result;
    for (const auto one : list)
        result = result.with(one);
    return result;
}

TEST(PermissionSets, are_written_with_bars) {
    static_assert((view_channel | send_messages) == set({view_channel, send_messages}));
    static_assert((view_channel | send_messages | connect) == set({view_channel, send_messages, connect}));
    static_assert((view_channel | (send_messages | connect)) == set({view_channel, send_messages, connect}));
    static_assert((set({speak}) | set({connect})) == set({connect, speak}));
}

TEST(PermissionSets, names_go_to_text_and_back) {
    EXPECT_EQ(set({send_messages, view_channel}).names(), "VIEW_CHANNEL, SEND_MESSAGES");
    EXPECT_EQ(Permissions{}.names(), "");
    EXPECT_EQ((Permissions{1u | std::uint64_t{1} << 40}.names()), "MANAGE_SERVER, 40");
    for (const auto& text : {"VIEW_CHANNEL, SEND_MESSAGES", "SEND_MESSAGES|VIEW_CHANNEL", " VIEW_CHANNEL ,11"})
        EXPECT_EQ(Permissions::from_names(text), set({view_channel, send_messages})) << text;
    EXPECT_EQ(Permissions::from_names(" "), Permissions{});
    EXPECT_EQ(Permissions::from_names(Permissions::all().names()), Permissions::all());
    for (const auto& text : {"view_channel", "VIEW", "VIEW_CHANNEL,", "64", "-1", ",", "SPEAK SPEAK"})
        EXPECT_FALSE(Permissions::from_names(text)) << text;
}

TEST(PermissionSets, each_name_stands_at_its_bit) {
    const std::vector<std::pair<int, std::string>> names = {
        {0, "MANAGE_SERVER"},         {1, "MANAGE_ROLES"},      {2, "MANAGE_CHANNELS"}, {3, "KICK_MEMBERS"},
        {4, "BAN_MEMBERS"},           {5, "MANAGE_WEBHOOKS"},   {6, "VIEW_AUDIT_LOG"},  {10, "VIEW_CHANNEL"},
        {11, "SEND_MESSAGES"},        {12, "MANAGE_MESSAGES"},  {13, "EMBED_LINKS"},    {14, "ATTACH_FILES"},
        {15, "READ_MESSAGE_HISTORY"}, {16, "MENTION_EVERYONE"}, {20, "CONNECT"},        {21, "SPEAK"},
        {22, "MUTE_MEMBERS"},         {23, "DEAFEN_MEMBERS"},   {24, "MOVE_MEMBERS"}};
    for (const auto& [bit, name] : names) {
        EXPECT_EQ(permission_of(name), static_cast<Permission>(bit));
        EXPECT_EQ(name_of(static_cast<Permission>(bit)), name);
    }
    EXPECT_EQ(name_of(static_cast<Permission>(7)), "");
}

TEST(PermissionSets, the_wires_text_is_decimal) {
    EXPECT_EQ(Permissions::all().str(), "18446744073709551615");
    EXPECT_EQ(Permissions::parse("18446744073709551615"), Permissions::all());
    EXPECT_EQ(Permissions::parse("2048"), set({send_messages}));
    for (const auto& text : {"", "-1", "0x1", "18446744073709551616", " 1"})
        EXPECT_FALSE(Permissions::parse(text)) << text;
}

class PermissionsIn : public testing::Test {
protected:
    static raw::Role role(std::uint64_t id, Permissions permissions) {
        raw::Role one;
        one.id = RoleId{id};
        one.server_id = ServerId{42};
        one.permissions = permissions;
        return one;
    }
    Permissions resolve(std::vector<PermissionOverwrite> overwrites = {}, UserId owner = UserId{1}) const {
        return permissions_in(owner, member, std::span<const raw::Role>(roles), overwrites);
    }

    raw::Member member = [] {
        raw::Member one;
        one.user.id = UserId{7};
        one.server_id = ServerId{42};
        one.roles = {RoleId{5}, RoleId{6}};
        return one;
    }();
    std::vector<raw::Role> roles = {role(42, set({view_channel})), role(5, set({send_messages})), role(6, set({speak})),
                                    role(9, set({ban_members}))};
};

TEST_F(PermissionsIn, the_owner_has_all_whatever_the_overwrites_say) {
    const auto denied = PermissionOverwrite::of_member(UserId{7}, {}, Permissions::all());
    EXPECT_EQ(resolve({denied}, UserId{7}), Permissions::all());
}

TEST_F(PermissionsIn, others_have_what_their_roles_and_everybodys_give) {
    EXPECT_EQ(resolve(), set({view_channel, send_messages, speak}));
    EXPECT_EQ(resolve({}, UserId{}), set({view_channel, send_messages, speak}));
    member.roles.clear();
    EXPECT_EQ(resolve(), set({view_channel}));
}

TEST_F(PermissionsIn, an_overwrite_counts_for_whom_it_names) {
    EXPECT_EQ(resolve({PermissionOverwrite::of_role(RoleId{9}, set({connect}), set({speak})),
                       PermissionOverwrite::of_member(UserId{8}, set({connect}), set({speak}))}),
              resolve());
    EXPECT_EQ(resolve({PermissionOverwrite::of_role(RoleId{5}, set({connect}), set({speak}))}),
              set({view_channel, send_messages, connect}));
}

TEST_F(PermissionsIn, everybodys_role_comes_first_then_the_members_roles_then_the_member) {
    const auto everybody = PermissionOverwrite::of_role(RoleId{42}, set({connect}), set({send_messages}));
    const auto by_role = PermissionOverwrite::of_role(RoleId{5}, set({send_messages}), set({connect}));
    const auto by_member = PermissionOverwrite::of_member(UserId{7}, set({connect}), set({send_messages}));
    EXPECT_EQ(resolve({by_member, by_role, everybody}), set({view_channel, speak, connect}));
    EXPECT_EQ(resolve({by_role, everybody}), set({view_channel, speak, send_messages}));
    EXPECT_EQ(resolve({everybody}), set({view_channel, speak, connect}));
}

TEST_F(PermissionsIn, what_one_role_allows_no_other_denies) {
    const auto allows = PermissionOverwrite::of_role(RoleId{5}, set({connect}), {});
    const auto denies = PermissionOverwrite::of_role(RoleId{6}, {}, set({connect, speak}));
    EXPECT_EQ(resolve({allows, denies}), set({view_channel, send_messages, connect}));
    EXPECT_EQ(resolve({denies, allows}), set({view_channel, send_messages, connect}));
}

TEST_F(PermissionsIn, structures_of_roles_are_taken_as_well) {
    std::vector<Role> structures;
    for (const auto& one : roles)
        structures.emplace_back(one, ClientRef());
    EXPECT_EQ(permissions_in(UserId{1}, member, structures), resolve());
}

}  // namespace
}  // namespace intent::permissions_test
