#include "sandbox/platform/gateway_commands.hpp"

#include "codec/convert.hpp"
#include "sandbox/base/fields.hpp"
#include "sandbox/base/packer.hpp"
#include "sandbox/base/problem.hpp"
#include "sandbox/base/shapes.hpp"
#include "sandbox/base/text.hpp"

#include <intent/raw/member_events.hpp>
#include <intent/raw/presence.hpp>

#include <algorithm>
#include <array>

namespace intent::inline v0::sandbox {
namespace {

using codec::Opcode;

std::string_view name_of(Opcode op) {
    switch (op) {
        case Opcode::voice_state_update:
            return "Voice State Update";
        case Opcode::request_members:
            return "Request Members";
        case Opcode::presence_update:
            return "Presence Update";
        default:
            return "Voice Signal";
    }
}

Fields read_map(codec::ByteView data) {
    const auto json = data.empty() ? codec::Result<std::string>("null") : codec::msgpack_to_json(data);
    if (!json || !json->starts_with('{')) throw invalid("d", "expected a map");
    return Fields(*json);
}

std::string required_word(const Fields& fields, std::string_view name, std::initializer_list<std::string_view> words) {
    std::string given = fields.required_text(name);
    if (std::find(words.begin(), words.end(), given) != words.end()) return given;
    std::string allowed;
    for (const auto word : words)
        allowed += (allowed.empty() ? "" : ", ") + std::string(word);
    throw invalid(name, "expected one of " + allowed);
}

}  // namespace

GatewayCommands::GatewayCommands(Platform& platform, Store& store, std::function<Timestamp()> date,
                                 std::function<std::string()> new_secret)
    : platform_(platform), store_(store), date_(std::move(date)), new_secret_(std::move(new_secret)), voice_(*this) {}

Reactions GatewayCommands::on_attached(Time, Caller caller) {
    voice_.on_attached(caller.session);
    return show(caller.user, presences_.on_attached(caller.user, caller.session));
}

Reactions GatewayCommands::on_detached(Time now, Caller caller) {
    voice_.on_detached(now, caller.session);
    return show(caller.user, presences_.on_detached(caller.user, caller.session));
}

Reactions GatewayCommands::on_ended(Time, Caller caller, Ending how) {
    presences_.on_ended(caller.user, caller.session);
    return voice_.on_ended(caller.session, how);
}

Reactions GatewayCommands::on_command(Time now, Caller caller, Opcode op, codec::ByteView data) {
    try {
        return carry_out(now, caller, op, read_map(data));
    } catch (const Problem& problem) {
        return {RefuseSession{caller.session, 4002, std::string(name_of(op)) + ": " + problem.text()}};
    } catch (const std::exception& error) {
        return {RefuseSession{caller.session, 1011, std::string(name_of(op)) + ": the sandbox failed", error.what()}};
    }
}

Reactions GatewayCommands::carry_out(Time now, Caller caller, Opcode op, const Fields& fields) {
    switch (op) {
        case Opcode::voice_state_update:
            return set_voice_state(now, caller, fields);
        case Opcode::request_members:
            return send_members(caller, fields);
        case Opcode::presence_update:
            return set_presence(caller, fields);
        case Opcode::voice_signal:
            return send_voice_signal(now, caller, fields);
        default:
            return {};
    }
}

Reactions GatewayCommands::show(UserId user, Presences::Change change) {
    if (!change) return {};
    const raw::PresenceUpdate update{.user_id = user, .status = std::string(*change)};
    return {Announce{
        {.name = "PRESENCE_UPDATE", .data = codec::to_msgpack(update), .audience = store_.acquaintances(user)}}};
}

Reactions GatewayCommands::set_presence(Caller caller, const Fields& fields) {
    const auto status = required_word(fields, "status", {"online", "idle", "dnd", "offline"});
    fields.boolean("afk");
    return show(caller.user, presences_.on_status(caller.user, caller.session, status));
}

std::vector<codec::Bytes> GatewayCommands::chunks(ServerId server, const std::vector<raw::Member>& members,
                                                  bool presences) {
    struct Part {
        std::vector<codec::Bytes> members, statuses;
        std::size_t bytes = 0;
    };
    std::vector<Part> parts(1);
    for (const auto& member : members) {
        auto packed = msgpack_of(member);
        const auto* last = &parts.back();
        const bool is_full = last->members.size() == members_per_chunk || last->bytes + packed.size() > max_chunk_bytes;
        if (is_full && !last->members.empty()) parts.emplace_back();
        Part& part = parts.back();
        part.bytes += packed.size();
        part.members.push_back(std::move(packed));
        if (!presences) continue;
        const UserId user = member.user.id;
        const raw::PresenceUpdate status{.user_id = user, .status = std::string(presences_.of(user))};
        part.statuses.push_back(codec::to_msgpack(status));
    }
    std::vector<codec::Bytes> chunks;
    for (const Part& part : parts) {
        MapPacker packer;
        packer.add_text("server_id", server.str()).add_list("members", part.members);
        packer.add_number("chunk_index", chunks.size()).add_number("chunk_count", parts.size());
        if (presences) packer.add_list("presences", part.statuses);
        chunks.push_back(packer.finish());
    }
    return chunks;
}

Reactions GatewayCommands::send_members(Caller caller, const Fields& fields) {
    const ServerId server{fields.required_snowflake("server_id")};
    const std::string query = fields.text("query").value_or("");
    check_length("query", query, 0, 100);
    const int limit = fields.integer("limit", 1, 1000).value_or(1000);
    const bool presences = fields.boolean("presences").value_or(false);
    // Non-members get an empty chunk, so that their client does not wait for an answer.
    std::vector<raw::Member> members;
    if (store_.is_member(server, caller.user)) members = store_.find_members(server, query, limit);
    Reactions reactions;
    for (auto& chunk : chunks(server, members, presences))
        reactions.push_back(NotifySession{caller.session, {.name = "GUILD_MEMBERS_CHUNK", .data = std::move(chunk)}});
    return reactions;
}

Reactions GatewayCommands::set_voice_state(Time now, Caller caller, const Fields& fields) {
    raw::VoiceStateRequest wanted{.server_id = ServerId{fields.required_snowflake("server_id")},
                                  .self_mute = fields.boolean("self_mute").value_or(false),
                                  .self_deaf = fields.boolean("self_deaf").value_or(false)};
    if (const auto channel = fields.snowflake("channel_id")) wanted.channel_id = ChannelId{*channel};
    return voice_.on_state(now, caller, wanted);
}

Reactions GatewayCommands::send_voice_signal(Time now, Caller caller, const Fields& fields) {
    raw::VoiceSignal signal{.type = required_word(fields, "type", {"offer", "answer", "ice", "speaking"})};
    if (signal.type == "offer" || signal.type == "answer") signal.sdp = fields.required_text("sdp");
    if (signal.type == "offer")
        if (auto token = fields.text("voice_token")) signal.voice_token = Secret(std::move(*token));
    if (signal.type == "ice") {
        signal.candidate = fields.required_text("candidate");
        signal.sdp_mid = fields.text("sdp_mid");
        signal.sdp_mline_index = fields.integer("sdp_mline_index", 0, 65535);
    }
    if (signal.type == "speaking") {
        signal.speaking = fields.boolean("speaking");
        if (!signal.speaking) throw invalid("speaking", "required");
    }
    return voice_.on_signal(now, caller, signal);
}

std::optional<VoiceRefusal> GatewayCommands::refusal(UserId user, ServerId server, ChannelId id) {
    const auto channel = store_.channel(id);
    if (!channel || channel->server_id != server || channel->type != ChannelType::voice)
        return VoiceRefusal{4011, "channel_id: not a voice channel of this server"};
    if (!store_.is_member(server, user)) return VoiceRefusal{4014, "not a member of this server"};
    const Permissions has = platform_.permissions(server, user);
    for (const auto permission : {Permission::view_channel, Permission::connect})
        if (!has.has(permission))
            return VoiceRefusal{4014, platform_.user(user).username + " lacks " +
                                          std::string(intent::name_of(permission)) + " in #" + channel->name};
    return std::nullopt;
}

bool GatewayCommands::may_speak(UserId user, ServerId server) {
    return platform_.permissions(server, user).has(Permission::speak);
}

std::vector<UserId> GatewayCommands::audience(ServerId server) {
    return store_.members_with(server, Permission::view_channel);
}

std::vector<raw::IceServer> GatewayCommands::ice_servers(UserId user) {
    return platform_.ice().for_user(user, date_());
}

}  // namespace intent::sandbox
