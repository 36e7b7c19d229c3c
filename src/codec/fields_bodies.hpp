// The field tables of the bodies of REST requests, with the limits of their values (protocol §8, §9, §12, §16). Names,
// texts and lists have limits in code points and entries, numbers in their value.
#pragma once

#include "codec/field.hpp"
#include "codec/fields.hpp"

#include <intent/bodies.hpp>
#include <intent/limits.hpp>
#include <intent/raw/bodies.hpp>

#include <tuple>
#include <vector>

namespace intent::inline v0::raw {

// Bodies whose only field is the argument of the call.

struct Recipient {
    UserId recipient_id;
};

struct Recipients {
    std::vector<UserId> recipient_ids;
};

struct MessageIds {
    std::vector<MessageId> messages;
};

struct TurnServer {
    ServerId server_id;
};

}  // namespace intent::raw

namespace intent::codec {

template <>
struct Fields<raw::NewServer> {
    static constexpr std::tuple table{
        required("name", &raw::NewServer::name, Range{limits::min_server_name_length, limits::server_name_length}),
        omitted("icon", &raw::NewServer::icon),
        omitted("description", &raw::NewServer::description, at_most(limits::server_description_length)),
    };
};

template <>
struct Fields<raw::ServerEdit> {
    static constexpr std::tuple table{
        omitted("name", &raw::ServerEdit::name, Range{limits::min_server_name_length, limits::server_name_length}),
        omitted("description", &raw::ServerEdit::description, at_most(limits::server_description_length)),
    };
};

template <>
struct Fields<raw::NewChannel> {
    static constexpr std::tuple table{
        required("name", &raw::NewChannel::name, Range{1, limits::channel_name_length}),
        required("type", &raw::NewChannel::type),
        omitted("topic", &raw::NewChannel::topic, at_most(limits::channel_topic_length)),
        omitted("position", &raw::NewChannel::position),
        omitted("parent_id", &raw::NewChannel::parent_id),
    };
};

template <>
struct Fields<raw::ChannelEdit> {
    static constexpr std::tuple table{
        omitted("name", &raw::ChannelEdit::name, Range{1, limits::channel_name_length}),
        omitted("topic", &raw::ChannelEdit::topic, at_most(limits::channel_topic_length)),
        omitted("position", &raw::ChannelEdit::position),
        omitted("parent_id", &raw::ChannelEdit::parent_id),
    };
};

template <>
struct Fields<raw::MessageBody> {
    static constexpr std::tuple table{
        omitted("content", &raw::MessageBody::content, at_most(limits::message_length)),
        omitted("embeds", &raw::MessageBody::embeds, at_most(limits::embeds_per_message)),
        omitted("mls_ciphertext", &raw::MessageBody::mls_ciphertext),
    };
};

template <>
struct Fields<raw::MessageIds> {
    static constexpr std::tuple table{required("messages", &raw::MessageIds::messages, Range{1, limits::bulk_delete})};
};

template <>
struct Fields<raw::MemberEdit> {
    static constexpr std::tuple table{
        omitted("nickname", &raw::MemberEdit::nickname, Range{1, limits::nickname_length}),
        omitted("roles", &raw::MemberEdit::roles),
    };
};

template <>
struct Fields<raw::NewRole> {
    static constexpr std::tuple table{
        required("name", &raw::NewRole::name, Range{1, limits::role_name_length}),
        omitted("permissions", &raw::NewRole::permissions),
        omitted("color", &raw::NewRole::color, at_most(limits::color)),
        omitted("hoist", &raw::NewRole::hoist),
        omitted("mentionable", &raw::NewRole::mentionable),
    };
};

template <>
struct Fields<raw::RoleEdit> {
    static constexpr std::tuple table{
        omitted("name", &raw::RoleEdit::name, Range{1, limits::role_name_length}),
        omitted("position", &raw::RoleEdit::position),
        omitted("permissions", &raw::RoleEdit::permissions),
        omitted("color", &raw::RoleEdit::color, at_most(limits::color)),
        omitted("hoist", &raw::RoleEdit::hoist),
        omitted("mentionable", &raw::RoleEdit::mentionable),
    };
};

template <>
struct Fields<raw::NewInvite> {
    static constexpr std::tuple table{
        omitted("channel_id", &raw::NewInvite::channel_id),
        omitted("max_uses", &raw::NewInvite::max_uses, at_least(1)),
        omitted("max_age_seconds", &raw::NewInvite::max_age, at_least(1)),
    };
};

template <>
struct Fields<raw::NewWebhook> {
    static constexpr std::tuple table{
        required("name", &raw::NewWebhook::name, Range{1, limits::webhook_name_length}),
        omitted("avatar_url", &raw::NewWebhook::avatar_url, at_most(limits::url_length)),
    };
};

template <>
struct Fields<raw::WebhookEdit> {
    static constexpr std::tuple table{
        omitted("name", &raw::WebhookEdit::name, Range{1, limits::webhook_name_length}),
        omitted("avatar_url", &raw::WebhookEdit::avatar_url, at_most(limits::url_length)),
        omitted("channel_id", &raw::WebhookEdit::channel_id),
        omitted("enabled", &raw::WebhookEdit::enabled),
    };
};

template <>
struct Fields<raw::WebhookBody> {
    static constexpr std::tuple table{
        omitted("content", &raw::WebhookBody::content, at_most(limits::message_length)),
        omitted("username", &raw::WebhookBody::username, Range{1, limits::webhook_name_length}),
        omitted("avatar_url", &raw::WebhookBody::avatar_url, at_most(limits::url_length)),
        omitted("embeds", &raw::WebhookBody::embeds, at_most(limits::embeds_per_message)),
    };
};

template <>
struct Fields<raw::UserEdit> {
    static constexpr std::tuple table{
        omitted("display_name", &raw::UserEdit::display_name, Range{1, limits::display_name_length})};
};

template <>
struct Fields<raw::NewAccount> {
    static constexpr std::tuple table{
        required("username", &raw::NewAccount::username, Range{limits::min_username_length, limits::username_length}),
        required("email", &raw::NewAccount::email, Range{1, limits::account_text_length}),
        required("password", &raw::NewAccount::password, Range{1, limits::account_text_length}),
    };
};

template <>
struct Fields<raw::Credentials> {
    static constexpr std::tuple table{
        required("username_or_email", &raw::Credentials::username_or_email, Range{1, limits::account_text_length}),
        required("password", &raw::Credentials::password, Range{1, limits::account_text_length}),
    };
};

template <>
struct Fields<raw::Recipient> {
    static constexpr std::tuple table{required("recipient_id", &raw::Recipient::recipient_id)};
};

template <>
struct Fields<raw::Recipients> {
    static constexpr std::tuple table{required("recipient_ids", &raw::Recipients::recipient_ids,
                                               Range{limits::min_group_recipients, limits::group_recipients})};
};

template <>
struct Fields<raw::TurnServer> {
    static constexpr std::tuple table{required("server_id", &raw::TurnServer::server_id)};
};

}  // namespace intent::codec
