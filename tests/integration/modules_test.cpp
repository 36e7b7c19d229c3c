// Modules of a running bot: loaded, unloaded and reloaded while their handlers and commands run.
#include "tests/support/client_world.hpp"

#include <intent/clock.hpp>
#include <intent/commands.hpp>
#include <intent/errors.hpp>
#include <intent/module.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::modules_test {
namespace {

using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

/// What a test shares with its modules.
struct World {
    Modules* modules = nullptr;
    test::Recorder<std::string> lines = {};
    std::atomic<int> living = 0;
};
using WorldRef = std::reference_wrapper<World>;

/// A module with state of its own, which AddressSanitizer guards.
class Echo {
public:
    Echo(Module& module, const WorldRef& world) : module_(module), world_(world) {
        ++world_.living;
        module.on(&Echo::on_message, this);
        module.scope().spawn("ticker", &Echo::tick, this);
        auto commands = module.commands();
        commands.add("echo <text>", "Repeats a text.", &Echo::echo, this);
        commands.add("wait", "Waits.", &Echo::wait, this).max_concurrency(1, Per::all);
        commands.add("quit", "Unloads the module.", &Echo::quit, this);
        commands.add("again", "Reloads the module.", [this, word = std::string(50, 'x')](Context ctx) -> task<> {
            co_await ctx.reply("again");
            auto reloading = world_.modules->reload(module_.name());
            add("reloading " + word);
            co_await std::move(reloading);
            add("went on");
        });
    }
    ~Echo() {
        add("ends");
        --world_.living;
    }
    Echo(const Echo&) = delete;
    Echo& operator=(const Echo&) = delete;

private:
    void add(const std::string& line) { world_.lines.add(*prefix_ + line); }

    task<> on_message(MessageCreate event) {
        if (!event.message.content.starts_with("!echo")) co_return;
        add("hears");
        co_await module_.client().sleep_for(1ms);
        add("heard");
    }
    task<> tick() {
        for (;;) {
            co_await module_.scope().sleep_for(1h);
            add("tick");
        }
    }
    task<> echo(Context ctx, Rest text) {
        add("echoes");
        co_await ctx.reply("echo " + text.text());
        add("echoed");
    }
    task<> wait(Context ctx) {
        add("waits");
        co_await module_.client().sleep_for(10min);
        add("went on");
        co_await ctx.reply("waited");
    }
    task<> quit(Context ctx) {
        co_await ctx.reply("bye");
        auto unloading = world_.modules->unload(module_.name());
        add("unloading");  // the object lives as long as its code runs
        co_await std::move(unloading);
        add("went on");
    }

    Module& module_;
    World& world_;
    std::unique_ptr<std::string> prefix_ = std::make_unique<std::string>();
};

/// A bot on a test clock. The parameter is the number of its handler threads.
class ModulesRun : public testing::TestWithParam<int> {
protected:
    void SetUp() override {
        auto options = test::options_for(sandbox);
        options.handler_threads = GetParam();
        options.clock = clock;
        bot.emplace(options);
        diary.emplace(*bot);
        commands.emplace(*bot, CommandOptions("!").owners({sandbox.user_id("alice")}));
        modules.emplace(*bot, *commands);
        world.modules = &*modules;
        modules->add<Echo>("echo", std::ref(world));
        bot->start();
        clock.advance(5s);
        ASSERT_TRUE(diary->wait_ready());
    }
    void TearDown() override {
        modules.reset();
        EXPECT_EQ(world.living, 0);
        bot->stop();
        EXPECT_EQ(diary->errors().all(), Texts{});
    }

    /// A line of alice's, handled as far as that is possible at this time.
    void say(std::string_view text) {
        sandbox.say("alice", general, text);
        clock.settle();
    }
    Texts said() const {
        Texts texts;
        for (const auto& message : sandbox.messages(general))
            if (message.author.username == "bot") texts.push_back(message.content);
        return texts;
    }
    /// The bot's answers to a line.
    Texts answers(std::string_view text) {
        const auto before = said().size();
        say(text);
        auto texts = said();
        texts.erase(texts.begin(), texts.begin() + static_cast<std::ptrdiff_t>(before));
        return texts;
    }
    auto times(const std::string& line) const { return std::ranges::count(world.lines.all(), line); }

