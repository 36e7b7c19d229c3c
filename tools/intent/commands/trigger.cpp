// `intent trigger EVENT`: dispatches an event from a template in a running sandbox.
#include "tools/intent/support/command.hpp"
#include "tools/intent/support/control.hpp"
#include "tools/intent/support/event_templates.hpp"
#include "tools/intent/support/json.hpp"
#include "tools/intent/support/output.hpp"
#include "tools/intent/support/sandbox_state.hpp"
#include "tools/intent/support/suggest.hpp"

#include <intent/timestamp.hpp>

#include <fmt/core.h>

#include <chrono>
#include <memory>

namespace tool {

namespace {

namespace json = boost::json;
using intent::Timestamp;

struct TriggerFlags {
    SandboxAddress address = {};
    std::string event = {};
    std::vector<std::string> settings = {};
    std::optional<std::string> data = {};
    std::optional<std::string> user = {};
    std::optional<std::string> channel = {};
    std::vector<std::string> users = {};
    std::vector<std::string> sessions = {};
};

std::string time_text(Timestamp time) {
    return intent::format_timestamp(std::chrono::floor<std::chrono::seconds>(time));
}

/// The time of the sandbox's clock, which a test may have set ahead.
Timestamp sandbox_time(Control& control) {
    const auto now = intent::parse_timestamp(text_at(control.get("/clock"), "now"));
    if (!now) throw ControlError("GET /clock: the response has no valid time");
    return *now;
}

/// An id above all ids of the sandbox, which contain the milliseconds since 2024.
std::string new_id(Timestamp now) {
    const Timestamp epoch = std::chrono::sys_days{std::chrono::year{2024} / 1 / 1};
    const auto age = std::chrono::duration_cast<std::chrono::milliseconds>(now - epoch).count();
    return std::to_string(static_cast<std::uint64_t>(age) << 22);
}

/// An object with only the given members, as in protocol §8.
json::value only(const json::value& object, std::initializer_list<const char*> names) {
    json::object kept;
    const auto* all = object.if_object();
    for (const char* name : names)
        if (const auto* value = all ? all->if_contains(name) : nullptr) kept[name] = *value;
    return kept;
}

/// The id of the newest message of the channel; an unused id if there are no messages.
std::string newest_message(Control& control, const json::value& user, const std::string& channel, Timestamp now) {
    const auto path =
        "/as/" + percent_encoded(text_at(user, "username")) + "/channels/" + channel + "/messages?limit=1";
    const auto answer = control.get(path);
    const json::array& list = answer.is_array() ? answer.get_array() : list_at(answer, "messages");
    return list.empty() ? new_id(now) : text_at(list.front(), "id");
}

bool names_direct_channel(std::string_view payload) {
    return payload.find("\"$direct_channel_id\"") != std::string_view::npos;
}

/// The members of a direct message channel: only they receive its events.
json::array members_of(const json::value& channel) {
    json::array members;
    for (const auto& user : list_at(channel, "recipients"))
        members.push_back(at(user, "id"));
    return members;
}

TemplateVariables cast_of(const TriggerFlags& flags, Control& control, const SandboxState& sandbox_state,
                          std::string_view payload) {
    const json::value& user = flags.user ? sandbox_state.user("--as", *flags.user) : sandbox_state.first_user(false);
    const json::value& bot = sandbox_state.first_user(true);
    const bool is_direct = names_direct_channel(payload);
    const auto place = flags.channel && !is_direct ? sandbox_state.channel("--channel", *flags.channel)
                                                   : sandbox_state.first_channel(0);
    const auto voice = flags.channel && !is_direct ? place : sandbox_state.first_channel(1);
    const auto now = sandbox_time(control);
    const std::string channel_id = text_at(*place.channel, "id");
    TemplateVariables variables{
        {"user", only(user, {"id", "username", "display_name", "avatar_url", "created_at"})},
        {"author", only(user, {"id", "username", "display_name", "avatar_url", "created_at"})},
        {"user_id", at(user, "id")},
        {"bot", only(bot, {"id", "username", "display_name", "avatar_url", "created_at"})},
        {"server",
         only(*place.server, {"id", "name", "owner_id", "icon_url", "description", "member_count", "created_at"})},
        {"server_id", at(*place.server, "id")},
        {"channel_id", at(*place.channel, "id")},
        {"channel_name", at(*place.channel, "name")},
        {"voice_channel_id", at(*voice.channel, "id")},
        {"new_id", json::value(new_id(now))},
        {"now", json::value(time_text(now))},
        {"earlier", json::value(time_text(now - std::chrono::minutes(10)))},
        {"unix_now", std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count()},
    };
    if (is_direct) {
        const auto& direct = sandbox_state.direct_channel(flags.channel);
        if (flags.channel && direct.is_null())
            throw WrongUsage("--channel " + *flags.channel + ": the sandbox has no such direct message channel");
        variables.insert_or_assign("direct_channel_id", direct.is_null() ? json::value(new_id(now)) : at(direct, "id"));
    }
    if (payload.find("\"$message_id\"") != std::string_view::npos)
        variables.insert_or_assign("message_id", json::value(newest_message(control, user, channel_id, now)));
    return variables;
}

/// The payload in the dialect `flat`: without the key that wraps the object.
json::value unwrapped(json::value data) {
    if (data.as_object().size() == 1)
        for (const char* name : {"message", "server", "channel"})
            if (at(data, name).is_object()) return json::value(at(data, name));
    return data;
}

json::value payload_of(const TriggerFlags& flags, Control& control, const SandboxState& sandbox_state) {
    const char* payload = event_template(flags.event);
    if (!payload) {
        throw WrongUsage("EVENT " + flags.event + ": unknown event" + suggestion(flags.event, template_names()) +
                         " (--data accepts any name)");
    }
    return filled(payload, cast_of(flags, control, sandbox_state, payload));
}

json::array as_list(const std::vector<std::string>& words) {
    json::array list;
    for (const auto& word : words)
        list.emplace_back(word);
    return list;
}

json::array session_ids(const std::vector<std::string>& words) {
    json::array list;
    for (const auto& word : words) {
        const auto id = parsed_json(word);
        if (!id || !(id->is_int64() || id->is_uint64())) {
            throw WrongUsage("--session " + word + ": expected a number (see intent sandbox sessions)");
        }
        list.push_back(*id);
    }
    return list;
}

int trigger(const TriggerFlags& flags) {
    Control control(flags.address);
    std::vector<std::pair<std::string, json::value>> changes;
    for (const auto& setting : flags.settings) {
        auto [path, text] = split_setting("--set", setting);
        auto value = json_of("--set", path, text);
        changes.emplace_back(std::move(path), std::move(value));
    }
    json::object request{{"event", flags.event}};
    if (!flags.users.empty()) request["users"] = as_list(flags.users);
    if (!flags.sessions.empty()) request["sessions"] = session_ids(flags.sessions);
    std::optional<SandboxState> sandbox_state;
    if (!flags.data) sandbox_state.emplace(control);
    json::value data = sandbox_state ? payload_of(flags, control, *sandbox_state) : read_json("--data", *flags.data);
    if (sandbox_state && flags.users.empty() && flags.sessions.empty() &&
        names_direct_channel(event_template(flags.event)))
        if (auto members = members_of(sandbox_state->direct_channel(flags.channel)); !members.empty())
            request["users"] = std::move(members);
    for (auto& [path, value] : changes)
        set_at(data, "--set", path, std::move(value));
    if (sandbox_state && sandbox_state->dialect() == "flat") data = unwrapped(std::move(data));
    request["data"] = data;

    const auto answer = control.post("/events", request);
    const auto sessions = at(answer, "sessions");
    if (sessions == json::value(0)) print_error("no session received it (see intent sandbox sessions)");
    const std::string line = fmt::format(R"({{"event":{},"sessions":{},"data":{}}})", json_string(flags.event),
                                         json::serialize(sessions), json::serialize(data));
    return print_json(line) ? done : failed;
}

}  // namespace

Command add_trigger(CLI::App& tool) {
    auto* command = tool.add_subcommand("trigger", "Dispatch an event from a template in a running sandbox");
    const auto flags = std::make_shared<TriggerFlags>();
    command->add_option("event", flags->event, "Name of the event, e.g. MESSAGE_CREATE")
        ->type_name("EVENT")
        ->required();
    repeatable(command->add_option("--set", flags->settings,
                                   "Set a value of the payload, e.g. message.content='\"hi\"'; repeatable"))
        ->type_name("PATH=JSON");
    command->add_option("--data", flags->data, "The whole payload as JSON; -: standard input")->type_name("FILE");
    command->add_option("--as", flags->user, "User of the event: author, member, … (default: the first person)")
        ->type_name("USER");
    command->add_option("--channel", flags->channel, "Channel of the event, by name or id (default: the first one)")
        ->type_name("CHANNEL");
    repeatable(command->add_option("--to", flags->users, "Only sessions of this user; repeatable"))->type_name("USER");
    repeatable(command->add_option("--session", flags->sessions, "Only this session; repeatable"))->type_name("ID");
    add_address_flag(*command, flags->address);
    return {command, [flags] { return trigger(*flags); }};
}

}  // namespace tool
