// The field tables of the raw types (protocol §4, §7, §8, §15): the only place for their wire names.
#pragma once

#include "codec/field.hpp"

#include <intent/limits.hpp>
#include <intent/raw/channel.hpp>
#include <intent/raw/embed.hpp>
#include <intent/raw/gateway.hpp>
#include <intent/raw/member.hpp>
#include <intent/raw/message.hpp>
#include <intent/raw/server.hpp>
#include <intent/raw/user.hpp>

#include <string_view>
#include <tuple>

namespace intent::codec {

template <>
struct Fields<raw::User> {
    static constexpr std::tuple table{
        required("id", &raw::User::id),
        required("username", &raw::User::username),
        optional("display_name", &raw::User::display_name),
        optional("avatar_url", &raw::User::avatar_url, "avatar"),
        omitted("created_at", &raw::User::created_at),  // absent for the author of a webhook's message
    };
    static void finish(raw::User& user) {
        if (user.display_name.empty()) user.display_name = user.username;
    }
};

template <>
struct Fields<raw::Server> {
    static constexpr std::tuple table{
        required("id", &raw::Server::id),
        required("name", &raw::Server::name),
        required("owner_id", &raw::Server::owner_id),
        optional("icon_url", &raw::Server::icon_url, "icon", "icon_hash"),
        optional("description", &raw::Server::description),
        optional("member_count", &raw::Server::member_count),
        optional("created_at", &raw::Server::created_at),
    };
};

template <>
struct Fields<raw::Channel> {
    static constexpr std::tuple table{
        required("id", &raw::Channel::id),
        nullable("server_id", &raw::Channel::server_id),
        optional("name", &raw::Channel::name),
        required("type", &raw::Channel::type),
        optional("topic", &raw::Channel::topic),
        nullable("position", &raw::Channel::position),
        optional("parent_id", &raw::Channel::parent_id),
        optional("created_at", &raw::Channel::created_at),
        nullable("recipients", &raw::Channel::recipients),
        nullable("mls_initialized", &raw::Channel::mls_initialized),
        optional("owner_id", &raw::Channel::owner_id),
        optional("icon_url", &raw::Channel::icon_url),
    };
    static bool applies(const raw::Channel& channel, std::string_view field) noexcept {
        if (channel.type == ChannelType::direct && (field == "owner_id" || field == "icon_url")) return false;
        if (is_direct(channel.type)) return field != "position" && field != "parent_id" && field != "topic";
        return field != "recipients" && field != "mls_initialized" && field != "owner_id" && field != "icon_url";
    }
    static void finish(raw::Channel& channel) {
        if (is_direct(channel.type)) {
            channel.topic.reset();
            channel.position = 0;
            channel.parent_id.reset();
        } else {
            channel.recipients.clear();
            channel.mls_initialized = false;
            channel.owner_id.reset();
            channel.icon_url.reset();
        }
    }
};

template <>
struct Fields<raw::EmbedFooter> {
    static constexpr std::tuple table{
        required("text", &raw::EmbedFooter::text, at_most(limits::embed_footer_length)),
        optional("icon_url", &raw::EmbedFooter::icon_url),
    };
};

template <>
struct Fields<raw::EmbedImage> {
    static constexpr std::tuple table{required("url", &raw::EmbedImage::url, Range{1, limits::url_length})};
};

template <>
struct Fields<raw::EmbedAuthor> {
    static constexpr std::tuple table{
        required("name", &raw::EmbedAuthor::name, at_most(limits::embed_author_length)),
        optional("url", &raw::EmbedAuthor::url),
        optional("icon_url", &raw::EmbedAuthor::icon_url),
    };
};

template <>
struct Fields<raw::EmbedField> {
    static constexpr std::tuple table{
        required("name", &raw::EmbedField::name, Range{1, limits::embed_field_name_length}),
        required("value", &raw::EmbedField::value, Range{1, limits::embed_field_value_length}),
        optional("inline", &raw::EmbedField::is_inline),
    };
};

template <>
struct Fields<raw::Embed> {
    static constexpr std::tuple table{
        optional("title", &raw::Embed::title, at_most(limits::embed_title_length)),
        optional("description", &raw::Embed::description, at_most(limits::embed_description_length)),
        optional("url", &raw::Embed::url, at_most(limits::url_length)),
        optional("color", &raw::Embed::color, at_most(limits::color)),
        optional("timestamp", &raw::Embed::timestamp),
        optional("footer", &raw::Embed::footer),
        optional("image", &raw::Embed::image),
        optional("thumbnail", &raw::Embed::thumbnail),
        optional("author", &raw::Embed::author),
        optional("fields", &raw::Embed::fields, at_most(limits::embed_fields)),
    };
};

template <>
struct Fields<raw::Attachment> {
    static constexpr std::tuple table{
        required("id", &raw::Attachment::id),
        required("filename", &raw::Attachment::filename),
        required("size", &raw::Attachment::size),
        required("url", &raw::Attachment::url),
        optional("content_type", &raw::Attachment::content_type),
        optional("width", &raw::Attachment::width),
        optional("height", &raw::Attachment::height),
    };
};

template <>
struct Fields<raw::Message> {
    static constexpr std::tuple table{
        required("id", &raw::Message::id),
        required("channel_id", &raw::Message::channel_id),
        required("author", &raw::Message::author),
        nullable("content", &raw::Message::content),
        required("created_at", &raw::Message::created_at, "timestamp"),
        optional("edited_at", &raw::Message::edited_at, "edited_timestamp"),
        optional("attachments", &raw::Message::attachments),
        optional("embeds", &raw::Message::embeds),
        omitted("webhook_id", &raw::Message::webhook_id),          // marks the messages of webhooks
        omitted("mls_ciphertext", &raw::Message::mls_ciphertext),  // marks encrypted messages
    };
    static bool is_nil(const raw::Message& message, std::string_view field) noexcept {
        return field == "content" && message.mls_ciphertext.has_value();
    }
};

template <>
struct Fields<raw::Role> {
    static constexpr std::tuple table{
        required("id", &raw::Role::id),
        required("server_id", &raw::Role::server_id),
        required("name", &raw::Role::name),
        required("permissions", &raw::Role::permissions),
        required("position", &raw::Role::position),
        required("color", &raw::Role::color),
        optional("hoist", &raw::Role::hoist),
        optional("mentionable", &raw::Role::mentionable),
        optional("created_at", &raw::Role::created_at),
    };
};

template <>
struct Fields<raw::Member> {
    static constexpr std::tuple table{
        required("user", &raw::Member::user),           nullable("server_id", &raw::Member::server_id),
        optional("nickname", &raw::Member::nickname),   optional("roles", &raw::Member::roles),
        required("joined_at", &raw::Member::joined_at),
    };
};

template <>
struct Fields<raw::Ready> {
    static constexpr std::tuple table{
        required("user", &raw::Ready::user),
        nullable("servers", &raw::Ready::servers),
        optional("session_id", &raw::Ready::session_id),
    };
};

template <>
struct Fields<raw::IdentifyProperties> {
    static constexpr std::tuple table{
        nullable("os", &raw::IdentifyProperties::os),
        nullable("browser", &raw::IdentifyProperties::browser),
        nullable("device", &raw::IdentifyProperties::device),
    };
};

template <>
struct Fields<raw::Identify> {
    static constexpr std::tuple table{
        required("token", &raw::Identify::token),
        optional("intents", &raw::Identify::intents),
        optional("properties", &raw::Identify::properties),
    };
};

template <>
struct Fields<raw::Resume> {
    static constexpr std::tuple table{
        required("token", &raw::Resume::token),
        required("session_id", &raw::Resume::session_id),
        required("seq", &raw::Resume::seq),
    };
};

template <>
struct Fields<raw::MessageDelete> {
    static constexpr std::tuple table{
        required("id", &raw::MessageDelete::id),
        required("channel_id", &raw::MessageDelete::channel_id),
    };
};

template <>
struct Fields<raw::ServerDelete> {
    static constexpr std::tuple table{required("server_id", &raw::ServerDelete::server_id)};
};

template <>
struct Fields<raw::ChannelDelete> {
    static constexpr std::tuple table{
        required("channel_id", &raw::ChannelDelete::channel_id),
        nullable("server_id", &raw::ChannelDelete::server_id),
    };
};

}  // namespace intent::codec
