// The field tables of the bodies of REST requests, with the limits of their values (protocol §8, §9, §12, §16). Names,
// texts and lists have limits in code points and entries, numbers in their value.
#pragma once

#include "codec/field.hpp"
#include "codec/fields.hpp"

#include <intent/bodies.hpp>

#include <cstdint>
#include <tuple>
#include <vector>

namespace intent::raw {

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

constexpr std::uint64_t max_name = 100;  // of a role: the protocol gives none; other names have this one
constexpr std::uint64_t max_webhook_name = 80;
constexpr std::uint64_t max_account_text = 1024;  // the protocol gives none for e-mail addresses and passwords
constexpr std::uint64_t max_content = 2000;
constexpr std::uint64_t max_embeds = 10;

template <>
struct Fields<raw::NewServer> {
    static constexpr std::tuple table{
        required("name", &raw::NewServer::name, Range{2, max_name}),
        omitted("icon", &raw::NewServer::icon),
        omitted("description", &raw::NewServer::description, at_most(500)),
    };
};

template <>
struct Fields<raw::ServerEdit> {
    static constexpr std::tuple table{
        omitted("name", &raw::ServerEdit::name, Range{2, max_name}),
        omitted("description", &raw::ServerEdit::description, at_most(500)),
    };
};

template <>
struct Fields<raw::NewChannel> {
    static constexpr std::tuple table{
        required("name", &raw::NewChannel::name, Range{1, max_name}),
        required("type", &raw::NewChannel::type),
        omitted("topic", &raw::NewChannel::topic, at_most(1024)),
        omitted("position", &raw::NewChannel::position),
        omitted("parent_id", &raw::NewChannel::parent_id),
    };
};

template <>
struct Fields<raw::ChannelEdit> {
    static constexpr std::tuple table{
        omitted("name", &raw::ChannelEdit::name, Range{1, max_name}),
        omitted("topic", &raw::ChannelEdit::topic, at_most(1024)),
        omitted("position", &raw::ChannelEdit::position),
        omitted("parent_id", &raw::ChannelEdit::parent_id),
    };
};

template <>
struct Fields<raw::MessageBody> {
    static constexpr std::tuple table{
        omitted("content", &raw::MessageBody::content, at_most(max_content)),
        omitted("embeds", &raw::MessageBody::embeds, at_most(max_embeds)),
        omitted("mls_ciphertext", &raw::MessageBody::mls_ciphertext),
    };
};

template <>
struct Fields<raw::MessageIds> {
    static constexpr std::tuple table{required("messages", &raw::MessageIds::messages, Range{1, 100})};
};

template <>
struct Fields<raw::MemberEdit> {
    static constexpr std::tuple table{
        omitted("nickname", &raw::MemberEdit::nickname, Range{1, 32}),
        omitted("roles", &raw::MemberEdit::roles),
    };
};

template <>
struct Fields<raw::NewRole> {
    static constexpr std::tuple table{
        required("name", &raw::NewRole::name, Range{1, max_name}), omitted("permissions", &raw::NewRole::permissions),
        omitted("color", &raw::NewRole::color, at_most(0xFFFFFF)), omitted("hoist", &raw::NewRole::hoist),
        omitted("mentionable", &raw::NewRole::mentionable),
    };
};

template <>
struct Fields<raw::RoleEdit> {
    static constexpr std::tuple table{
        omitted("name", &raw::RoleEdit::name, Range{1, max_name}),
        omitted("position", &raw::RoleEdit::position),
        omitted("permissions", &raw::RoleEdit::permissions),
        omitted("color", &raw::RoleEdit::color, at_most(0xFFFFFF)),
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
        required("name", &raw::NewWebhook::name, Range{1, max_webhook_name}),
        omitted("avatar_url", &raw::NewWebhook::avatar_url, at_most(max_url)),
    };
};

template <>
struct Fields<raw::WebhookEdit> {
    static constexpr std::tuple table{
        omitted("name", &raw::WebhookEdit::name, Range{1, max_webhook_name}),
        omitted("avatar_url", &raw::WebhookEdit::avatar_url, at_most(max_url)),
        omitted("channel_id", &raw::WebhookEdit::channel_id),
        omitted("enabled", &raw::WebhookEdit::enabled),
    };
};

template <>
struct Fields<raw::WebhookBody> {
    static constexpr std::tuple table{
        omitted("content", &raw::WebhookBody::content, at_most(max_content)),
        omitted("username", &raw::WebhookBody::username, Range{1, max_webhook_name}),
        omitted("avatar_url", &raw::WebhookBody::avatar_url, at_most(max_url)),
        omitted("embeds", &raw::WebhookBody::embeds, at_most(max_embeds)),
    };
};

template <>
struct Fields<raw::UserEdit> {
    static constexpr std::tuple table{omitted("display_name", &raw::UserEdit::display_name, Range{1, 32})};
};

template <>
struct Fields<raw::NewAccount> {
    static constexpr std::tuple table{
        required("username", &raw::NewAccount::username, Range{2, 32}),
        required("email", &raw::NewAccount::email, Range{1, max_account_text}),
        required("password", &raw::NewAccount::password, Range{1, max_account_text}),
    };
};

template <>
struct Fields<raw::Credentials> {
    static constexpr std::tuple table{
        required("username_or_email", &raw::Credentials::username_or_email, Range{1, max_account_text}),
        required("password", &raw::Credentials::password, Range{1, max_account_text}),
    };
};

template <>
struct Fields<raw::Recipient> {
    static constexpr std::tuple table{required("recipient_id", &raw::Recipient::recipient_id)};
};

template <>
struct Fields<raw::Recipients> {
    static constexpr std::tuple table{required("recipient_ids", &raw::Recipients::recipient_ids, Range{2, 9})};
};

template <>
struct Fields<raw::TurnServer> {
    static constexpr std::tuple table{required("server_id", &raw::TurnServer::server_id)};
};

}  // namespace intent::codec
