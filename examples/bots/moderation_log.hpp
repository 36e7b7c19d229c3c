// The moderation log: reports edited and deleted messages, members who join or leave, and changes of their roles in the
// channel #log of each server. The bot finds this channel by its name or creates it.
#pragma once

#include <intent/intent.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

class ModerationLog {
public:
    /// `client` must outlive the bot. Set `ClientOptions::caches.messages`, otherwise the old text of messages is
    /// unknown. The platform has no event for roles, so the bot fetches them every `interval` and compares.
    explicit ModerationLog(intent::Client& client, std::chrono::milliseconds interval = std::chrono::minutes(1))
        : client_(client), interval_(interval), scope_(client) {
        scope_.on(&ModerationLog::on_edit, this);
        scope_.on(&ModerationLog::on_delete, this);
        scope_.on(&ModerationLog::on_join, this);
        scope_.on(&ModerationLog::on_leave, this);
        scope_.once([this](const intent::Ready&) { scope_.spawn("roles", &ModerationLog::watch_roles, this); });
    }

private:
    struct Report {
        intent::ServerId server;
        intent::MessageBody body;
    };

    intent::task<> on_edit(intent::MessageUpdate event) {
        const intent::Channel channel = co_await event.message.channel();
        if (channel.is_direct() || event.message.from_self()) co_return;
        const std::string before = event.before ? event.before->content : "(unknown)";
        report(channel.server_id, intent::Embed()
                                      .title(event.message.author.username + " edited a message in #" + channel.name)
                                      .description("Before: " + before + "\nAfter: " + event.message.content));
    }

    intent::task<> on_delete(intent::MessageDelete event) {
        const intent::Channel channel = co_await client_.channel(event.channel_id);
        if (channel.is_direct()) co_return;
        const std::string author = event.message ? event.message->author.username : "unknown author";
        const std::string text = event.message ? event.message->content : "(unknown)";
        report(channel.server_id, intent::Embed()
                                      .title("A message by " + author + " was deleted in #" + channel.name)
                                      .description("Text: " + text));
    }

    void on_join(const intent::MemberAdd& event) {
        roles_[{event.member.server_id, event.member.user.id}] = event.member.roles;
        report(event.member.server_id, event.member.user.username + " joined");
    }

    // Members who leave and members who are removed cause the same event.
    intent::task<> on_leave(intent::MemberRemove event) {
        roles_.erase({event.server_id, event.user_id});
        auto user = client_.users().get(event.user_id);
        if (!user) user = co_await client_.rest().get_user(event.user_id);
        report(event.server_id, user->username + " left or was removed");
    }

    intent::task<> watch_roles() {
        for (;;) {
            for (const intent::Server& server : client_.servers().all()) {
                const auto done = co_await intent::attempt(compare_roles(server));
                if (!done) std::fprintf(stderr, "cannot compare roles: %s\n", done.error().what());
            }
            co_await client_.sleep_for(interval_);
        }
    }

    intent::task<> compare_roles(intent::Server server) {
        const auto roles = co_await server.roles();
        for (const intent::Member& member : co_await server.members()) {
            const auto known = roles_.try_emplace({server.id, member.user.id}, member.roles).first;
            const std::vector<intent::RoleId> before = std::exchange(known->second, member.roles);
            for (const intent::Role& role : roles) {
                if (role.id.value == server.id.value) continue;  // "everyone": all members have it
                const bool had = std::ranges::count(before, role.id) > 0;
                const bool has = std::ranges::count(member.roles, role.id) > 0;
                if (has && !had) report(server.id, member.user.username + " now has the role " + role.name);
                if (had && !has) report(server.id, member.user.username + " no longer has the role " + role.name);
            }
        }
    }

    // One coroutine sends all reports, so they stay in order and only one channel is created.
    void report(intent::ServerId server, intent::MessageBody body) {
        reports_.push_back({server, std::move(body)});
        if (!std::exchange(sending_, true)) scope_.spawn("reports", &ModerationLog::send_reports, this);
    }

    intent::task<> send_reports() {
        while (!reports_.empty()) {
            const Report next = std::move(reports_.front());
            reports_.pop_front();
            const auto sent = co_await intent::attempt(send(next));
            if (!sent) std::fprintf(stderr, "cannot send a report: %s\n", sent.error().what());
        }
        sending_ = false;
    }

    intent::task<> send(Report report) {
        auto channel = client_.channels().get(log_channels_[report.server]);
        if (!channel) channel = co_await find_log_channel(report.server);
        log_channels_[report.server] = channel->id;
        co_await channel->send(report.body);
    }

    intent::task<intent::Channel> find_log_channel(intent::ServerId server) {
        for (const intent::Channel& channel : co_await client_.rest().get_channels(server))
            if (channel.name == "log" && channel.type == intent::ChannelType::text) co_return channel;
        co_return co_await client_.rest().create_channel(server, "log");
    }

    intent::Client& client_;
    std::chrono::milliseconds interval_;
    std::map<intent::MemberId, std::vector<intent::RoleId>> roles_;  // as of the last comparison
    std::map<intent::ServerId, intent::ChannelId> log_channels_;
    std::deque<Report> reports_;  // not sent yet
    bool sending_ = false;
    intent::Scope scope_;  // last member: ends the coroutines before the other members are destroyed
};
