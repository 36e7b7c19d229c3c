#include "tools/intent/support/event_templates.hpp"

#include <array>
#include <stdexcept>

namespace tool {

namespace json = boost::json;

namespace {

struct Template {
    std::string_view event;
    const char* payload;
};

constexpr std::array templates = {
    Template{"MESSAGE_CREATE", R"({"message": {"id": "$new_id", "channel_id": "$channel_id", "author": "$author",
        "content": "Hello!", "created_at": "$now", "attachments": [], "embeds": []}})"},
    Template{"MESSAGE_UPDATE", R"({"message": {"id": "$message_id", "channel_id": "$channel_id", "author": "$author",
        "content": "Hello, everybody!", "created_at": "$earlier", "edited_at": "$now", "attachments": [],
        "embeds": []}})"},
    Template{"MESSAGE_DELETE", R"({"id": "$message_id", "channel_id": "$channel_id"})"},
    Template{"SERVER_CREATE", R"({"server": {"id": "$new_id", "name": "Workshop", "owner_id": "$user_id",
        "icon_url": null, "description": "Where things are tried out", "member_count": 2, "created_at": "$now"}})"},
    Template{"SERVER_UPDATE", R"({"server": "$server"})"},
    Template{"SERVER_DELETE", R"({"server_id": "$server_id"})"},
    Template{"CHANNEL_CREATE", R"({"channel": {"id": "$new_id", "server_id": "$server_id", "name": "news", "type": 0,
        "topic": "What is new", "position": 1, "parent_id": null, "created_at": "$now"}})"},
    Template{"CHANNEL_UPDATE", R"({"channel": {"id": "$channel_id", "server_id": "$server_id", "name": "$channel_name",
        "type": 0, "topic": "A new topic", "position": 0, "parent_id": null, "created_at": "$earlier"}})"},
    Template{"CHANNEL_DELETE", R"({"channel_id": "$channel_id", "server_id": "$server_id"})"},
    Template{"MEMBER_ADD", R"({"server_id": "$server_id", "user": "$user", "joined_at": "$now"})"},
    Template{"MEMBER_REMOVE", R"({"server_id": "$server_id", "user_id": "$user_id"})"},
    Template{"TYPING_START", R"({"channel_id": "$channel_id", "user_id": "$user_id", "timestamp": "$unix_now"})"},
    Template{"PRESENCE_UPDATE", R"({"user_id": "$user_id", "status": "idle"})"},
    Template{"VOICE_STATE_UPDATE", R"({"user_id": "$user_id", "server_id": "$server_id",
        "channel_id": "$voice_channel_id", "session_id": "voice-session-of-no-real-call", "self_mute": false,
        "self_deaf": false, "server_mute": false, "server_deaf": false})"},
    Template{"VOICE_SERVER_UPDATE", R"({"server_id": "$server_id", "channel_id": "$voice_channel_id",
        "endpoint": "sfu.example.invalid:443", "token": "voice-token-of-no-real-call",
        "ice_servers": [{"urls": ["stun:stun.example.invalid:3478"]}]})"},
    Template{"MLS_WELCOME", R"({"channel_id": "$direct_channel_id", "welcome": "bm8gcmVhbCB3ZWxjb21l",
        "group_info": "bm8gcmVhbCBncm91cCBpbmZv", "ratchet_tree": null})"},
    Template{"MLS_COMMIT", R"({"channel_id": "$direct_channel_id", "commit": "bm8gcmVhbCBjb21taXQ=", "group_epoch": 1,
        "committer_id": "$user_id"})"},
    Template{"MLS_PROPOSAL", R"({"channel_id": "$direct_channel_id", "proposal": "bm8gcmVhbCBwcm9wb3NhbA==",
        "proposal_ref": "bm8gcmVhbCByZWY=", "proposer_id": "$user_id"})"},
    Template{"MLS_KEY_PACKAGES_LOW", R"({"client_id": "device-1", "remaining": 9})"},
    Template{"DEVICE_ADDED", R"({"user_id": "$user_id", "client_id": "device-2"})"},
    Template{"DEVICE_REMOVED", R"({"user_id": "$user_id", "client_id": "device-2"})"},
    Template{"READY", R"({"user": "$bot", "servers": ["$server"], "heartbeat_interval": 41250,
        "session_id": "session-that-cannot-be-resumed"})"},
    Template{"RESUMED", R"({})"},
    Template{"GUILD_MEMBERS_CHUNK", R"({"server_id": "$server_id", "members": [{"user": "$user",
        "server_id": "$server_id", "roles": [], "joined_at": "$earlier"}], "chunk_index": 0, "chunk_count": 1,
        "not_found": []})"},
};

void fill(json::value& value, const TemplateVariables& variables) {
    if (auto* object = value.if_object()) {
        for (auto& member : *object)
            fill(member.value(), variables);
    } else if (auto* list = value.if_array()) {
        for (auto& element : *list)
            fill(element, variables);
    } else if (const auto* text = value.if_string(); text && text->starts_with('$')) {
        const auto found = variables.find(std::string_view(text->data() + 1, text->size() - 1));
        if (found == variables.end()) throw std::logic_error("no value for " + std::string(text->c_str()));
        value = found->second;
    }
}

}  // namespace

std::vector<std::string_view> template_names() {
    std::vector<std::string_view> names;
    names.reserve(std::size(templates));
    for (const auto& one : templates)
        names.push_back(one.event);
    return names;
}

const char* event_template(std::string_view event) {
    for (const auto& one : templates)
        if (one.event == event) return one.payload;
    return nullptr;
}

json::value filled(const char* payload, const TemplateVariables& variables) {
    auto value = json::parse(payload);
    fill(value, variables);
    return value;
}

}  // namespace tool
