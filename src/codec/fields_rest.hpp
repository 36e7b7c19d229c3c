// The field tables of the types that only REST carries (protocol §8, §9, §12).
#pragma once

#include "codec/field.hpp"
#include "codec/fields.hpp"
#include "codec/fields_gateway.hpp"

#include <intent/raw/account.hpp>
#include <intent/raw/invite.hpp>
#include <intent/raw/voice.hpp>
#include <intent/raw/webhook.hpp>

#include <tuple>

namespace intent::codec {

template <>
struct Fields<raw::Inviter> {
    static constexpr std::tuple table{
        required("id", &raw::Inviter::id),
        required("username", &raw::Inviter::username),
    };
};

template <>
struct Fields<raw::Invite> {
    static constexpr std::tuple table{
        required("code", &raw::Invite::code),
        required("server_id", &raw::Invite::server_id),
        optional("channel_id", &raw::Invite::channel_id),
        required("inviter", &raw::Invite::inviter),
        optional("max_uses", &raw::Invite::max_uses),
        required("uses", &raw::Invite::uses),
        optional("max_age_seconds", &raw::Invite::max_age_seconds),
        required("created_at", &raw::Invite::created_at),
        optional("expires_at", &raw::Invite::expires_at),
    };
};

template <>
struct Fields<raw::AcceptedInvite> {
    static constexpr std::tuple table{
        required("server", &raw::AcceptedInvite::server),
        optional("channel_id", &raw::AcceptedInvite::channel_id),
    };
};

template <>
struct Fields<raw::Webhook> {
    static constexpr std::tuple table{
        required("id", &raw::Webhook::id),
        required("type", &raw::Webhook::type),
        required("channel_id", &raw::Webhook::channel_id),
        required("server_id", &raw::Webhook::server_id),
        omitted("creator_id", &raw::Webhook::creator_id),  // not sent to callers that have only the webhook's token
        required("name", &raw::Webhook::name),
        optional("avatar_url", &raw::Webhook::avatar_url, "avatar"),
        optional("token", &raw::Webhook::token),
        optional("url", &raw::Webhook::url),
        required("created_at", &raw::Webhook::created_at),
        optional("enabled", &raw::Webhook::enabled),
    };
};

template <>
struct Fields<raw::VoiceRegion> {
    static constexpr std::tuple table{
        required("id", &raw::VoiceRegion::id),
        required("name", &raw::VoiceRegion::name),
        nullable("endpoint", &raw::VoiceRegion::endpoint),
        nullable("deprecated", &raw::VoiceRegion::deprecated),
    };
};

template <>
struct Fields<raw::TurnCredentials> {
    static constexpr std::tuple table{
        nullable("ice_servers", &raw::TurnCredentials::ice_servers),
        required("ttl", &raw::TurnCredentials::ttl),
    };
};

template <>
struct Fields<raw::Login> {
    static constexpr std::tuple table{
        required("token", &raw::Login::token),
        required("user", &raw::Login::user),
    };
};

}  // namespace intent::codec
