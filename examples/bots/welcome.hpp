// Greets new members, and lets members take roles from a list. `!welcome set Hello, {name}!` sets the greeting of this
// server, which is posted in the channel of that command. `!roles add gamer` puts a role on the list, and `!role gamer`
// gives it to the author or takes it away.
#pragma once

#include <intent/commands.hpp>
#include <intent/intent.hpp>
#include <intent/settings.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

struct Greeting {
    intent::ChannelId channel;
    std::string text;
};

template <>
struct intent::StoredFields<Greeting> {
    static constexpr std::string_view name = "greeting";
    static auto of(auto& greeting) { return std::tie(greeting.channel, greeting.text); }
};

inline std::string replace_all(std::string text, std::string_view what, std::string_view with) {
    for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
    return text;
}

class Welcome {
public:
    /// Stores the greetings and lists in `file`, which is created if missing.
    Welcome(intent::Client& client, const std::string& file)
        : client_(client), settings_(file), scope_(client), commands_(client, "!") {
        using intent::Permission;
        scope_.on(&Welcome::on_join, this);

        auto welcome = commands_.group("welcome").requires_permission(Permission::manage_server);
        welcome.add("set <text>", "Greets new members here with a text.", &Welcome::set, this)
            .details("{name} stands for the new member, {server} for the server.");
        welcome.add("test", "Shows the greeting.", &Welcome::test, this);
        welcome.add("off", "Greets nobody.", &Welcome::off, this);

        commands_.add("role <role>", "Gives you a role of the list, or takes it away.", &Welcome::toggle, this)
            .server_only()
            .bot_requires(Permission::manage_roles)
            .max_concurrency(1, intent::Per::user);
        commands_.add("roles", "Lists the roles that you can take.", &Welcome::list, this).server_only();
        auto roles = commands_.group("roles").requires_permission(Permission::manage_roles);
        roles.add("add <role>", "Adds a role to the list.", &Welcome::add, this);
        roles.add("remove <role>", "Removes a role from the list.", &Welcome::remove, this);
    }

private:
    intent::task<> on_join(intent::MemberAdd event) {
        const auto greeting = settings_.find(greeting_, event.member.server_id);
        if (!greeting) co_return;
        const std::string text = co_await text_for(event.member, greeting->text);
        try {
            co_await client_.rest().create_message(greeting->channel, text);
        } catch (const intent::NotFoundError&) {  // the channel was deleted
            settings_.reset(greeting_, event.member.server_id);
        }
    }

    intent::task<std::string> text_for(intent::Member member, std::string text) {
        const intent::Server server = co_await client_.server(member.server_id);
        text = replace_all(replace_all(text, "{server}", server.name), "{name}", member.shown_name());
        co_return intent::shorten(text, intent::limits::message_length);
    }

    intent::task<> set(intent::Context ctx, intent::Rest text) {
        settings_.set(greeting_, ctx.server_id(), {ctx.channel_id(), text});
        co_await ctx.reply("I will greet new members here.");
    }

    intent::task<> test(intent::Context ctx) {
        const auto greeting = settings_.find(greeting_, ctx.server_id());
        if (!greeting) throw intent::CheckFailed("I greet nobody. Set a text with !welcome set.");
        const intent::Member member = co_await ctx.member();
        const std::string text = co_await text_for(member, greeting->text);
        co_await ctx.reply(text);
    }

    intent::task<> off(intent::Context ctx) {
        settings_.reset(greeting_, ctx.server_id());
        co_await ctx.reply("I greet nobody from now on.");
    }

    intent::task<> toggle(intent::Context ctx, intent::Role role) {
        const auto offered = settings_.get(roles_, ctx.server_id());
        if (std::ranges::count(offered, role.id) == 0)
            throw intent::BadArgument("this role is not on the list, see !roles").at("role");
        // Fetched, because the cache may be out of date.
        const intent::Member member = co_await client_.rest().get_member(ctx.server_id(), ctx.author().id);
        const bool had = std::ranges::count(member.roles, role.id) > 0;
        if (had) {
            co_await member.remove_role(role.id);
        } else {
            co_await member.add_role(role.id);
        }
        co_await ctx.reply((had ? "You no longer have the role " : "You now have the role ") + role.name + ".");
    }

    intent::task<> list(intent::Context ctx) {
        const auto offered = settings_.get(roles_, ctx.server_id());
        const intent::Server server = co_await ctx.server();
        std::string names;
        for (const intent::Role& role : co_await server.roles())
            if (std::ranges::count(offered, role.id) > 0) names += (names.empty() ? "" : ", ") + role.name;
        if (names.empty()) names = "none";
        co_await ctx.reply_long("Roles that you can take: " + names);
    }

    intent::task<> add(intent::Context ctx, intent::Role role) {
        settings_.update(roles_, ctx.server_id(), [&role](std::vector<intent::RoleId> roles) {
            if (std::ranges::count(roles, role.id) == 0) roles.push_back(role.id);
            return roles;
        });
        co_await ctx.reply("Members can now take the role " + role.name + ".");
    }

    intent::task<> remove(intent::Context ctx, intent::Role role) {
        settings_.update(roles_, ctx.server_id(), [&role](std::vector<intent::RoleId> roles) {
            std::erase(roles, role.id);
            return roles;
        });
        co_await ctx.reply("Members can no longer take the role " + role.name + ".");
    }

    const intent::Setting<Greeting> greeting_{"greeting"};
    const intent::Setting<std::vector<intent::RoleId>> roles_{"roles"};
    intent::Client& client_;
    intent::Settings settings_;
    intent::Scope scope_;  // the last members: end the handlers and commands before the rest is destroyed
    intent::Commands commands_;
};
