// Drives the sandbox's API in virtual time: requests in, answers and events out.
#pragma once

#include "codec/convert.hpp"
#include "sandbox/rest/api.hpp"
#include "sandbox/store/role_sets.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace intent::inline v0::sandbox {

namespace json = boost::json;

/// The API over a store in memory, in virtual time. Bots `one` and `two`, people `alice` and `bob`; events are kept as
/// `NAME {json}` with their audience in front.
struct ApiTest : ::testing::Test {
    void use(sandbox::Dialect dialect, bool limits) {
        store.emplace("");
        platform.emplace(*store, dialect, [this](Event event) {
            std::string line;
            for (const auto user : *event.audience)
                line += store->account(user)->user.username + " ";
            events.push_back(line + event.name + " " + *codec::msgpack_to_json(event.data));
        });
        platform->seed({{.name = "one", .token = "one"}, {.name = "two", .token = "two"}}, now.system);
        platform->add_user("bob", std::nullopt, "", now.system);
        store->add_token("bob", store->account_by_name("bob")->user.id, now.system, std::nullopt);
        store->add_token("alice", store->account_by_name("alice")->user.id, now.system, std::nullopt);
        api.emplace(*platform, *store, dialect, limits);
        server = "/servers/" + platform->seed_server().str();
        channel = "/channels/" + platform->seed_channel().str();
        messages = channel + "/messages";
        events.clear();
    }
    void SetUp() override { use(sandbox::Dialect::spec, false); }

    ApiReply call(std::string method, std::string path, std::string body = "", std::string token = "one") {
        std::string query;
        if (const auto mark = path.find('?'); mark != std::string::npos) {
            query = path.substr(mark + 1);
            path.resize(mark);
        }
        return handle({.method = std::move(method),
                       .path = std::move(path),
                       .query = std::move(query),
                       .authorization = token.empty() ? "" : "Bearer " + token,
                       .body = std::move(body),
                       .peer = "10.0.0.1"});
    }
    /// The answer, with the work of a password done here.
    ApiReply handle(RestRequest request) {
        api->authenticate(request, now.system);
        ApiReply reply = api->begin(request, now);
        if (!reply.step) return reply;
        const PasswordResult result = carry_out(reply.step->work);
        return reply.step->finish(&result, now);
    }
    int status(std::string method, std::string path, std::string body = "", std::string token = "one") {
        return call(std::move(method), std::move(path), std::move(body), std::move(token)).status;
    }
    json::value made(std::string path, std::string body, std::string token = "one") {
        const auto reply = call("POST", std::move(path), std::move(body), std::move(token));
        EXPECT_EQ(reply.status, 201) << reply.body;
        return json::parse(reply.body);
    }
    static std::string text(const json::value& value, const char* name) {
        return std::string(value.at(name).as_string());
    }
    static std::string header(const ApiReply& reply, std::string_view name) {
        for (const auto& [key, value] : reply.headers)
            if (key == name) return value;
        return "(none)";
    }
    /// The text of a refusal, with its status and code in front: `403 MISSING_ACCESS bob lacks …`.
    std::string refusal(std::string method, std::string path, std::string body = "", std::string token = "one") {
        const auto reply = call(std::move(method), std::move(path), std::move(body), std::move(token));
        if (reply.status < 400) return std::to_string(reply.status);
        const auto error = json::parse(reply.body);
        return std::to_string(reply.status) + " " + text(error, "code") + " " + text(error, "error");
    }
    json::value got(std::string path, std::string token = "one") {
        const auto reply = call("GET", std::move(path), "", std::move(token));
        EXPECT_EQ(reply.status, 200) << reply.body;
        return json::parse(reply.body);
    }
    std::string id_of(std::string_view username) { return store->account_by_name(username)->user.id.str(); }
    /// Takes the permission from the role that everybody has.
    void take_away(Permission permission) {
        auto role = *store->role(everyone_role(platform->seed_server()));
        role.permissions = role.permissions.without(permission);
        store->update_role(role);
    }
    void pass(std::chrono::milliseconds time) {
        now.steady += time;
        now.system += time;
    }

    ClockReading now{.steady = {}, .system = *parse_timestamp("2026-01-01T00:00:00.25Z")};
    std::optional<Store> store;
    std::optional<Platform> platform;
    std::optional<Api> api;
    std::vector<std::string> events;
    std::string server, channel, messages;
};

}  // namespace intent::sandbox
