// Drives gateway, services and platform together in virtual time: frames in as JSON, frames out as lines by connection.
#pragma once

#include "sandbox/platform/gateway_commands.hpp"
#include "tests/unit/sandbox/gateway_driver.hpp"

#include <gtest/gtest.h>

#include <cctype>
#include <map>

namespace intent::inline v0::sandbox {

/// The store's people: a token is its owner's username.
class StoreDirectory final : public Directory {
public:
    StoreDirectory(Store& store, Platform& platform) : store_(store), platform_(platform) {}
    std::optional<UserId> authenticate(std::string_view token) override {
        const auto account = store_.account_by_name(token);
        return account ? std::optional(account->user.id) : std::nullopt;
    }
    raw::User user(UserId id) override { return platform_.user(id); }
    std::vector<raw::Server> servers(UserId id) override { return platform_.servers(id); }
    std::string new_session_id() override { return "s" + std::to_string(++sessions_); }

private:
    Store& store_;
    Platform& platform_;
    int sessions_ = 0;
};

/// People `alice` (owner), `bob`, `carol` and the bot `bot`. Ids stand in lines as names: `<bob>`, `<server>`,
/// `<voice>`.
struct GatewayCommandsTest : ::testing::Test {
    GatewayCommandsTest()
        : platform(store, sandbox::Dialect::spec,
                   [this](Event event) { take(gateway.dispatch(now, std::move(event))); }),
          commands(
              platform, store, [this] { return date; }, [this] { return "secret" + std::to_string(++secrets); }),
          directory(store, platform),
          gateway({}, directory, &faults, &commands) {
        platform.seed({{.name = "bot", .token = "bot"}}, date);
        for (const auto* name : {"bob", "carol"})
            platform.add_user(name, std::nullopt, "", date);
        platform.on_access_change = [this] { take(gateway.on_reactions(now, commands.on_access_change())); };
        server = platform.seed_server();
        voice = platform.create_channel(id("alice"), server, {.name = "voice", .type = ChannelType::voice}, date).id;
        for (const auto* name : {"alice", "bob", "carol", "bot"})
            names[id(name).str()] = name;
        names[server.str()] = "server";
        names[voice.str()] = "voice";
        names[platform.seed_channel().str()] = "general";
    }

    UserId id(std::string_view name) { return store.account_by_name(name)->user.id; }

    void take(const GatewayActions& actions) {
        for (const auto& line : GatewayDriver::text(actions)) {
            const auto space = line.find(' ');
            heard[std::stoull(line.substr(0, space))].push_back(named(line.substr(space + 1)));
        }
    }
    std::string named(std::string line) const {
        for (const auto& [number, name] : names)
            for (auto at = line.find(number); at != std::string::npos; at = line.find(number))
                line.replace(at, number.size(), "<" + name + ">");
        return line;
    }
    /// What the connection has heard since it was last asked, without sequence numbers.
    Lines news(ConnectionId connection) {
        Lines lines = std::exchange(heard[connection], {});
        for (auto& line : lines)
            if (const auto mark = line.find(" #"); mark != std::string::npos && std::isdigit(line[mark + 2]) != 0)
                line.erase(mark, line.find(' ', mark + 1) - mark);
        return lines;
    }
    void send(ConnectionId connection, const std::string& json) {
        take(gateway.on_message(now, connection, *codec::json_to_msgpack(json), true));
    }
    /// Opens and identifies; what came meanwhile is forgotten.
    void up(ConnectionId connection, const std::string& name) {
        take(gateway.on_open(now, connection, "127.0.0.1"));
        send(connection, R"({"op":2,"d":{"token":")" + name + "\"}}");
        heard.clear();
    }
    void lose(ConnectionId connection, int code = 1006) { take(gateway.on_closed(now, connection, code)); }
    void join(ConnectionId connection, ChannelId channel, const std::string& more = "") {
        send(connection, R"({"op":4,"d":{"server_id":")" + server.str() + R"(","channel_id":")" + channel.str() +
                             R"(","self_mute":false,"self_deaf":false)" + more + "}}");
    }
    void signal(ConnectionId connection, const std::string& fields) {
        send(connection, R"({"op":12,"d":{)" + fields + "}}");
    }
    static std::string presence(const std::string& who, const std::string& status) {
        return R"(PRESENCE_UPDATE {"user_id":"<)" + who + R"(>","status":")" + status + "\"}";
    }

    Timestamp date = *parse_timestamp("2026-01-01T00:00:00Z");
    Time now{};
    int secrets = 0;
    Store store{""};
    Platform platform;
    GatewayCommands commands;
    StoreDirectory directory;
    Faults faults;
    Gateway gateway;
    ServerId server;
    ChannelId voice;
    std::map<std::string, std::string> names;
    std::map<ConnectionId, Lines> heard;
};

}  // namespace intent::sandbox
