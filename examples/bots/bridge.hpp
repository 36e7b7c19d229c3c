// The bridge: two channels, also of different servers, show each other's messages. `!bridge` shows the id of a channel,
// and `!bridge <id>` connects it to another one, once that was done in both. `!bridge off` ends it. Copies are posted
// by a webhook under the name of the author; for a day, they follow edits and deletions.
#pragma once

#include <intent/commands.hpp>
#include <intent/intent.hpp>
#include <intent/settings.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

struct BridgeWebhook {
    intent::WebhookId id;
    intent::Secret token;
};
template <>
struct intent::StoredFields<BridgeWebhook> {
    static constexpr std::string_view name = "webhook";
    static auto of(auto& webhook) { return std::tie(webhook.id, webhook.token); }
};

class Bridge {
public:
    /// Stores the bridges in `file`, which is created if missing.
    Bridge(intent::Client& client, const std::string& file)
        : client_(client),
          settings_(file, intent::SettingsOptions().migration(1, tables)),
          scope_(client),
          commands_(client, "!") {
        commands_.requires_permission(intent::Permission::manage_webhooks);
        commands_.add("bridge [channel]", "Shows the id of this channel, or connects it to the channel with that id.",
                      &Bridge::connect, this);
        commands_.add("bridge off", "Ends the bridge of this channel.", &Bridge::disconnect, this);
        // In order, so that no edit overtakes its message. The others wait while one waits for the rate limit.
        using intent::MessageCreate, intent::MessageUpdate, intent::MessageDelete;
        scope_.on_in_order<MessageCreate, MessageUpdate, MessageDelete>(
            [this](auto event) { return copy(std::move(event)); });
        scope_.every(std::chrono::hours(1), [this] {
            auto db = settings_.database();
            db.run("DELETE FROM copies WHERE made < ?", client_.clock().wall_time() - std::chrono::hours(24));
        });
    }

private:
    static constexpr const char* tables =
        "CREATE TABLE copies (original INTEGER PRIMARY KEY, channel INTEGER, copy INTEGER, made INTEGER)";
    static inline const intent::Setting<intent::ChannelId> partner{"bridge to"};
    static inline const intent::Setting<BridgeWebhook> webhook{"bridge webhook"};

    // Both sides must agree: a permission in one server is none in the other.
    intent::task<> connect(intent::Context ctx, std::optional<intent::ChannelId> other) {
        const intent::ChannelId here = ctx.channel_id();
        if (other == here) throw intent::BadArgument("give the id of another channel").at("channel");
        if (other) settings_.set(partner, here, *other);
        const std::string request = "Write in the other channel: " + std::string(ctx.prefix()) + "bridge " + here;
        const std::string answer = other && partner_of(here) ? "The channels are connected." : request;
        co_await ctx.reply(answer);
    }

    intent::task<> disconnect(intent::Context ctx) {
        settings_.reset(partner, ctx.channel_id());
        co_await ctx.reply("This channel is no longer connected.");
    }

    std::optional<intent::ChannelId> partner_of(intent::ChannelId channel) const {
        const auto other = settings_.find(partner, channel);
        return other && settings_.find(partner, *other) == channel ? other : std::nullopt;
    }

    intent::task<> copy(intent::MessageCreate event) {
        const intent::Message& message = event.message;
        const auto to = partner_of(message.channel_id);
        // A copy is a message of a webhook. Without this condition, it would be copied back, and so on.
        if (!to || message.from_webhook() || message.from_self()) co_return;
        auto body = intent::WebhookBody(text_of(message)).username(message.author.display_name).wait();
        if (message.author.avatar_url) body.avatar_url(*message.author.avatar_url);
        const auto posted = co_await post(*to, body);
        auto db = settings_.database();
        if (posted) db.run("INSERT INTO copies VALUES (?, ?, ?, ?)", message.id, *to, posted->id, message.created_at);
    }

    intent::task<> copy(intent::MessageUpdate event) {
        if (const auto found = find_copy(event.message.id)) {
            const auto& [by, id] = *found;
            co_await client_.webhook(by.id, by.token).edit_message(id, text_of(event.message));
        }
    }

    intent::task<> copy(intent::MessageDelete event) {
        if (const auto found = find_copy(event.id)) {
            const auto& [by, id] = *found;
            co_await client_.webhook(by.id, by.token).remove_message(id);
        }
    }

    /// Posts by the webhook of the channel, which is created if there is none or somebody has deleted it.
    intent::task<std::optional<intent::Message>> post(intent::ChannelId to, intent::WebhookBody body) {
        if (const auto known = settings_.find(webhook, to)) {
            auto posted = co_await intent::attempt(client_.webhook(known->id, known->token).execute(body));
            if (!posted.is<intent::NotFoundError>() && !posted.is<intent::UnauthorizedError>())
                co_return *std::move(posted);
        }
        const intent::Webhook created = co_await client_.rest().create_webhook(to, "Bridge");
        settings_.set(webhook, to, {created.id, created.token});
        co_return co_await created.execute(body);
    }

    /// The copy of a message, and the webhook that has posted it.
    std::optional<std::pair<BridgeWebhook, intent::MessageId>> find_copy(intent::MessageId original) {
        const auto row = settings_.database().row<intent::ChannelId, intent::MessageId>(
            "SELECT channel, copy FROM copies WHERE original = ?", original);
        if (!row) return std::nullopt;
        return std::pair(settings_.get(webhook, std::get<0>(*row)), std::get<1>(*row));
    }

    static std::string text_of(const intent::Message& message) {
        std::string text = message.content;
        for (const auto& attachment : message.attachments)
            text += (text.empty() ? "" : "\n") + attachment.url;
        return intent::shorten(text, intent::limits::message_length);
    }

    intent::Client& client_;
    intent::Settings settings_;
    intent::Scope scope_;  // the last members: they end what runs before the settings are closed
    intent::Commands commands_;
};
