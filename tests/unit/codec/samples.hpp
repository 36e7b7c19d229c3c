// Values of every raw type, and bytes from hex.
#pragma once

#include "codec/convert.hpp"

#include <intent/raw/account.hpp>
#include <intent/raw/channel.hpp>
#include <intent/raw/embed.hpp>
#include <intent/raw/gateway.hpp>
#include <intent/raw/invite.hpp>
#include <intent/raw/member.hpp>
#include <intent/raw/member_events.hpp>
#include <intent/raw/message.hpp>
#include <intent/raw/mls.hpp>
#include <intent/raw/presence.hpp>
#include <intent/raw/server.hpp>
#include <intent/raw/user.hpp>
#include <intent/raw/voice.hpp>
#include <intent/raw/webhook.hpp>

#include <initializer_list>
#include <string>
#include <string_view>
#include <tuple>

namespace intent::test {

/// Bytes from hex digits; spaces between them are passed over.
inline codec::Bytes hex(std::string_view text) {
    codec::Bytes out;
    int high = -1;
    for (const char c : text) {
        if (c == ' ') continue;
        const int digit = c <= '9' ? c - '0' : c - 'a' + 10;
        if (high < 0) {
            high = digit;
        } else {
            out.push_back(static_cast<std::uint8_t>(high << 4 | digit));
            high = -1;
        }
    }
    return out;
}

inline std::string to_hex(codec::ByteView bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const auto byte : bytes) {
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return out;
}

inline codec::Bytes concat(std::initializer_list<codec::Bytes> parts) {
    codec::Bytes out;
    for (const auto& part : parts) {
        out.insert(out.end(), part.begin(), part.end());
    }
    return out;
}

inline codec::Bytes repeat(const codec::Bytes& part, std::size_t times) {
    codec::Bytes out;
    out.reserve(part.size() * times);
    for (std::size_t i = 0; i < times; ++i) {
        out.insert(out.end(), part.begin(), part.end());
    }
    return out;
}

inline Timestamp at(std::string_view text) { return *parse_timestamp(text); }

inline raw::User sample_user() {
    return {.id = {100000000000000001},
            .username = "ada",
            .display_name = "Ada L.",
            .avatar_url = "https://cdn.example/a.png",
            .created_at = at("2022-05-05T05:05:05Z")};
}

inline raw::Embed sample_embed() {
    return {.title = "Title",
            .description = "Text",
            .url = "https://example/e",
            .color = 0xffffff,
            .timestamp = at("2024-01-15T12:00:00Z"),
            .footer = raw::EmbedFooter{.text = "foot", .icon_url = "https://example/i"},
            .image = raw::EmbedImage{.url = "https://example/1"},
            .thumbnail = raw::EmbedImage{.url = "https://example/2"},
            .author = raw::EmbedAuthor{.name = "n", .url = "https://example/3", .icon_url = "https://example/4"},
            .fields = {{.name = "a", .value = "b", .is_inline = true}, {.name = "c", .value = "d"}}};
}

inline raw::Attachment sample_attachment() {
    return {.id = {9},
            .filename = "cat.png",
            .size = 5'000'000'000,
            .url = "https://example/c",
            .content_type = "image/png",
            .width = 640,
            .height = 480};
}

inline raw::Message sample_message() {
    return {.id = {100000000000000123},
            .channel_id = {77},
            .author = sample_user(),
            .content = "Hello, wörld 👋",
            .created_at = at("2024-01-15T12:00:00.123456Z"),
            .edited_at = at("2024-01-15T12:01:00Z"),
            .attachments = {sample_attachment()},
            .embeds = {sample_embed(), {}},
            .webhook_id = WebhookId{18446744073709551615u}};
}

inline raw::Server sample_server() {
    return {.id = {42},
            .name = "Testers",
            .owner_id = {1},
            .icon_url = "https://example/s",
            .description = "A place",
            .member_count = 70000,
            .created_at = at("2023-12-31T23:59:59Z")};
}

inline raw::Channel sample_channel() {
    return {.id = {77},
            .server_id = {42},
            .name = "general",
            .type = ChannelType::voice,
            .topic = "topic",
            .position = -3,
            .parent_id = ChannelId{76},
            .created_at = at("2024-02-29T00:00:00Z")};
}

inline raw::Channel sample_group() {
    return {.id = {79},
            .server_id = {},
            .name = "us",
            .type = ChannelType::group,
            .created_at = at("2024-02-29T00:00:00Z"),
            .recipients = {sample_user(), sample_user()},
            .mls_initialized = true,
            .owner_id = UserId{1},
            .icon_url = "https://example/g"};
}

inline raw::Role sample_role() {
    return {.id = {5},
            .server_id = {42},
            .name = "mods",
            .permissions = {~std::uint64_t{0}},
            .position = 1,
            .color = 0xff0000,
            .hoist = true,
            .mentionable = true,
            .created_at = at("2024-01-01T00:00:00Z")};
}

inline raw::Member sample_member() {
    return {.user = sample_user(),
            .server_id = {42},
            .nickname = "addie",
            .roles = {{5}, {6}},
            .joined_at = at("2024-01-02T03:04:05.000001Z")};
}

inline raw::Ready sample_ready() {
    return {.user = sample_user(), .servers = {sample_server(), sample_server()}, .session_id = "s-1"};
}

inline raw::Invite sample_invite() {
    return {.code = "aBc-1",
            .server_id = {42},
            .channel_id = ChannelId{77},
            .inviter = {.id = {1}, .username = "ada"},
            .max_uses = 5,
            .uses = 2,
            .max_age_seconds = 86400,
            .created_at = at("2024-01-01T00:00:00Z"),
            .expires_at = at("2024-01-02T00:00:00Z")};
}

inline raw::Webhook sample_webhook() {
    return {.id = {5001},
            .type = 1,
            .channel_id = {77},
            .server_id = {42},
            .creator_id = UserId{1},
            .name = "builds",
            .avatar_url = "https://example/w",
            .token = "whk_secret",
            .url = "https://example/webhooks/5001/whk_secret",
            .created_at = at("2024-01-01T00:00:00Z"),
            .enabled = false};
}

inline raw::VoiceServerUpdate sample_voice_server() {
    return {
        .server_id = {42},
        .channel_id = {78},
        .endpoint = "wss://sfu.example/1",
        .token = Secret{"voice-token"},
        .ice_servers = {
            {.urls = {"stun:stun.example", "turn:turn.example"}, .username = "u", .credential = Secret{"ice-secret"}}}};
}

/// One full value of each raw type.
inline auto samples() {
    return std::tuple{
        sample_user(),
        sample_embed(),
        raw::EmbedFooter{.text = "t", .icon_url = "i"},
        raw::EmbedImage{.url = "u"},
        raw::EmbedAuthor{.name = "n", .url = "u", .icon_url = "i"},
        raw::EmbedField{.name = "n", .value = "v", .is_inline = true},
        sample_attachment(),
        sample_message(),
        sample_server(),
        sample_channel(),
        sample_group(),
        sample_role(),
        sample_member(),
        sample_ready(),
        sample_invite(),
        raw::AcceptedInvite{.server = sample_server(), .channel_id = ChannelId{77}},
        sample_webhook(),
        raw::Login{.token = "usr_x", .user = sample_user()},
        raw::IdentifyProperties{.os = "linux", .browser = "intent", .device = "intent"},
        raw::Identify{.token = "bot_x",
                      .intents = 0,
                      .properties = raw::IdentifyProperties{.os = "o", .browser = "", .device = "d"}},
        raw::Resume{.token = "bot_x", .session_id = "s-1", .seq = 4294967296},
        raw::MessageDelete{.id = {1}, .channel_id = {2}},
        raw::ServerDelete{.server_id = {1}},
        raw::ChannelDelete{.channel_id = {1}, .server_id = {2}},
        raw::MemberAdd{sample_member()},
        raw::MemberRemove{.server_id = {1}, .user_id = {2}},
        raw::MemberRequest{.server_id = {1}, .query = "ad", .limit = 50, .presences = true},
        raw::MembersChunk{.server_id = {42},
                          .members = {sample_member(), sample_member()},
                          .chunk_index = 1,
                          .chunk_count = 3,
                          .not_found = {{9}}},
        raw::TypingStart{.channel_id = {1}, .user_id = {2}, .timestamp = {at("2024-01-15T12:00:00Z")}},
        raw::PresenceUpdate{.user_id = {1}, .status = "dnd"},
        raw::PresenceRequest{.status = "idle", .since = at("2024-01-15T12:00:00Z"), .afk = true},
        raw::VoiceState{.user_id = {1},
                        .server_id = {2},
                        .channel_id = ChannelId{3},
                        .session_id = "v",
                        .self_mute = true,
                        .self_deaf = true,
                        .server_mute = true,
                        .server_deaf = true},
        sample_voice_server(),
        raw::VoiceRegion{.id = "eu", .name = "Europe", .endpoint = "eu.example", .deprecated = true},
        raw::TurnCredentials{.ice_servers = sample_voice_server().ice_servers, .ttl = std::chrono::hours(12)},
        raw::VoiceStateRequest{.server_id = {1}, .channel_id = ChannelId{2}, .self_mute = true, .self_deaf = true},
        raw::VoiceSignal{.type = "ice",
                         .sdp = "v=0",
                         .voice_token = Secret{"t"},
                         .candidate = "candidate:1",
                         .sdp_mid = "0",
                         .sdp_mline_index = 0,
                         .reason = "track_update",
                         .user_id = UserId{7},
                         .speaking = false},
        raw::MlsWelcome{.channel_id = {79}, .welcome = "AA==", .group_info = "AQ==", .ratchet_tree = "Ag=="},
        raw::MlsCommit{.channel_id = {79}, .commit = "AA==", .group_epoch = 4294967296, .committer_id = {1}},
        raw::MlsProposal{.channel_id = {79}, .proposal = "AA==", .proposal_ref = "AQ==", .proposer_id = {1}},
        raw::MlsKeyPackagesLow{.client_id = "phone", .remaining = 9},
        raw::DeviceAdded{.user_id = {1}, .client_id = "phone"},
        raw::DeviceRemoved{.user_id = {1}, .client_id = "phone"},
    };
}

}  // namespace intent::test
