// Moderation: `!kick`, `!purge`, `!warn` and `!warnings`, each for members with the permission, and a log of them and
// of edited and deleted messages and members who join or leave. `!modlog on` chooses the channel of the log.
#pragma once

#include <intent/commands.hpp>
#include <intent/intent.hpp>
#include <intent/settings.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>

class Moderation {
public:
    /// The log shows the old text of the messages in the cache.
    static void configure(intent::ClientOptions& options) { options.caches.messages = 10'000; }

    /// Stores warnings and the channels of the logs in `file`, which is created if missing.
    Moderation(intent::Client& client, const std::string& file)
        : client_(client),
          settings_(file, intent::SettingsOptions().migration(1, tables)),
          scope_(client),
          commands_(client, "!") {
        using intent::Permission;
        scope_.on(&Moderation::on_edit, this);
        scope_.on(&Moderation::on_delete, this);
        scope_.on(&Moderation::on_leave, this);
        scope_.on([this](const intent::MemberAdd& event) {
            report(event.member.server_id, event.member.user.username + " joined");
        });
        commands_.add("purge <count> [member]", "Deletes the newest messages, or a member's.", &Moderation::purge, this)
            .requires_permission(Permission::manage_messages)
            .bot_requires(Permission::manage_messages | Permission::read_message_history)
            .max_concurrency(1, intent::Per::channel);
        auto members = commands_.section("Members").requires_permission(Permission::kick_members);
        members.add("kick <member> [reason]", "Removes a member.", &Moderation::kick, this)
            .bot_requires(Permission::kick_members);
        members.add("warn <member> <reason>", "Warns a member.", &Moderation::warn, this);
        members.add("warnings <member>", "Shows the newest warnings.", &Moderation::list_warnings, this);
        commands_.add("modlog <on>", "Logs in this channel, or ends the log.", &Moderation::set_log, this)
            .requires_permission(Permission::manage_server);
    }

private:
    static constexpr const char* tables =
        "CREATE TABLE warnings (id INTEGER PRIMARY KEY, server INTEGER NOT NULL, user INTEGER NOT NULL,"
        " moderator TEXT NOT NULL, given INTEGER NOT NULL, reason TEXT NOT NULL);"
        "CREATE INDEX warnings_of_users ON warnings (server, user)";

    intent::task<> kick(intent::Context ctx, intent::Member member, intent::Rest reason) {
        co_await member.kick();
        const std::string text = member.user.username + " was removed by " + ctx.author().username +
                                 (reason.empty() ? "." : ": " + reason.text());
        report(ctx.server_id(), text);
        co_await ctx.reply(text);
    }

    intent::task<> purge(intent::Context ctx, intent::Range<1, 1000> count, std::optional<intent::Member> member) {
        const intent::Channel channel = co_await ctx.channel();
        const auto is_meant = [&member](const intent::Message& message) {
            return !member || message.author.id == member->user.id;
        };
        auto history = channel.history().before(ctx.message().id).limit(1000);
        const auto purged = co_await channel.purge(history, is_meant, static_cast<std::size_t>(count.value()));
        const std::string text = std::to_string(purged.deleted) + (purged.deleted == 1 ? " message" : " messages");
        report(ctx.server_id(), ctx.author().username + " deleted " + text + " in #" + channel.name + ".");
        co_await ctx.reply("I have deleted " + text + ".");
    }

    intent::task<> warn(intent::Context ctx, intent::Member member, intent::Rest reason) {
        settings_.database().run("INSERT INTO warnings (server, user, moderator, given, reason) VALUES (?, ?, ?, ?, ?)",
                                 ctx.server_id(), member.user.id, ctx.author().username, client_.clock().wall_time(),
                                 reason.text());
        const std::string text =
            member.user.username + " was warned by " + ctx.author().username + ": " + reason.text();
        report(ctx.server_id(), text);
        co_await ctx.reply(text);
    }

    intent::task<> list_warnings(intent::Context ctx, intent::Member member) {
        std::string text;
        const auto warnings = settings_.database().rows<intent::Timestamp, std::string, std::string>(
            "SELECT given, moderator, reason FROM warnings WHERE server = ? AND user = ? ORDER BY id DESC LIMIT 10",
            ctx.server_id(), member.user.id);
        for (const auto& [given, moderator, reason] : warnings)
            text += "\n" + intent::format_timestamp(given) + " by " + moderator + ": " + reason;
        if (text.empty()) text = " none";
        co_await ctx.reply_long("Warnings of " + member.user.username + ":" + text);
    }

    intent::task<> set_log(intent::Context ctx, bool on) {
        settings_.reset(log_, ctx.server_id());
        if (on) settings_.set(log_, ctx.server_id(), ctx.channel_id());
        co_await ctx.reply(on ? "The log is in this channel." : "The log has ended.");
    }

    intent::task<> on_edit(intent::MessageUpdate event) {
        const intent::Message& message = event.message;
        const intent::Channel channel = co_await message.channel();
        if (channel.is_direct() || message.from_self()) co_return;
        report(channel.server_id, message.author.username + " edited a message in #" + channel.name +
                                      "\nBefore: " + (event.before ? event.before->content : "(unknown)") +
                                      "\nAfter: " + message.content);
    }

    intent::task<> on_delete(intent::MessageDelete event) {
        const intent::Channel channel = co_await client_.channel(event.channel_id);
        if (channel.is_direct()) co_return;
        report(channel.server_id, "A message by " + (event.message ? event.message->author.username : "(unknown)") +
                                      " was deleted in #" + channel.name +
                                      "\nText: " + (event.message ? event.message->content : "(unknown)"));
    }

    intent::task<> on_leave(intent::MemberRemove event) {
        const intent::User user = co_await client_.user(event.user_id);
        report(event.server_id, user.username + " left or was removed");
    }

    // One coroutine posts the lines of a server. Those that wait meanwhile become one message: a purge causes many.
    void report(intent::ServerId server, const std::string& line) {
        if (!settings_.find(log_, server)) return;
        const auto [lines, is_first] = lines_.try_emplace(server);
        lines->second += (lines->second.empty() ? "" : "\n") + line;
        if (is_first) scope_.spawn("log", &Moderation::post_lines, this, server);
    }

    intent::task<> post_lines(intent::ServerId server) {
        while (!lines_[server].empty()) {
            for (const std::string& part : intent::split_text(std::exchange(lines_[server], {}))) {
                auto posting = client_.rest().create_message(settings_.get(log_, server), part);
                const auto posted = co_await intent::attempt(std::move(posting));
                if (!posted) client_.report_error("log", posted.exception());
                if (posted.is<intent::NotFoundError>()) settings_.reset(log_, server);  // the channel was deleted
            }
        }
        lines_.erase(server);
    }

    const intent::Setting<intent::ChannelId> log_{"log"};
    intent::Client& client_;
    intent::Settings settings_;
    std::map<intent::ServerId, std::string> lines_;  // of the servers to whose log a coroutine is posting
    intent::Scope scope_;  // the last members: end the handlers and commands before the rest is destroyed
    intent::Commands commands_;
};
