// Commands of a bot in a sandbox: arguments that are looked up, checks, limits, errors, help and questions.
#include "tests/support/client_gate.hpp"
#include "tests/support/client_world.hpp"

#include <intent/commands.hpp>
#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace intent::commands_test {

struct Note {
    std::string text;
};

}  // namespace intent::commands_test

template <>
struct intent::Argument<intent::commands_test::Note> {
    static constexpr std::string_view expects = "the name of a note";
    static task<std::optional<commands_test::Note>> parse(Context ctx, std::string text) {
        if (text == "none") co_return std::nullopt;
        if (text == "secret") throw BadArgument("only its author can read this note");
        auto looking = ctx.channel();
        const Channel channel = co_await std::move(looking);
        co_return commands_test::Note{text + " in " + channel.name};
    }
};

namespace intent::commands_test {
namespace {

using namespace std::chrono_literals;

task<> pass(test::Gate& gate) { co_await gate; }

/// A bot with commands, and a person who uses them. `commands` is null until `listen`.
class CommandsRun : public testing::Test {
protected:
    CommandsRun() { sandbox->add_user("bob"); }

    void listen(CommandOptions options = {}) {
        bot.emplace(test::options_for(*sandbox));
        diary.emplace(*bot);
        commands.emplace(*bot, std::move(options));
    }
    void start() {
        bot->start();
        ASSERT_TRUE(diary->wait_ready());
    }

    /// The bot's answer to a line.
    std::string answer(std::string_view author, std::string_view line) {
        last = sandbox->say(author, general, line);
        return next_answer();
    }
    /// The bot's next message.
    std::string next_answer() {
        const auto message = sandbox->wait_message(general, "bot", test::long_enough, last);
        if (!message) return "no answer";
        last = message->id;
        return message->content;
    }

