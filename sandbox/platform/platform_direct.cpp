// The platform's direct messages: channels without a server, visible only to their members (protocol §8, §16).
#include "sandbox/base/problem.hpp"
#include "sandbox/base/text.hpp"
#include "sandbox/platform/platform_announce.hpp"

#include <algorithm>

namespace intent::inline v0::sandbox {
namespace {

constexpr std::size_t max_people = 10;  // in a group
constexpr std::size_t max_ciphertext = 64u << 10;

bool is_base64(std::string_view text) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const auto padding = text.ends_with("==") ? 2u : text.ends_with('=') ? 1u : 0u;
    return !text.empty() && text.size() % 4 == 0 &&
           text.substr(0, text.size() - padding).find_first_not_of(alphabet) == std::string_view::npos;
}

std::vector<UserId> ids_of(const std::vector<raw::User>& users) {
    std::vector<UserId> ids;
    ids.reserve(users.size());
    for (const auto& user : users)
        ids.push_back(user.id);
    return ids;
}

}  // namespace

std::string place_name(const raw::Channel& channel) {
    return is_direct(channel.type) ? "direct messages" : "#" + channel.name;
}

void check_encryption(const raw::Channel& where, const MessageContent& content) {
    if (!is_direct(where.type)) {
        if (content.ciphertext) throw invalid("mls_ciphertext", "only direct messages are encrypted: send content");
        return;
    }
    constexpr auto why = "direct messages are end-to-end encrypted: send mls_ciphertext (base64) instead";
    if (content.content) throw invalid("content", why);
    if (content.embeds) throw invalid("embeds", why);
    if (!content.ciphertext) throw invalid("mls_ciphertext", "required: direct messages are end-to-end encrypted");
    if (content.ciphertext->size() > max_ciphertext)
        throw invalid("mls_ciphertext",
                      "at most 65536 characters allowed, got " + std::to_string(content.ciphertext->size()));
    if (!is_base64(*content.ciphertext))
        throw invalid("mls_ciphertext", "expected base64 (A-Z a-z 0-9 + / and padding)");
}

/// Members may read and write; no member has management permissions.
void Platform::require_recipient(UserId actor, const raw::Channel& channel, std::initializer_list<Permission> needed) {
    if (!store_.is_recipient(channel.id, actor)) throw no_member(name_of(actor), "channel " + channel.id.str());
    for (const auto permission : needed) {
        const bool is_given = permission == Permission::view_channel || permission == Permission::send_messages ||
                              permission == Permission::read_message_history;
        if (!is_given) throw lacks(name_of(actor), intent::name_of(permission), place_name(channel));
    }
}

raw::Channel Platform::require_group(UserId actor, ChannelId id) {
    raw::Channel channel = require_channel(actor, id);
    if (channel.type != ChannelType::group)
        throw invalid("channel_id", id.str() + " is not a group (type 4): it has no recipients to change");
    return channel;
}

std::vector<UserId> Platform::audience_of(const raw::Channel& channel) {
    if (is_direct(channel.type)) return ids_of(store_.recipients(channel.id));
    return store_.members_with(channel.server_id, Permission::view_channel);
}

raw::Channel Platform::seen_by(UserId viewer, raw::Channel channel) {
    channel.recipients = store_.recipients(channel.id);
    std::erase_if(channel.recipients, [&](const auto& user) { return user.id == viewer; });
    return channel;
}

void Platform::announce_direct(std::string_view name, const raw::Channel& channel, const std::vector<UserId>& to) {
    for (const UserId user : to)
        announce(name, "channel", seen_by(user, channel), {user});
}

OpenedChannel Platform::open_direct(UserId actor, const NewDirect& wanted, Timestamp now) {
    std::vector<UserId> members{actor};
    for (const UserId other : wanted.recipients) {
        if (other == actor) throw invalid("recipient_id", "must be another user than the one who opens the channel");
        if (!store_.account(other)) throw not_found("user " + other.str());
        if (std::find(members.begin(), members.end(), other) != members.end())
            throw invalid("recipient_ids", other.str() + " is given twice");
        members.push_back(other);
    }
    const bool is_group = members.size() > 2;
    if (members.size() < 2 || members.size() > max_people) throw invalid("recipient_ids", "2-9 ids allowed");
    if (!is_group)
        if (auto known = store_.direct_channel_of(members[0], members[1]))
            return {.channel = seen_by(actor, std::move(*known)), .is_new = false};
    if (wanted.name) check_length("name", *wanted.name, 1, 100);
    raw::Channel channel{.id = ChannelId{ids_.next(now)},
                         .server_id = {},
                         .name = is_group ? wanted.name.value_or("") : "",
                         .type = is_group ? ChannelType::group : ChannelType::direct,
                         .created_at = now,
                         .mls_initialized = wanted.mls_initialized};
    if (is_group) channel.owner_id = actor;
    if (is_group) channel.icon_url = wanted.icon_url;
    Transaction transaction(store_.database());
    store_.add_direct_channel(channel, members);
    transaction.commit();
    announce_direct("CHANNEL_CREATE", channel, members);
    return {.channel = seen_by(actor, std::move(channel)), .is_new = true};
}

void Platform::add_recipient(UserId actor, ChannelId id, UserId user) {
    const raw::Channel channel = require_group(actor, id);
    if (!store_.account(user)) throw not_found("user " + user.str());
    const auto others = audience_of(channel);
    if (std::find(others.begin(), others.end(), user) != others.end()) return;
    if (others.size() >= max_people) throw invalid("channel_id", "this group has 10 members, the maximum");
    store_.add_recipient(id, user);
    announce_direct("CHANNEL_CREATE", channel, {user});
    announce_direct("CHANNEL_UPDATE", channel, others);
}

void Platform::remove_recipient(UserId actor, ChannelId id, UserId user) {
    raw::Channel channel = require_group(actor, id);
    if (!store_.is_recipient(id, user)) throw not_found("user " + user.str() + " in channel " + id.str());
    if (actor != user && channel.owner_id != actor)
        throw forbidden(name_of(actor) + " does not own channel " + id.str() + ": only its owner may remove others");
    Transaction transaction(store_.database());
    store_.remove_recipient(id, user);
    const auto others = audience_of(channel);
    if (others.empty()) {
        store_.remove_channel(id);
    } else if (channel.owner_id == user) {
        channel.owner_id = others.front();
        store_.set_group_owner(id, others.front());
    }
    transaction.commit();
    announce("CHANNEL_DELETE", "", raw::ChannelDelete{.channel_id = id, .server_id = {}}, {user});
    announce_direct("CHANNEL_UPDATE", channel, others);
}

}  // namespace intent::sandbox
