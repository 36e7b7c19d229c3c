// Highlights: `!star` stars the message above, and `!star <message>` the one with that id. A message that enough
// members have starred is reposted once in the highlights channel, which `!highlights <channel> [stars=3]` sets. If the
// message is deleted, so is its repost.
#pragma once

#include <intent/commands.hpp>
#include <intent/intent.hpp>
#include <intent/settings.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

class Highlights {
public:
    /// Stores the stars in `file`, which is created if missing.
    Highlights(intent::Client& client, const std::string& file)
        : client_(client),
          settings_(file, intent::SettingsOptions().migration(1, tables)),
          scope_(client),
          commands_(client, "!") {
        commands_.server_only();
        commands_.add("star [message]", "Stars a message of this channel: the one above, or that with an id.",
                      &Highlights::star, this);
        commands_
            .add("highlights <channel> [stars=3]", "Sets the channel for messages with this many stars.",
                 &Highlights::configure, this)
            .requires_permission(intent::Permission::manage_channels);
        scope_.on(&Highlights::on_delete, this);
    }

private:
    using Stars = intent::Range<1, 100>;
    static constexpr const char* tables =
        "CREATE TABLE stars (message INTEGER, user INTEGER, PRIMARY KEY (message, user)) WITHOUT ROWID;"
        "CREATE TABLE highlights (message INTEGER PRIMARY KEY, channel INTEGER, repost INTEGER)";
    static constexpr std::size_t messages_to_search = 20;
    static inline const intent::Setting<intent::ChannelId> channel{"highlights channel"};
    static inline const intent::Setting<std::int64_t> stars_needed{"stars of a highlight", 3};

    intent::task<> configure(intent::Context ctx, intent::Channel to, Stars stars) {
        settings_.transaction([&](intent::Settings::Transaction& t) {
            t.set(channel, ctx.server_id(), to.id);
            t.set(stars_needed, ctx.server_id(), stars);
        });
        co_await ctx.reply("Messages with " + text(stars) + " are shown in #" + to.name + ".");
    }

    intent::task<> star(intent::Context ctx, std::optional<intent::Message> message) {
        const intent::ChannelId to = settings_.get(channel, ctx.server_id());
        if (!to) throw intent::CheckFailed("This server has no highlights: see !help highlights.");
        if (to == ctx.channel_id()) throw intent::CheckFailed("These are highlights already.");
        if (!message) message = co_await message_above(ctx);
        // Whoever cannot see a channel must not show its messages to others.
        if (!message || message->channel_id != ctx.channel_id())
            throw intent::BadArgument("there is no such message in this channel").at("message");
        if (message->author.id == ctx.author().id)
            throw intent::BadArgument("you cannot star your own message").at("message");

        const auto [stars, is_highlight] = count(message->id, ctx.author().id, to, ctx.server_id());
        if (is_highlight) co_await repost(ctx, *message, to);
        co_await ctx.reply("This message by " + message->author.display_name + " has " + text(stars) + ".");
    }

    /// The latest message by someone else, except commands.
    static intent::task<std::optional<intent::Message>> message_above(intent::Context ctx) {
        const intent::Channel here = co_await ctx.channel();
        auto history = here.history().before(ctx.message().id).limit(messages_to_search);
        while (auto message = co_await history.next()) {
            const bool is_other = message->author.id != ctx.author().id && !message->from_self();
            if (is_other && !message->content.starts_with(ctx.prefix())) co_return message;
        }
        co_return std::nullopt;
    }

    /// Counts a star. Returns the stars of the message, and whether it becomes a highlight by this one. The transaction
    /// makes sure that only one of two stars at the same time does that.
    std::pair<std::int64_t, bool> count(intent::MessageId message, intent::UserId user, intent::ChannelId to,
                                        intent::ServerId server) {
        return settings_.transaction([&](intent::Settings::Transaction& t) {
            auto db = t.database();
            db.run("INSERT OR IGNORE INTO stars VALUES (?, ?)", message, user);
            const auto stars = db.row<std::int64_t>("SELECT count(*) FROM stars WHERE message = ?", message).value();
            const bool is_new = stars >= t.get(stars_needed, server) &&
                                db.run("INSERT OR IGNORE INTO highlights VALUES (?, ?, NULL)", message, to) == 1;
            return std::pair(stars, is_new);
        });
    }

    intent::task<> repost(intent::Context ctx, intent::Message message, intent::ChannelId to) {
        auto db = settings_.database();
        try {
            const intent::Channel from = co_await ctx.channel();
            std::string body = message.author.display_name + " in #" + from.name + ":\n" + message.content;
            for (const auto& attachment : message.attachments)
                body += "\n" + attachment.url;
            const intent::Message posted = co_await ctx.send(to, intent::shorten(body, intent::limits::message_length));
            const auto known = db.run("UPDATE highlights SET repost = ? WHERE message = ?", posted.id, message.id);
            if (known == 0) co_await posted.remove();  // the message was deleted meanwhile
        } catch (const intent::Error&) {
            db.run("DELETE FROM highlights WHERE message = ?", message.id);  // the next star tries again
            throw;
        }
    }

    intent::task<> on_delete(intent::MessageDelete event) {
        auto db = settings_.database();
        db.run("DELETE FROM stars WHERE message = ?", event.id);
        const auto highlight = db.row<intent::ChannelId, std::optional<intent::MessageId>>(
            "DELETE FROM highlights WHERE message = ? RETURNING channel, repost", event.id);
        if (!highlight) co_return;
        const auto [channel_id, repost_id] = *highlight;
        if (repost_id) co_await client_.rest().remove_message(channel_id, *repost_id);
    }

    static std::string text(std::int64_t stars) { return std::to_string(stars) + (stars == 1 ? " star" : " stars"); }

    intent::Client& client_;
    intent::Settings settings_;
    intent::Scope scope_;  // the last members: they end what runs before the settings are closed
    intent::Commands commands_;
};