    std::optional<Sandbox> sandbox{std::in_place, sandbox::Options{.limits = false}};
    std::optional<Client> bot;
    std::optional<test::Diary> diary;
    std::optional<Commands> commands;
    ChannelId general = sandbox->general();
    MessageId last;
};

TEST_F(CommandsRun, with_arguments_of_the_types_of_its_function) {
    listen();
    commands->add("add <left> <right>", "Adds.",
                  [](Context ctx, int left, int right) -> task<> { co_await ctx.reply(std::to_string(left + right)); });
    commands
        ->add("about [text]", "Describes.",
              [](Context ctx, Rest text) -> task<> {
                  co_await ctx.reply(ctx.command() + "|" + ctx.usage() + "|" + std::string(ctx.arguments()) + "|" +
                                     text.text() + "|" + ctx.author().username + "|" + ctx.server_id().str());
              })
        .alias("what is");
    commands->add("all <who>", "Lists.", [](Context ctx, std::vector<Member> who) -> task<> {
        std::string names;
        for (const auto& member : who)
            names += member.user.username + " ";
        co_await ctx.reply(names);
    });
    start();
    EXPECT_EQ(answer("alice", "!add 3 6"), "9");
    EXPECT_EQ(answer("alice", "!ADD  -3 +6"), "3");
    EXPECT_EQ(answer("alice", "!what is  this \"thing\" "),
              "about|!about [text…]|this \"thing\"|this \"thing\"|alice|" + sandbox->server().str());
    EXPECT_EQ(answer("alice", "!all bob @alice"), "bob alice ");
    EXPECT_EQ(
        answer("alice", "!add 3 x"),
        "!add 3 x\n       ^ right: expected a whole number from -2147483648 to 2147483647\nusage: !add <left> <right>");
}

TEST_F(CommandsRun, looks_up_structures_by_id_and_name) {
    listen();
    const auto say = [](std::string name, auto id) { return std::move(name) + " " + id.str(); };
    commands->add("member <m>", "",
                  [say](Context ctx, Member m) -> task<> { co_await ctx.reply(say(m.user.username, m.user.id)); });
    commands->add("user <u>", "", [say](Context ctx, User u) -> task<> { co_await ctx.reply(say(u.username, u.id)); });
    commands->add("channel <c>", "",
                  [say](Context ctx, Channel c) -> task<> { co_await ctx.reply(say(c.name, c.id)); });
    commands->add("role <r>", "", [say](Context ctx, Role r) -> task<> { co_await ctx.reply(say(r.name, r.id)); });
    commands->add("server <s>", "", [say](Context ctx, Server s) -> task<> { co_await ctx.reply(say(s.name, s.id)); });
    commands->add("message <m>", "",
                  [say](Context ctx, Message m) -> task<> { co_await ctx.reply(say(m.content, m.id)); });
    commands->add("id <c>", "", [](Context ctx, ChannelId c) -> task<> { co_await ctx.reply(c.str()); });
    commands->add("note <n>", "", [](Context ctx, Note n) -> task<> { co_await ctx.reply(n.text); });
    start();
    const auto bob = sandbox->user_id("bob").str();
    const auto other = sandbox->create_channel("alice", sandbox->server(), "other").str();
    const auto elsewhere = sandbox->create_server("alice", "Elsewhere");
    const auto foreign = sandbox->create_channel("alice", elsewhere, "foreign").str();
    const auto role = bot->rest().create_role(sandbox->server(), "Red Team").get().id.str();
    const auto message = sandbox->say("alice", general, "text").str();
    const auto distant = sandbox->say("alice", *ChannelId::parse(other), "distant").str();

    EXPECT_EQ(answer("alice", "!member " + bob), "bob " + bob);
    EXPECT_EQ(answer("alice", "!member BOB"), "bob " + bob);
    EXPECT_EQ(answer("alice", "!user " + bob), "bob " + bob);
    EXPECT_EQ(answer("alice", "!user @bob"), "bob " + bob);
    EXPECT_EQ(answer("alice", "!channel #other"), "other " + other);
    EXPECT_EQ(answer("alice", "!channel " + other), "other " + other);
    EXPECT_EQ(answer("alice", "!role \"red team\""), "Red Team " + role);
    EXPECT_EQ(answer("alice", "!role " + role), "Red Team " + role);
    EXPECT_EQ(answer("alice", "!server sandbox"), "Sandbox " + sandbox->server().str());
    EXPECT_EQ(answer("alice", "!message " + message), "text " + message);
    EXPECT_EQ(answer("alice", "!message https://x/channels/" + other + "/" + distant), "distant " + distant);
    EXPECT_EQ(answer("alice", "!note hello"), "hello in general");

    const auto refused = [&](const std::string& line, const std::string& why) {
        const auto text = answer("alice", line);
        EXPECT_NE(text.find("^ "), std::string::npos) << text;
        EXPECT_NE(text.find(why), std::string::npos) << text;
    };
    refused("!member nobody", "m: there is no member of this name or id");
    refused("!member 1", "m: there is no member of this name or id");
    refused("!member " + std::string(150, 'x'), "m: there is no member of this name or id");
    refused("!user 1", "u: there is no member of this name or id");
    refused("!server Elsewhere", "s: there is no server of this name or id");
    refused("!channel foreign", "c: there is no channel of this name or id");
    refused("!channel " + foreign, "c: there is no channel of this name or id");
    sandbox->user("bot").join(elsewhere);
    refused("!channel " + foreign, "c: the channel is not in this server");
    EXPECT_EQ(answer("alice", "!id " + foreign), foreign);
    refused("!role none", "r: there is no role of this name or id");
    refused("!message 1", "m: there is no such message");
    refused("!message x", "m: expected a message (its id or link)");
    refused("!message " + foreign + "/1", "m: the message is not in this server");
    refused("!note none", "n: expected the name of a note");
    refused("!note secret", "n: only its author can read this note");
    EXPECT_EQ(diary->errors().count(), 0u);
}

TEST_F(CommandsRun, an_ambiguous_name_is_refused) {
    listen();
    commands->add("member <m>", "", [](Context ctx, Member m) -> task<> { co_await ctx.reply(m.user.username); });
    start();
    for (const char* name : {"bob", "alice"})
        bot->rest().edit_member(sandbox->server(), sandbox->user_id(name), MemberEdit().nickname("Sunny")).get();
    EXPECT_NE(answer("alice", "!member sunny").find("2 members have this name: use the id"), std::string::npos);
    EXPECT_EQ(answer("alice", "!member " + sandbox->user_id("bob").str()), "bob");
}

TEST_F(CommandsRun, checks_come_before_arguments_and_say_what_is_missing) {
    listen();
    auto mod = commands->group("mod").requires_permission(Permission::kick_members);
    mod.add("kick <member>", "Kicks.",
            [](Context ctx, Member member) -> task<> { co_await ctx.reply("kicked " + member.user.username); });
    commands->add("ban", "", [](Context ctx) -> task<> { co_await ctx.reply("banned"); })
        .bot_requires(Permission::ban_members | Permission::mute_members);
    commands->add("edit", "", [](Context ctx) -> task<> { co_await ctx.reply("edited"); })
        .bot_requires(Permission::manage_server);
    commands->add("short", "", [](Context ctx) -> task<> { co_await ctx.reply("fine"); })
        .check([](Context ctx) { return ctx.author().username == "alice"; }, "Only for alice.")
        .check([](Context ctx) -> task<bool> {
            auto looking = ctx.channel();
            const Channel channel = co_await std::move(looking);
            if (channel.name != "general") throw CheckFailed("Not in #" + channel.name + ".");
            co_return true;
        });
    start();
    EXPECT_EQ(answer("bob", "!mod kick nobody"), "You need the permission Kick Members to use this command.");
    EXPECT_EQ(answer("alice", "!mod kick bob"), "kicked bob");
    EXPECT_EQ(answer("alice", "!ban"), "I need the permissions Ban Members, Mute Members to do this.");
    EXPECT_EQ(answer("alice", "!edit"), "edited");
    EXPECT_EQ(answer("bob", "!short"), "Only for alice.");
    EXPECT_EQ(answer("alice", "!short"), "fine");
    general = sandbox->create_channel("alice", sandbox->server(), "other");
    EXPECT_EQ(answer("alice", "!short"), "Not in #other.");
}

TEST_F(CommandsRun, permissions_are_asked_for_once_a_minute) {
    listen();
    commands->add("x", "", [](Context ctx) -> task<> { co_await ctx.reply("done"); })
        .requires_permission(Permission::send_messages);
    start();
    EXPECT_EQ(answer("bob", "!x"), "done");
    const auto requests = sandbox->requests();
    EXPECT_EQ(answer("bob", "!x"), "done");
    EXPECT_EQ(sandbox->requests(), requests + 1);  // the reply
}

TEST_F(CommandsRun, for_the_owner_or_in_servers_only) {
    listen(CommandOptions("!").owners({sandbox->user_id("alice")}));
    commands->add("stop", "", [](Context ctx) -> task<> { co_await ctx.reply("stopped"); }).owner_only().server_only();
    start();
    EXPECT_EQ(answer("bob", "!stop"), "Only the owner of the bot can use this command.");
    EXPECT_EQ(answer("alice", "!stop"), "stopped");
}

TEST_F(CommandsRun, for_owners_needs_owners) {
    listen();
    EXPECT_THROW(commands->owner_only(), ConfigError);
}

TEST_F(CommandsRun, a_cooldown_counts_what_ran) {
    listen();
    commands->add("daily <n>", "", [](Context ctx, int n) -> task<> { co_await ctx.reply(std::to_string(n)); })
        .cooldown(1, 1h);
    commands->on_error([](Context ctx, OnCooldown error) -> task<> {
        if (error.retry_after() > 59min) co_await ctx.reply(error.what());
    });
    start();
    EXPECT_NE(answer("alice", "!daily x").find("n: expected a whole number"), std::string::npos);
    EXPECT_EQ(answer("alice", "!daily 1"), "1");
    EXPECT_EQ(answer("alice", "!daily 2"), "Try this again in 1 h.");
    EXPECT_EQ(answer("bob", "!daily 3"), "3");
}

TEST_F(CommandsRun, a_cooldown_ends) {
    sandbox.emplace(sandbox::Options{.limits = false, .clock = TestClock()});
    general = sandbox->general();
    auto options = test::options_for(*sandbox);
    options.clock = sandbox->clock();
    bot.emplace(options);
    diary.emplace(*bot);
    commands.emplace(*bot, "!");
    commands->add("daily", "", [](Context ctx) -> task<> { co_await ctx.reply("here you are"); }).cooldown(1, 24h);
    start();
    EXPECT_EQ(answer("alice", "!daily"), "here you are");
    sandbox->advance(23h + 59min);
    EXPECT_EQ(answer("alice", "!daily"), "Try this again in 1 min.");
    sandbox->advance(1min);
    EXPECT_EQ(answer("alice", "!daily"), "here you are");
}

TEST_F(CommandsRun, no_more_than_allowed_at_the_same_time) {
    listen();
    test::Gate gate;
    commands
        ->add("long", "",
              [&gate](Context ctx) -> task<> {
                  co_await ctx.reply("begun");
                  co_await pass(gate);
                  co_await ctx.reply("ended");
              })
        .max_concurrency(1, Per::channel);
    start();
    EXPECT_EQ(answer("alice", "!long"), "begun");
    EXPECT_EQ(answer("bob", "!long"), "This command is already running. Try again when it has ended.");
    gate.open();
    EXPECT_EQ(next_answer(), "ended");
}

TEST_F(CommandsRun, errors_go_to_the_nearest_handler_of_their_type) {
    listen();
    commands->on_error(
        [](Context ctx, Error error) -> task<> { co_await ctx.reply(std::string("all: ") + error.what()); });
    auto group = commands->group("g").on_error(
        [](Context ctx, CheckFailed error) -> task<> { co_await ctx.reply(std::string("group: ") + error.what()); });
    group.add("check", "", [](Context) -> task<> { co_return; }).check([](Context) { return false; }, "no");
    group
        .add("throw <what>", "",
             [](Context, std::string what) -> task<> {
                 if (what == "bad") throw BadArgument("that is bad").at("what");
                 if (what == "own") throw ConfigError("own");
                 throw std::runtime_error("foreign");
             })
        .on_error([](Context ctx, BadArgument error) -> task<> {
            co_await ctx.reply(std::string("command: ") + error.what());
        });
    start();
    EXPECT_EQ(answer("alice", "!g check"), "group: no");
    EXPECT_EQ(answer("alice", "!g throw bad"),
              "command: !g throw bad\n         ^^^ what: that is bad\nusage: !g throw <what>");
    EXPECT_EQ(answer("alice", "!g throw own"), "all: own");
    sandbox->say("alice", general, "!g throw foreign");
    ASSERT_TRUE(diary->errors().wait_count(1));
    const auto error = diary->errors().all().front();
    EXPECT_NE(error.find("command g throw"), std::string::npos) << error;
    EXPECT_NE(error.find("foreign"), std::string::npos) << error;
}

TEST_F(CommandsRun, a_handler_that_throws_is_reported_and_others_are_not_asked) {
    listen();
    commands
        ->add("x", "",
              [](Context) -> task<> {
                  throw std::runtime_error("first");
                  co_return;
              })
        .on_error([](Context, std::exception_ptr) -> task<> {
            throw std::runtime_error("second");
            co_return;
        });
    commands->on_error([](Context ctx, std::exception_ptr) -> task<> { co_await ctx.reply("asked"); });
    start();
    sandbox->say("alice", general, "!x");
    ASSERT_TRUE(diary->errors().wait_count(1));
    EXPECT_NE(diary->errors().all().front().find("second"), std::string::npos);
}

TEST_F(CommandsRun, a_refusal_of_the_platform_is_readable) {
    listen();
    commands->add("kick <member>", "Kicks.", [](Context, Member member) -> task<> { co_await member.kick(); });
    start();
    const auto text = answer("alice", "!kick alice");  // the owner
    EXPECT_TRUE(text.starts_with("The platform does not allow me to do this.")) << text;
    EXPECT_EQ(diary->errors().count(), 0u);
}

TEST_F(CommandsRun, a_reply_that_cannot_be_sent_is_reported) {
    listen();
    commands->add("x <n>", "", [](Context, int) -> task<> { co_return; });
    start();
    sandbox->fault(sandbox::fault::status(403).method("POST").path("/channels/*/messages"));
    sandbox->say("alice", general, "!x y");
    ASSERT_TRUE(diary->errors().wait_count(1));
    EXPECT_NE(diary->errors().all().front().find("command x"), std::string::npos) << diary->errors().all().front();
}

TEST_F(CommandsRun, ignores_itself_webhooks_and_other_prefixes) {
    listen({"!", "!!", "bot "});
    commands->add("say <text>", "", [](Context ctx, Rest text) -> task<> { co_await ctx.reply(text.text()); });
    commands->add("which", "",
                  [](Context ctx) -> task<> { co_await ctx.reply("'" + std::string(ctx.prefix()) + "'"); });
    start();
    EXPECT_EQ(answer("alice", "!say !say again"), "!say again");  // its own line is no command
    EXPECT_EQ(answer("alice", "bot which"), "'bot '");
    EXPECT_EQ(answer("alice", "!!which"), "'!!'");
    const auto hook = bot->rest().create_webhook(general, "hook").get();
    bot->rest().execute_webhook(hook.id, hook.token, "!say by a webhook").get();
    sandbox->say("alice", general, "?say other");
    EXPECT_EQ(answer("alice", "! which"), "'!'");
}

TEST_F(CommandsRun, with_a_prefix_that_a_coroutine_chooses) {
    CommandOptions options([](Message message) -> task<std::string> {
        auto looking = message.channel();
        const Channel channel = co_await std::move(looking);
        if (channel.name == "general") co_return "?";
        co_return "!";
    });
    listen(options.suggestions());
    commands->add("secret", "", [](Context) -> task<> { co_return; }).hidden();
    commands->add("which", "", [](Context ctx) -> task<> { co_await ctx.reply(ctx.usage()); });
    start();
    sandbox->say("alice", general, "!which");
    EXPECT_EQ(answer("alice", "?which"), "?which");
    EXPECT_EQ(answer("alice", "?wich"), "There is no command \"wich\". Did you mean \"?which\"?");
    sandbox->say("alice", general, "?secre");  // hidden commands are not suggested
    general = sandbox->create_channel("alice", sandbox->server(), "other");
    EXPECT_EQ(answer("alice", "!which"), "!which");
}

TEST_F(CommandsRun, only_messages_that_the_filter_accepts) {
    CommandOptions options;
    options.only_if([](const Message& message) { return message.author.username != "bob"; });
    listen(std::move(options));
    commands->add("x", "", [](Context ctx) -> task<> { co_await ctx.reply(ctx.author().username); });
    start();
    sandbox->say("bob", general, "!x");
    EXPECT_EQ(answer("alice", "!x"), "alice");
    EXPECT_EQ(sandbox->messages(general).size(), 3u);
}

TEST_F(CommandsRun, help_is_split_into_messages) {
    listen();
    for (int i = 0; i < 60; ++i) {
        static constexpr auto nothing = [](Context) -> task<> { co_return; };
        commands->group("group" + std::to_string(i)).add("command", std::string(40, 'x'), nothing);
    }
    start();
    const auto first = answer("alice", "!help");
    const auto second = next_answer();
    EXPECT_LE(first.size(), 2'100u);  // "…" is one code point of three bytes
    EXPECT_TRUE(first.ends_with("xxx"));
    EXPECT_TRUE(second.starts_with("!group")) << second;
    EXPECT_EQ(answer("alice", "!help group7"), "!group7 command - " + std::string(40, 'x'));
    EXPECT_EQ(answer("alice", "!help nothing"),
              "!help nothing\n      ^^^^^^^ command: there is no such command\nusage: !help [command…]");
}

TEST_F(CommandsRun, asks_the_author) {
    listen();
    commands->add("ask", "", [](Context ctx) -> task<> {
        auto asking = ctx.ask("name?", 30s);
        const auto name = co_await std::move(asking);
        auto confirming = ctx.confirm("sure?", 30s);
        const bool sure = co_await std::move(confirming);
        auto choosing = ctx.choose("color?", {"red", "green"}, 30s);
        const auto color = co_await std::move(choosing);
        std::string text = name ? name->content : "nobody";
        text += sure ? " yes " : " no ";
        text += color ? std::to_string(*color) : "none";
        co_await ctx.reply(text);
    });
    start();
    EXPECT_EQ(answer("alice", "!ask"), "name?");
    sandbox->say("bob", general, "Bob");
    EXPECT_EQ(answer("alice", "Alice"), "sure?");
    sandbox->say("alice", general, "hm");
    EXPECT_EQ(answer("alice", "Yes "), "color?\n1. red\n2. green");
    sandbox->say("alice", general, "3");
    EXPECT_EQ(answer("alice", "GREEN"), "Alice yes 1");
}

TEST_F(CommandsRun, invocations_end_with_the_commands) {
    listen();
    auto alive = std::make_shared<int>();
    const std::weak_ptr<int> watch = alive;
    commands->add("wait", "", [alive = std::move(alive)](Context ctx) -> task<> {
        co_await ctx.reply("waiting");
        co_await ctx.client().sleep_for(1h);
    });
    start();
    EXPECT_EQ(answer("alice", "!wait"), "waiting");
    commands.reset();
    EXPECT_TRUE(test::eventually([&] { return watch.expired(); }));
    sandbox->say("alice", general, "!wait");
    EXPECT_EQ(diary->errors().count(), 0u);
}

TEST_F(CommandsRun, a_command_may_destroy_the_commands) {
    listen();
    commands
        ->add("unload", "",
              [this](Context ctx) -> task<> {
                  commands.reset();
                  static_cast<void>(ctx.client().rest().create_message(ctx.channel_id(), "unloaded"));
                  co_return;
              })
        .max_concurrency(1, Per::all);
    start();
    EXPECT_EQ(answer("alice", "!unload"), "unloaded");
    bot->stop();
}

TEST_F(CommandsRun, can_be_added_and_removed_while_the_client_runs) {
    listen();
    start();
    auto command = commands->add("later", "", [](Context ctx) -> task<> { co_await ctx.reply("now"); });
    EXPECT_EQ(answer("alice", "!later"), "now");
    command.remove();
    sandbox->say("alice", general, "!later");
    commands->add("later", "", [](Context ctx) -> task<> { co_await ctx.reply("again"); });
    EXPECT_EQ(answer("alice", "!later"), "again");
}

}  // namespace
}  // namespace intent::commands_test
