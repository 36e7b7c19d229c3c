// Reminders and daily digests, which survive a restart. `!remind 2h tea` reminds the author of the tea in two hours;
// `!reminders` lists the author's reminders, and `!cancel 3` cancels number 3. `!digest 09:30 Europe/Berlin` posts
// every day at that time which reminders of the server are due in the next 24 hours.
#pragma once

#include <intent/commands.hpp>
#include <intent/intent.hpp>
#include <intent/persistent_jobs.hpp>
#include <intent/settings.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

struct Reminder {
    intent::ServerId server;
    intent::ChannelId channel;
    intent::UserId user;
    std::string text;
};
template <>
struct intent::StoredFields<Reminder> {
    static constexpr std::string_view name = "reminder";
    static auto of(auto& r) { return std::tie(r.server, r.channel, r.user, r.text); }
};

struct Digest {
    intent::ChannelId channel;
    intent::DailyTime time;
};
template <>
struct intent::StoredFields<Digest> {
    static constexpr std::string_view name = "digest";
    static auto of(auto& digest) { return std::tie(digest.channel, digest.time); }
};

class Reminders {
public:
    /// Stores reminders and digests in `file`, which is created if missing.
    Reminders(intent::Client& client, const std::string& file)
        : client_(client),
          settings_(file),
          jobs_(client, settings_, "reminders", &Reminders::remind, this),
          scope_(client),
          commands_(client, "!") {
        commands_.server_only();
        commands_.add("remind <delay> <text>", "Reminds you, for example in 2h30m.", &Reminders::add, this)
            .cooldown(20, std::chrono::hours(24));
        commands_.add("reminders", "Lists your reminders.", &Reminders::list, this);
        commands_.add("cancel <number>", "Cancels one of your reminders.", &Reminders::cancel, this);
        auto digest = commands_.section("Digest").requires_permission(intent::Permission::manage_server);
        digest.add("digest <time> <zone>", "Posts here every day what is due.", &Reminders::set_digest, this);
        digest.add("digest off", "Ends the digest.", &Reminders::end_digest, this);
        for (const auto& [owner, stored] : settings_.all(digest_))
            schedule(owner.server(), stored);
    }

private:
    using Job = intent::PersistentJob<Reminder>;

    std::string line_of(const Job& job) const {
        const auto left = std::chrono::ceil<std::chrono::seconds>(job.due - client_.clock().wall_time());
        return "\n" + std::to_string(job.id) + " (in " + intent::format_duration(left) + "): " + job.payload.text;
    }

    /// Accepts the author's reminders of the server.
    static auto own(const intent::Context& ctx) {
        return [server = ctx.server_id(), user = ctx.author().id](const Job& job) {
            return job.payload.server == server && job.payload.user == user;
        };
    }

    intent::task<> add(intent::Context ctx, std::chrono::seconds delay, intent::Rest text) {
        const Reminder reminder{ctx.server_id(), ctx.channel_id(), ctx.author().id, text.text()};
        const std::int64_t id = jobs_.add_after(delay, reminder);
        co_await ctx.reply("I will remind you. This is reminder " + std::to_string(id) + ".");
    }

    intent::task<> list(intent::Context ctx) {
        std::string text = "Your reminders:";
        for (const Job& job : jobs_.pending(own(ctx)))
            text += line_of(job);
        co_await ctx.reply_long(text);
    }

    intent::task<> cancel(intent::Context ctx, std::int64_t id) {
        const auto is_own = own(ctx);
        const auto count = jobs_.cancel_if([&](const Job& job) { return job.id == id && is_own(job); });
        co_await ctx.reply(count > 0 ? "It is cancelled." : "You have no reminder of this number.");
    }

    intent::task<> remind(Job job) {
        const Reminder& reminder = job.payload;
        try {
            const intent::Member member = co_await client_.member(reminder.server, reminder.user);
            const std::string text = member.shown_name() + ", remember: " + reminder.text;
            co_await client_.rest().create_message(reminder.channel,
                                                   intent::shorten(text, intent::limits::message_length));
        } catch (const intent::NotFoundError&) {  // the member has left, or the channel was deleted
        } catch (const intent::ForbiddenError&) {
        }
    }

    intent::task<> set_digest(intent::Context ctx, intent::TimeOfDay time, intent::TimeZone zone) {
        const Digest digest{ctx.channel_id(), intent::DailyTime(time, zone)};
        schedule(ctx.server_id(), digest);
        settings_.set(digest_, ctx.server_id(), digest);
        co_await ctx.reply("I will post here what is due, daily at " + digest.time.text() + ".");
    }

    intent::task<> end_digest(intent::Context ctx) {
        digests_[ctx.server_id()].cancel();
        settings_.reset(digest_, ctx.server_id());
        co_await ctx.reply("The digest has ended.");
    }

    void schedule(intent::ServerId server, const Digest& digest) {
        const intent::Job job = scope_.daily(digest.time, [this, server] { return post_digest(server); });
        std::exchange(digests_[server], job).cancel();
    }

    intent::task<> post_digest(intent::ServerId server) {
        const auto tomorrow = client_.clock().wall_time() + std::chrono::hours(24);
        std::string text = "Due in the next 24 hours:";
        for (const Job& job : jobs_.pending())
            if (job.payload.server == server && job.due < tomorrow) text += line_of(job);
        const intent::ChannelId channel = settings_.get(digest_, server).channel;
        for (const std::string& part : intent::split_text(text))
            co_await client_.rest().create_message(channel, part);
    }

    const intent::Setting<Digest> digest_{"digest"};
    intent::Client& client_;
    intent::Settings settings_;
    std::map<intent::ServerId, intent::Job> digests_;
    intent::PersistentJobs<Reminder> jobs_;  // the last members: end what runs before the rest is destroyed
    intent::Scope scope_;
    intent::Commands commands_;
};
