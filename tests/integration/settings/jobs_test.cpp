// Jobs of a bot across restarts, and the prefix of each server.
#include <intent/commands.hpp>
#include <intent/intent.hpp>
#include <intent/persistent_jobs.hpp>
#include <intent/sandbox.hpp>
#include <intent/settings/prefix.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

struct Reminder {
    intent::UserId user;
    std::string text = {};
    int importance = 1;
    bool operator==(const Reminder&) const = default;
};
template <>
struct intent::StoredFields<Reminder> {
    static constexpr std::string_view name = "reminder";
    static auto of(auto& r) { return std::tie(r.user, r.text, r.importance); }
};

/// As an earlier version of a bot had it.
struct OldReminder {
    intent::UserId user;
    std::string text = {};
};
template <>
struct intent::StoredFields<OldReminder> {
    static constexpr std::string_view name = "reminder";
    static auto of(auto& r) { return std::tie(r.user, r.text); }
};

namespace intent::persistent_jobs_test {
namespace {

using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

/// A bot that posts the payloads of its jobs. `stop` and `start` are a restart with the same file.
struct World {
    World() { start(); }

    void start() {
        bot.emplace(sandbox.client_options());
        bot->on([this](const ErrorEvent& error) {
            errors.push_back(error.where);
            problems.push_back(error.message);
        });
        jobs = std::make_unique<PersistentJobs<std::string>>(
            *bot, settings, "reminders", [this](PersistentJob<std::string> job) -> task<> {
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
    Texts problems;  // the texts of the errors
    std::optional<Client> bot;
    std::unique_ptr<PersistentJobs<std::string>> jobs;
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

/// Notes the payloads of its jobs.
template <class T>
struct Notes {
    task<> on_due(PersistentJob<T> job) {
        payloads.push_back(job.payload);
        co_return;
    }
    std::vector<T> payloads = {};
};

TEST(PersistentJobs, have_payloads_of_any_type_that_can_be_stored) {
    World world;
    Notes<Reminder> notes;
    Notes<ChannelId> ids;
    Notes<std::optional<std::string>> texts;
    {
        PersistentJobs<Reminder> jobs(*world.bot, world.settings, "typed", &Notes<Reminder>::on_due, &notes);
        jobs.add(world.in(1h), {UserId{7}, "tea\n\"[1]\"", 3});
        EXPECT_EQ(jobs.pending().at(0).payload, (Reminder{UserId{7}, "tea\n\"[1]\"", 3}));
        EXPECT_EQ(jobs.pending().at(0).due, world.in(1h));
    }
    PersistentJobs<Reminder> jobs(*world.bot, world.settings, "typed", &Notes<Reminder>::on_due, &notes);
    PersistentJobs<ChannelId> of_ids(*world.bot, world.settings, "ids", &Notes<ChannelId>::on_due, &ids);
    PersistentJobs<std::optional<std::string>> of_texts(*world.bot, world.settings, "texts",
                                                        &Notes<std::optional<std::string>>::on_due, &texts);
    of_ids.add_after(1h, ChannelId{~std::uint64_t{0}});
    of_texts.add_after(1h, std::nullopt);
    of_texts.add_after(2h, "[]");
    EXPECT_THROW(of_ids.add_after(-1ms, ChannelId{1}), ConfigError);
    world.sandbox.advance(1h - 1ms);
    EXPECT_TRUE(notes.payloads.empty());
    world.sandbox.advance(1h + 1ms);
    EXPECT_EQ(notes.payloads, (std::vector<Reminder>{{UserId{7}, "tea\n\"[1]\"", 3}}));
    EXPECT_EQ(ids.payloads, std::vector<ChannelId>{ChannelId{~std::uint64_t{0}}});
    EXPECT_EQ(texts.payloads, (std::vector<std::optional<std::string>>{std::nullopt, "[]"}));
}

TEST(PersistentJobs, are_found_and_cancelled_by_their_payload) {
    World world;
    Notes<Reminder> notes;
    PersistentJobs<Reminder> jobs(*world.bot, world.settings, "typed", &Notes<Reminder>::on_due, &notes);
    const auto of = [](UserId user) { return [user](const auto& job) { return job.payload.user == user; }; };
    const auto tea = jobs.add_after(2h, {UserId{7}, "tea"});
    jobs.add_after(1h, {UserId{8}, "milk"});
    jobs.add_after(3h, {UserId{7}, "cake"});
    ASSERT_EQ(jobs.pending(of(UserId{7})).size(), 2u);
    EXPECT_EQ(jobs.pending(of(UserId{7}))[0].id, tea);
    EXPECT_EQ(jobs.cancel_if([&](const auto& job) { return job.id == tea && job.payload.user == UserId{8}; }), 0u);
    EXPECT_EQ(jobs.cancel_if(of(UserId{7})), 2u);
    EXPECT_EQ(jobs.cancel_if(of(UserId{7})), 0u);
    world.sandbox.advance(4h);
    EXPECT_EQ(notes.payloads, (std::vector<Reminder>{{UserId{8}, "milk"}}));
}

TEST(PersistentJobs, of_an_older_struct_have_the_defaults_of_new_members) {
    World world;
    Notes<Reminder> notes;
    Notes<OldReminder> old;
    {
        PersistentJobs<OldReminder> jobs(*world.bot, world.settings, "typed", &Notes<OldReminder>::on_due, &old);
        jobs.add_after(1h, {UserId{7}, "tea"});
    }
    const PersistentJobs<Reminder> jobs(*world.bot, world.settings, "typed", &Notes<Reminder>::on_due, &notes);
    world.sandbox.advance(1h);
    EXPECT_EQ(notes.payloads, (std::vector<Reminder>{{UserId{7}, "tea", 1}}));
}

TEST(PersistentJobs, that_cannot_be_read_are_reported_and_hold_up_no_others) {
    World world;
    Notes<Reminder> notes;
    std::int64_t bad = 0;
    {
        const auto ignore = [](PersistentJob<std::string>) -> task<> { co_return; };
        PersistentJobs<std::string> jobs(*world.bot, world.settings, "typed", ignore);
        bad = jobs.add_after(1h, "7 tea");
        for (int i = 0; i < 20; ++i)
            jobs.add_after(1h, "[[7,8]]");
    }
    PersistentJobs<Reminder> jobs(*world.bot, world.settings, "typed", &Notes<Reminder>::on_due, &notes);
    jobs.add_after(1h, {UserId{7}, "cake"});
    EXPECT_EQ(jobs.pending().size(), 1u);
    world.sandbox.advance(48h);
    EXPECT_EQ(notes.payloads, (std::vector<Reminder>{{UserId{7}, "cake"}}));
    ASSERT_EQ(world.errors.size(), 21u) << "once each";
    EXPECT_EQ(world.errors[0], "typed");
    // They start by their time and id; their reports may overtake each other.
    EXPECT_EQ(std::count(world.problems.begin(), world.problems.end(),
                         "the payload of job " + std::to_string(bad) +
                             " cannot be read, so the job stays in the file: found the text \"7 tea\", expected a "
                             "JSON array with one value"),
              1);
    EXPECT_TRUE(jobs.cancel(bad));
    EXPECT_FALSE(jobs.cancel(bad));
}

TEST(PersistentJobs, that_could_not_be_read_run_once_the_bot_can) {
    World world;
    Notes<int> numbers;
    world.jobs->add(world.in(1h), "tea");
    world.jobs.reset();
    {
        const PersistentJobs<int> wrong(*world.bot, world.settings, "reminders", &Notes<int>::on_due, &numbers);
        world.sandbox.advance(2h);
        EXPECT_EQ(world.errors, Texts{"reminders"});
    }
    world.stop();
    world.start();
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
