#include <intent/permissions.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace intent::inline v0 {

namespace {

constexpr std::array<std::pair<Permission, std::string_view>, 19> table{{
    {Permission::manage_server, "MANAGE_SERVER"},
    {Permission::manage_roles, "MANAGE_ROLES"},
    {Permission::manage_channels, "MANAGE_CHANNELS"},
    {Permission::kick_members, "KICK_MEMBERS"},
    {Permission::ban_members, "BAN_MEMBERS"},
    {Permission::manage_webhooks, "MANAGE_WEBHOOKS"},
    {Permission::view_audit_log, "VIEW_AUDIT_LOG"},
    {Permission::view_channel, "VIEW_CHANNEL"},
    {Permission::send_messages, "SEND_MESSAGES"},
    {Permission::manage_messages, "MANAGE_MESSAGES"},
    {Permission::embed_links, "EMBED_LINKS"},
    {Permission::attach_files, "ATTACH_FILES"},
    {Permission::read_message_history, "READ_MESSAGE_HISTORY"},
    {Permission::mention_everyone, "MENTION_EVERYONE"},
    {Permission::connect, "CONNECT"},
    {Permission::speak, "SPEAK"},
    {Permission::mute_members, "MUTE_MEMBERS"},
    {Permission::deafen_members, "DEAFEN_MEMBERS"},
    {Permission::move_members, "MOVE_MEMBERS"},
}};

/// A permission by its name or its bit number.
std::optional<Permission> read_word(std::string_view word) {
    if (const auto named = permission_of(word)) return named;
    const auto number = parse_snowflake(word);
    if (!number || *number > 63) return std::nullopt;
    return static_cast<Permission>(*number);
}

}  // namespace

std::string_view name_of(Permission permission) noexcept {
    for (const auto& [one, name] : table) {
        if (one == permission) return name;
    }
    return {};
}

std::optional<Permission> permission_of(std::string_view name) noexcept {
    for (const auto& [permission, one] : table) {
        if (one == name) return permission;
    }
    return std::nullopt;
}

std::optional<Permissions> Permissions::parse(std::string_view decimal) noexcept {
    const auto number = parse_snowflake(decimal);
    if (!number) return std::nullopt;
    return Permissions{*number};
}

std::optional<Permissions> Permissions::from_names(std::string_view text) {
    constexpr std::string_view spaces = " \t";
    Permissions set;
    if (text.find_first_not_of(spaces) == std::string_view::npos) return set;
    for (bool more = true; more;) {
        const auto end = text.find_first_of(",|");
        auto word = text.substr(0, end);
        more = end != std::string_view::npos;
        if (more) text.remove_prefix(end + 1);
        word.remove_prefix(std::min(word.find_first_not_of(spaces), word.size()));
        word = word.substr(0, word.find_last_not_of(spaces) + 1);
        const auto permission = read_word(word);
        if (!permission) return std::nullopt;
        set = set.with(*permission);
    }
    return set;
}

std::string Permissions::names() const {
    std::string text;
    for (unsigned bit = 0; bit < 64; ++bit) {
        const auto permission = static_cast<Permission>(bit);
        if (!has(permission)) continue;
        if (!text.empty()) text += ", ";
        const auto name = name_of(permission);
        text += name.empty() ? std::to_string(bit) : std::string(name);
    }
    return text;
}

}  // namespace intent
