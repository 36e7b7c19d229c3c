#include "welcome.hpp"

#include "world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace {

using Texts = World<Welcome>::Texts;

struct WelcomeTest : testing::Test {
    intent::Role create_role(const char* name) { return owner.create_role(world.server, name).get(); }
    std::vector<intent::RoleId> roles_of(const intent::sandbox::User& user) {
        return owner.get_member(world.server, user.id()).get().roles;
    }

    World<Welcome> world{":memory:"};
    intent::RestClient owner{{.token = world.alice.token(), .rest_url = world.sandbox.rest_url()}};
};

TEST_F(WelcomeTest, greets_new_members_where_it_was_set) {
    world.sandbox.user("carol");
    EXPECT_EQ(world.answers(), Texts{});

    const auto door = world.alice.create_channel(world.server, "door");
    world.alice.say(door, "!welcome set Hello, {name}, this is {server}.\nHave fun!");
    EXPECT_EQ(world.answers(door), Texts{"I will greet new members here."});
    world.sandbox.user("dave");
    EXPECT_EQ(world.answers(door), Texts{"Hello, dave, this is Sandbox.\nHave fun!"});
    EXPECT_EQ(world.ask(world.alice, "!welcome test"), "Hello, Alice, this is Sandbox.\nHave fun!");

    EXPECT_EQ(world.ask(world.alice, "!welcome off"), "I greet nobody from now on.");
    world.sandbox.user("erin");
    EXPECT_EQ(world.answers(door), Texts{});
}

TEST_F(WelcomeTest, each_server_has_its_own_greeting) {
    const auto second = world.bob.create_server("Second");
    const auto lobby = world.bob.create_channel(second, "lobby");
    world.sandbox.user("bot").join(second);
    world.alice.say(world.general, "!welcome set first");
    world.bob.say(lobby, "!welcome set second");
    world.answers(lobby);
    world.answers();
    world.alice.join(second);
    EXPECT_EQ(world.answers(lobby), Texts{"second"});
    EXPECT_EQ(world.answers(), Texts{});
}

TEST_F(WelcomeTest, a_greeting_ends_with_its_channel) {
    const auto door = world.alice.create_channel(world.server, "door");
    world.alice.say(door, "!welcome set Hello");
    world.answers(door);
    world.alice.remove_channel(door);
    world.sandbox.user("carol");
    EXPECT_EQ(world.ask(world.alice, "!welcome test"), "I greet nobody. Set a text with !welcome set.");
}

TEST_F(WelcomeTest, a_greeting_fits_into_a_message) {
    world.ask(world.alice, "!welcome set " + std::string(1'950, 'x') + "{name}{name}");
    world.sandbox.user(std::string(32, 'y'));
    const Texts greetings = world.answers();
    ASSERT_EQ(greetings.size(), 1u);
    EXPECT_EQ(intent::text_length(greetings.front()), intent::limits::message_length);
}

TEST_F(WelcomeTest, members_take_roles_of_the_list_and_give_them_back) {
    const auto gamer = create_role("gamer");
    const auto admin = create_role("admin");
    EXPECT_EQ(world.ask(world.bob, "!roles"), "Roles that you can take: none");
    EXPECT_EQ(world.ask(world.alice, "!roles add gamer"), "Members can now take the role gamer.");
    EXPECT_EQ(world.ask(world.bob, "!roles"), "Roles that you can take: gamer");
    const auto before = roles_of(world.bob);

    EXPECT_EQ(world.ask(world.bob, "!role gamer"), "You now have the role gamer.");
    auto with_gamer = before;
    with_gamer.push_back(gamer.id);
    EXPECT_EQ(roles_of(world.bob), with_gamer);
    EXPECT_NE(world.ask(world.bob, "!role admin").find("this role is not on the list, see !roles"), std::string::npos);
    EXPECT_EQ(roles_of(world.bob), with_gamer);
    EXPECT_EQ(world.ask(world.bob, "!role gamer"), "You no longer have the role gamer.");
    EXPECT_EQ(roles_of(world.bob), before);

    EXPECT_EQ(world.ask(world.alice, "!roles remove gamer"), "Members can no longer take the role gamer.");
    EXPECT_NE(world.ask(world.bob, "!role gamer").find("this role is not on the list"), std::string::npos);
}

TEST_F(WelcomeTest, keeps_roles_that_others_have_given_meanwhile) {
    create_role("gamer");
    const auto vip = create_role("vip");
    world.ask(world.alice, "!roles add gamer");
    world.ask(world.bob, "!role gamer");  // the bot now has the member in its cache
    owner.get_member(world.server, world.bob.id()).get().add_role(vip.id).get();
    world.ask(world.bob, "!role gamer");
    EXPECT_EQ(std::ranges::count(roles_of(world.bob), vip.id), 1);
}

TEST_F(WelcomeTest, only_moderators_change_what_it_does) {
    create_role("gamer");
    EXPECT_EQ(world.ask(world.bob, "!welcome set Hello"), "You need the permission Manage Server to use this command.");
    EXPECT_EQ(world.ask(world.bob, "!roles add gamer"), "You need the permission Manage Roles to use this command.");
}

TEST_F(WelcomeTest, remembers_everything_across_a_restart) {
    const TestFile file;
    World<Welcome> other(file.path());
    other.ask(other.alice, "!welcome set Hello, {name}");
    other.stop();
    other.sandbox.user("carol");
    other.start();
    other.sandbox.user("dave");
    EXPECT_EQ(other.answers(), Texts{"Hello, dave"});
}

}  // namespace
