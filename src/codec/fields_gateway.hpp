// The field tables of presence, members, voice and encryption in the gateway's frames (protocol §4, §7, §8, §13, §16).
#pragma once

#include "codec/field.hpp"

#include <intent/raw/member_events.hpp>
#include <intent/raw/mls.hpp>
#include <intent/raw/presence.hpp>
#include <intent/raw/voice.hpp>

#include <tuple>

namespace intent::codec {

template <>
struct Fields<raw::MemberAdd> {
    static constexpr std::tuple table{
        required("server_id", &raw::MemberAdd::server_id), required("user", &raw::MemberAdd::user),
        required("joined_at", &raw::MemberAdd::joined_at), optional("nickname", &raw::MemberAdd::nickname),
        optional("roles", &raw::MemberAdd::roles),
    };
};

template <>
struct Fields<raw::MemberRemove> {
    static constexpr std::tuple table{
        required("server_id", &raw::MemberRemove::server_id),
        required("user_id", &raw::MemberRemove::user_id),
    };
};

template <>
struct Fields<raw::MemberRequest> {
    static constexpr std::tuple table{
        required("server_id", &raw::MemberRequest::server_id),
        optional("query", &raw::MemberRequest::query),
        required("limit", &raw::MemberRequest::limit),
        optional("presences", &raw::MemberRequest::presences),
    };
};

template <>
struct Fields<raw::MembersChunk> {
    static constexpr std::tuple table{
        required("server_id", &raw::MembersChunk::server_id),
        nullable("members", &raw::MembersChunk::members),
        optional("chunk_index", &raw::MembersChunk::chunk_index),
        optional("chunk_count", &raw::MembersChunk::chunk_count),
        optional("not_found", &raw::MembersChunk::not_found),
    };
    static void finish(raw::MembersChunk& chunk) {
        for (auto& member : chunk.members)
            if (!member.server_id) member.server_id = chunk.server_id;
    }
};

template <>
struct Fields<raw::TypingStart> {
    static constexpr std::tuple table{
        required("channel_id", &raw::TypingStart::channel_id),
        required("user_id", &raw::TypingStart::user_id),
        required("timestamp", &raw::TypingStart::timestamp),
    };
};

template <>
struct Fields<raw::PresenceUpdate> {
    static constexpr std::tuple table{
        required("user_id", &raw::PresenceUpdate::user_id),
        required("status", &raw::PresenceUpdate::status),
    };
};

template <>
struct Fields<raw::PresenceRequest> {
    static constexpr std::tuple table{
        required("status", &raw::PresenceRequest::status),
        optional("since", &raw::PresenceRequest::since),
        required("afk", &raw::PresenceRequest::afk),
    };
};

template <>
struct Fields<raw::VoiceState> {
    static constexpr std::tuple table{
        required("user_id", &raw::VoiceState::user_id),         required("server_id", &raw::VoiceState::server_id),
        nullable("channel_id", &raw::VoiceState::channel_id),   nullable("session_id", &raw::VoiceState::session_id),
        nullable("self_mute", &raw::VoiceState::self_mute),     nullable("self_deaf", &raw::VoiceState::self_deaf),
        nullable("server_mute", &raw::VoiceState::server_mute), nullable("server_deaf", &raw::VoiceState::server_deaf),
    };
};

template <>
struct Fields<raw::IceServer> {
    static constexpr std::tuple table{
        nullable("urls", &raw::IceServer::urls),
        omitted("username", &raw::IceServer::username),  // browsers accept null for a string
        omitted("credential", &raw::IceServer::credential),
    };
};

template <>
struct Fields<raw::VoiceServerUpdate> {
    static constexpr std::tuple table{
        required("server_id", &raw::VoiceServerUpdate::server_id),
        required("channel_id", &raw::VoiceServerUpdate::channel_id),
        required("endpoint", &raw::VoiceServerUpdate::endpoint),
        required("token", &raw::VoiceServerUpdate::token),
        nullable("ice_servers", &raw::VoiceServerUpdate::ice_servers),
    };
};

template <>
struct Fields<raw::VoiceStateRequest> {
    static constexpr std::tuple table{
        required("server_id", &raw::VoiceStateRequest::server_id),
        nullable("channel_id", &raw::VoiceStateRequest::channel_id),
        required("self_mute", &raw::VoiceStateRequest::self_mute),
        required("self_deaf", &raw::VoiceStateRequest::self_deaf),
    };
};

template <>
struct Fields<raw::VoiceSignal> {
    static constexpr std::tuple table{
        required("type", &raw::VoiceSignal::type),
        optional("sdp", &raw::VoiceSignal::sdp),
        optional("voice_token", &raw::VoiceSignal::voice_token),
        optional("candidate", &raw::VoiceSignal::candidate),
        optional("sdp_mid", &raw::VoiceSignal::sdp_mid),
        optional("sdp_mline_index", &raw::VoiceSignal::sdp_mline_index),
        optional("reason", &raw::VoiceSignal::reason),
        optional("user_id", &raw::VoiceSignal::user_id),
        optional("speaking", &raw::VoiceSignal::speaking),
    };
};

template <>
struct Fields<raw::MlsWelcome> {
    static constexpr std::tuple table{
        required("channel_id", &raw::MlsWelcome::channel_id),
        required("welcome", &raw::MlsWelcome::welcome),
        required("group_info", &raw::MlsWelcome::group_info),
        optional("ratchet_tree", &raw::MlsWelcome::ratchet_tree),
    };
};

template <>
struct Fields<raw::MlsCommit> {
    static constexpr std::tuple table{
        required("channel_id", &raw::MlsCommit::channel_id),
        required("commit", &raw::MlsCommit::commit),
        required("group_epoch", &raw::MlsCommit::group_epoch),
        optional("committer_id", &raw::MlsCommit::committer_id),
    };
};

template <>
struct Fields<raw::MlsProposal> {
    static constexpr std::tuple table{
        required("channel_id", &raw::MlsProposal::channel_id),
        required("proposal", &raw::MlsProposal::proposal),
        required("proposal_ref", &raw::MlsProposal::proposal_ref),
        optional("proposer_id", &raw::MlsProposal::proposer_id),
    };
};

template <>
struct Fields<raw::MlsKeyPackagesLow> {
    static constexpr std::tuple table{
        required("client_id", &raw::MlsKeyPackagesLow::client_id),
        required("remaining", &raw::MlsKeyPackagesLow::remaining),
    };
};

template <>
struct Fields<raw::DeviceAdded> {
    static constexpr std::tuple table{
        required("user_id", &raw::DeviceAdded::user_id),
        required("client_id", &raw::DeviceAdded::client_id),
    };
};

template <>
struct Fields<raw::DeviceRemoved> {
    static constexpr std::tuple table{
        required("user_id", &raw::DeviceRemoved::user_id),
        required("client_id", &raw::DeviceRemoved::client_id),
    };
};

}  // namespace intent::codec