    TestClock clock;
    Sandbox sandbox{sandbox::Options{.limits = false, .clock = clock}};
    World world;
    std::optional<Client> bot;
    std::optional<test::Diary> diary;
    std::optional<Commands> commands;
    std::optional<Modules> modules;
    ChannelId general = sandbox.general();
};

INSTANTIATE_TEST_SUITE_P(, ModulesRun, testing::Values(0, 1, 4));

TEST_P(ModulesRun, answer_while_they_are_loaded) {
    EXPECT_EQ(answers("!echo early"), Texts{});
    modules->load("echo");
    EXPECT_EQ(answers("!echo one"), Texts{"echo one"});
    clock.advance(1h);
    EXPECT_EQ(times("heard"), 1);
    EXPECT_EQ(times("tick"), 1);
    modules->unload("echo").get();
    EXPECT_EQ(world.living, 0) << "the task ends when the object is destroyed";
    EXPECT_EQ(answers("!echo late"), Texts{});
    clock.advance(2h);
    EXPECT_EQ(times("hears"), 1);
    EXPECT_EQ(times("tick"), 1);
    modules->load("echo");
    EXPECT_EQ(answers("!echo two"), Texts{"echo two"});
}

TEST_P(ModulesRun, an_unload_ends_running_commands_and_frees_their_place) {
    modules->load("echo");
    say("!wait");
    EXPECT_EQ(times("waits"), 1);
    EXPECT_EQ(answers("!wait").size(), 1u) << "only one at a time";
    modules->unload("echo").get();
    EXPECT_EQ(times("ends"), 1);
    modules->load("echo");
    EXPECT_EQ(answers("!wait"), Texts{});
    EXPECT_EQ(times("waits"), 2);
    modules->unload("echo").get();
    clock.advance(1h);
    EXPECT_EQ(times("went on"), 0);
}

TEST_P(ModulesRun, a_module_unloads_itself_in_its_own_command) {
    modules->load("echo");
    EXPECT_EQ(answers("!quit"), Texts{"bye"});
    EXPECT_FALSE(modules->is_loaded("echo"));
    EXPECT_EQ(world.living, 0);
    const auto lines = world.lines.all();
    EXPECT_EQ(lines, (Texts{"unloading", "ends"})) << "the object is destroyed after its code";
    modules->load("echo");
    EXPECT_EQ(answers("!echo back"), Texts{"echo back"});
}

TEST_P(ModulesRun, a_module_reloads_itself_in_its_own_command) {
    modules->load("echo");
    for (int round = 1; round <= 3; ++round) {
        EXPECT_EQ(answers("!again"), Texts{"again"});
        EXPECT_TRUE(modules->is_loaded("echo"));
        EXPECT_EQ(world.living, 1);
        EXPECT_EQ(times("ends"), round);
    }
    EXPECT_EQ(times("went on"), 0);
    EXPECT_EQ(answers("!echo back"), Texts{"echo back"});
}

TEST_P(ModulesRun, owners_load_and_unload_by_commands) {
    modules->add_commands(*commands);
    EXPECT_EQ(answers("!module list"), Texts{"echo (not loaded)"});
    EXPECT_EQ(answers("!module load echo"), Texts{"Loaded echo."});
    EXPECT_EQ(answers("!module list"), Texts{"echo"});
    EXPECT_EQ(answers("!echo hello"), Texts{"echo hello"});
    EXPECT_EQ(answers("!module reload echo"), Texts{"Reloaded echo."});
    EXPECT_EQ(answers("!echo again"), Texts{"echo again"});
    EXPECT_EQ(answers("!module unload echo"), Texts{"Unloaded echo."});
    EXPECT_NE(answers("!module unload echo").at(0).find("it is not loaded"), std::string::npos);
    EXPECT_NE(answers("!module load other").at(0).find("there is no such module"), std::string::npos);
    sandbox.add_user("bob");
    sandbox.say("bob", general, "!module load echo");
    clock.settle();
    EXPECT_EQ(said().back(), "Only the owner of the bot can use this command.");
    EXPECT_FALSE(modules->is_loaded("echo"));
}

TEST_P(ModulesRun, a_choice_of_prefixes_works_with_modules) {
    Commands others(*bot, [this](Message) -> task<std::string> {
        co_await bot->sleep_for(1s);
        co_return "?";
    });
    Modules more(*bot, others);
    more.add<Echo>("echo", std::ref(world));
    more.load("echo");
    say("?echo one");
    EXPECT_EQ(said(), Texts{});
    clock.advance(1s);
    EXPECT_EQ(said(), Texts{"echo one"});
    say("?echo two");
    more.unload("echo").get();
    clock.advance(1s);
    EXPECT_EQ(said(), Texts{"echo one"});
}

TEST_P(ModulesRun, running_commands_of_a_removed_group_continue) {
    auto games = commands->group("game").max_concurrency(1, Per::all);
    games.add("play", "", [this, text = std::string(50, 'x')](Context ctx) -> task<> {
        co_await bot->sleep_for(1s);
        co_await ctx.reply(text);
    });
    EXPECT_EQ(answers("!game play"), Texts{});
    games.remove();
    EXPECT_EQ(answers("!game play"), Texts{});
    commands->group("game").add("play", "", [](Context ctx) -> task<> { co_await ctx.reply("another"); });
    EXPECT_EQ(answers("!game play"), Texts{"another"});
    clock.advance(1s);
    EXPECT_EQ(said(), (Texts{"another", std::string(50, 'x')}));
}

/// Has a handler, a command and a coroutine, and fails after they could have run.
class Late {
public:
    Late(Module& module, const WorldRef& world, const std::function<void()>& meanwhile) {
        World* const all = &world.get();
        module.on([all](const MessageCreate&) { all->lines.add("handler"); });
        module.once([all](const MessageCreate&) { all->lines.add("once"); });
        module.commands().add("late", "", [all](Context) -> task<> {
            all->lines.add("command");
            co_return;
        });
        Module* const own = &module;
        module.scope().spawn("coroutine", [all, own]() -> task<> {
            co_await own->scope().sleep_for(1s);
            all->lines.add("coroutine");
        });
        meanwhile();
    }
};

TEST_P(ModulesRun, nothing_of_a_module_runs_before_its_constructor_has_returned) {
    modules->add<Late>("late", std::ref(world), std::function<void()>([this] {
                           say("!late");
                           clock.advance(10s);
                           EXPECT_EQ(world.lines.all(), Texts{});
                       }));
    modules->load("late");
    clock.settle();
    EXPECT_EQ(world.lines.all(), Texts{"coroutine"});
    say("!late");
    say("more");
    auto lines = world.lines.all();
    std::ranges::sort(lines);
    EXPECT_EQ(lines, (Texts{"command", "coroutine", "handler", "handler", "once"}));
}

TEST_P(ModulesRun, a_constructor_that_throws_leaves_nothing_that_runs) {
    modules->add<Late>("late", std::ref(world), std::function<void()>([this] {
                           say("!late");
                           clock.advance(10s);
                           throw std::runtime_error("no database");
                       }));
    EXPECT_THROW(modules->load("late"), std::runtime_error);
    say("!late");
    clock.advance(10s);
    EXPECT_EQ(world.lines.all(), Texts{});
    EXPECT_FALSE(modules->is_loaded("late"));
}

TEST_P(ModulesRun, a_job_that_is_due_in_the_constructor_runs_after_it) {
    struct Hasty {
        Hasty(Module& module, const WorldRef& world, TestClock clock) {
            module.scope().at(clock.wall_time(), [&lines = world.get().lines] { lines.add("job"); });
            clock.settle();  // the job is due, and nothing else is left to do
            world.get().lines.add("constructed");
        }
    };
    modules->add<Hasty>("hasty", std::ref(world), clock);
    modules->load("hasty");
    clock.settle();
    EXPECT_EQ(world.lines.all(), (Texts{"constructed", "job"}));
}

/// Counts each message once, in a command and in a handler.
class Counter {
public:
    Counter(Module& module, const WorldRef& world) : module_(module), world_(world) {
        module.commands().add("count <number>", "", &Counter::count, this);
        module.on(&Counter::on_message, this);
    }

private:
    task<> count(Context ctx, int number) {
        world_.lines.add(*word_ + "command " + std::to_string(number));
        co_await ctx.client().sleep_for(1ms);
        ++*hits_;
    }
    task<> on_message(MessageCreate event) {
        world_.lines.add(*word_ + "handler " + event.message.content);
        co_await module_.client().sleep_for(1ms);
        ++*hits_;
    }

