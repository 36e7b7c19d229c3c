// Jobs of a bot across restarts, and the prefix of each server.
#include <intent/commands.hpp>
#include <intent/intent.hpp>
#include <intent/persistent_jobs.hpp>
#include <intent/sandbox.hpp>
#include <intent/settings/prefix.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace intent::persistent_jobs_test {
namespace {

using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

/// A bot that posts the payloads of its jobs. `stop` and `start` are a restart with the same file.
struct World {
    World() { start(); }

    void start() {
        bot.emplace(sandbox.client_options());
        bot->on([this](const ErrorEvent& error) { errors.push_back(error.where); });
        jobs = std::make_unique<PersistentJobs>(*bot, settings, "reminders", [this](PersistentJob job) -> task<> {
            if (failures > 0) {
                --failures;
                throw std::runtime_error("not now");
            }
            auto posting = bot->rest().create_message(sandbox.general(), MessageBody(job.payload));
            co_await std::move(posting);
        });
        bot->start();
        sandbox.clock().settle();
    }
    void stop() {
        jobs.reset();
        bot.reset();
    }

    Timestamp in(std::chrono::milliseconds delay) { return sandbox.clock().wall_time() + delay; }
    Texts posts() {
        sandbox.clock().settle();
        Texts texts;
        for (const auto& message : sandbox.messages(sandbox.general()))
            if (message.author.username == "bot") texts.push_back(message.content);
        return texts;
    }

    Sandbox sandbox{{.limits = false, .clock = TestClock()}};
    Settings settings{":memory:"};
    int failures = 0;
    Texts errors;
    std::optional<Client> bot;
    std::unique_ptr<PersistentJobs> jobs;
};

TEST(PersistentJobs, run_at_their_time_and_are_gone_afterwards) {
    World world;
    world.jobs->add(world.in(48h), "late");
    world.jobs->add(world.in(2h), "tea");
    world.jobs->add(world.in(-1h), "past");
    EXPECT_EQ(world.posts(), Texts{"past"});
    world.sandbox.advance(2h - 1ms);
    EXPECT_EQ(world.posts(), Texts{"past"});
    world.sandbox.advance(1ms);
    EXPECT_EQ(world.posts(), (Texts{"past", "tea"}));
    ASSERT_EQ(world.jobs->pending().size(), 1u);
    EXPECT_EQ(world.jobs->pending()[0].payload, "late");
    world.sandbox.advance(46h);
    EXPECT_EQ(world.posts(), (Texts{"past", "tea", "late"}));
    EXPECT_TRUE(world.jobs->pending().empty());
}

TEST(PersistentJobs, survive_a_restart_and_run_late_rather_than_never) {
    World world;
    world.jobs->add(world.in(1h), "missed");
    world.jobs->add(world.in(5h), "kept");
    world.stop();
    world.sandbox.advance(2h);
    EXPECT_EQ(world.posts(), Texts{});
    world.start();
    EXPECT_EQ(world.posts(), Texts{"missed"});
    world.sandbox.advance(3h);
    EXPECT_EQ(world.posts(), (Texts{"missed", "kept"}));
}

TEST(PersistentJobs, a_cancelled_job_does_not_run) {
    World world;
    const auto id = world.jobs->add(world.in(1h), "tea");
    EXPECT_TRUE(world.jobs->cancel(id));
    EXPECT_FALSE(world.jobs->cancel(id));
    world.sandbox.advance(2h);
    EXPECT_EQ(world.posts(), Texts{});
}

TEST(PersistentJobs, a_job_whose_handler_throws_is_reported_and_runs_again) {
    World world;
    world.failures = 2;
    world.jobs->add(world.in(1h), "tea");
    world.sandbox.advance(1h);
    EXPECT_EQ(world.posts(), Texts{});
    EXPECT_EQ(world.errors, Texts{"reminders"});
    EXPECT_EQ(world.jobs->pending().size(), 1u);
    world.sandbox.advance(1min);
    EXPECT_EQ(world.posts(), Texts{});
    world.sandbox.advance(2min - 1ms);
    EXPECT_EQ(world.posts(), Texts{});
    world.sandbox.advance(1ms);
    EXPECT_EQ(world.posts(), Texts{"tea"});
    EXPECT_EQ(world.errors.size(), 2u);
}

TEST(PersistentJobs, many_that_are_due_at_once_all_run_once) {
    World world;
    for (int i = 0; i < 100; ++i)
        world.jobs->add(world.in(1h), std::to_string(i));
    world.sandbox.advance(2h);
    EXPECT_EQ(world.posts().size(), 100u);
    EXPECT_TRUE(world.jobs->pending().empty());
}

TEST(PersistentJobs, go_on_after_the_client_was_stopped_and_started) {
    World world;
    world.jobs->add(world.in(1h), "tea");
    world.bot->stop();
    world.sandbox.advance(2h);
    EXPECT_EQ(world.posts(), Texts{});
    world.bot->start();
    EXPECT_EQ(world.posts(), Texts{"tea"});
}

TEST(PrefixSetting, each_server_has_its_own_prefix) {
    World world;
    const Setting<std::string> prefix("prefix", "!");
    Commands commands(*world.bot, PrefixSetting(world.settings, prefix));
    commands.add("ping", "Answers.", [](Context ctx) -> task<> { co_await ctx.reply("pong"); });
    const auto alice = world.sandbox.user("alice");
    alice.say(world.sandbox.general(), "!ping");
    EXPECT_EQ(world.posts().size(), 1u);
    world.settings.set(prefix, world.sandbox.server(), "?");
    alice.say(world.sandbox.general(), "!ping");
    EXPECT_EQ(world.posts().size(), 1u);
    alice.say(world.sandbox.general(), "?ping");
    EXPECT_EQ(world.posts().size(), 2u);
    world.settings.reset(prefix, world.sandbox.server());
    world.settings.set(prefix, global, "$");
    alice.say(world.sandbox.general(), "$ping");
    EXPECT_EQ(world.posts().size(), 3u);
}

}  // namespace
}  // namespace intent::persistent_jobs_test