    Module& module_;
    World& world_;
    std::unique_ptr<std::string> word_ = std::make_unique<std::string>();
    std::unique_ptr<std::atomic<int>> hits_ = std::make_unique<std::atomic<int>>(0);
};

/// Real time and several threads: what ThreadSanitizer is for.
class ModulesUnderLoad : public testing::TestWithParam<int> {
protected:
    ModulesUnderLoad() {
        auto options = test::options_for(sandbox);
        options.handler_threads = GetParam();
        bot.emplace(options);
        diary.emplace(*bot);
        commands.emplace(*bot, CommandOptions("!"));
        modules.emplace(*bot, *commands);
        world.modules = &*modules;
        bot->start();
        EXPECT_TRUE(diary->wait_ready());
    }
    ~ModulesUnderLoad() override {
        modules.reset();
        bot->stop();
        EXPECT_EQ(diary->errors().all(), Texts{});
    }

    Sandbox sandbox{sandbox::Options{.limits = false}};
    World world;
    std::optional<Client> bot;
    std::optional<test::Diary> diary;
    std::optional<Commands> commands;
    std::optional<Modules> modules;
};

INSTANTIATE_TEST_SUITE_P(, ModulesUnderLoad, testing::Values(1, 4));

TEST_P(ModulesUnderLoad, reloads_handle_no_message_twice_and_lose_none_afterwards) {
    modules->add<Counter>("counter", std::ref(world));
    modules->load("counter");
    std::vector<ChannelId> channels{sandbox.general()};
    for (int i = 0; i < 7; ++i)
        channels.push_back(sandbox.create_channel("alice", sandbox.server(), "channel" + std::to_string(i)));
    std::size_t sent = 0;
    const auto say = [&] {
        sandbox.say("alice", channels[sent % channels.size()], "!count " + std::to_string(sent));
        ++sent;
    };
    for (int round = 0; round < 30; ++round) {
        for (int i = 0; i < 10; ++i)
            say();
        modules->reload("counter").get();
    }
    ASSERT_TRUE(diary->messages().wait_count(sent));
    const auto first = sent;
    for (int i = 0; i < 40; ++i)
        say();
    ASSERT_TRUE(diary->messages().wait_count(sent));
    for (auto number = first; number < sent; ++number) {
        EXPECT_TRUE(world.lines.wait_contains("command " + std::to_string(number)));
        EXPECT_TRUE(world.lines.wait_contains("handler !count " + std::to_string(number)));
    }
    const auto lines = world.lines.all();
    EXPECT_EQ(std::set<std::string>(lines.begin(), lines.end()).size(), lines.size());
}

/// Unloads another module in a handler.
class Rival {
public:
    Rival(Module& module, const WorldRef& world) : module_(module), world_(world) {
        ++world_.living;
        module.on(&Rival::on_message, this);
    }
    ~Rival() { --world_.living; }
    Rival(const Rival&) = delete;
    Rival& operator=(const Rival&) = delete;

private:
    task<> on_message(MessageCreate event) {
        if (event.message.content != module_.name()) co_return;
        const std::string other = module_.name() == "left" ? "right" : "left";
        try {
            co_await world_.modules->unload(other);
        } catch (const ConfigError&) {
            // It was the first.
        }
        world_.lines.add(*word_);
    }

    Module& module_;
    World& world_;
    std::unique_ptr<std::string> word_ = std::make_unique<std::string>("done");
};

/// True if the call succeeds; false if another thread is changing, or has changed, the module.
template <class F>
bool succeeds(F call) {
    try {
        call();
        return true;
    } catch (const ConfigError&) {
        return false;
    }
}

TEST_P(ModulesUnderLoad, two_modules_may_unload_each_other_at_the_same_time) {
    modules->add<Rival>("left", std::ref(world));
    modules->add<Rival>("right", std::ref(world));
    const auto elsewhere = sandbox.create_channel("alice", sandbox.server(), "elsewhere");
    for (int round = 0; round < 30; ++round) {
        ASSERT_TRUE(test::eventually([&] { return succeeds([&] { modules->load_all(); }); }));
        sandbox.say("alice", sandbox.general(), "left");
        sandbox.say("alice", elsewhere, "right");
        ASSERT_TRUE(test::eventually([&] { return world.living < 2; }));
        for (const char* const name : {"left", "right"})
            succeeds([&] { modules->unload(name).get(); });
        ASSERT_TRUE(test::eventually([&] { return world.living == 0; }));
    }
}

}  // namespace
}  // namespace intent::modules_test
