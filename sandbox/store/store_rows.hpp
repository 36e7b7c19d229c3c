// Reads rows of the store into raw types. Columns are in the order of the SELECTs here and in store*.cpp.
#pragma once

#include "sandbox/store/store.hpp"

namespace intent::inline v0::sandbox {

template <class Id>
Id read_id(const Statement& row) {
    return Id{row.id(0)};
}

inline std::string read_text(const Statement& row) { return row.text(0); }

/// Columns `first` to `first` + 4: id, username, display_name, avatar_url, created_at.
inline raw::User read_user(const Statement& row, int first) {
    return {.id = UserId{row.id(first)},
            .username = row.text(first + 1),
            .display_name = row.text(first + 2),
            .avatar_url = row.optional_text(first + 3),
            .created_at = row.optional_time(first + 4)};
}

inline std::string select_accounts(std::string_view rest) {
    return std::string("SELECT id, username, display_name, avatar_url, created_at, is_bot, password FROM users ")
        .append(rest);
}

inline Account read_account(const Statement& row) {
    return {.user = read_user(row, 0), .is_bot = row.boolean(5), .password = row.text(6)};
}

inline std::string select_servers(std::string_view rest) {
    return std::string(
               "SELECT s.id, s.name, s.owner_id, s.icon_url, s.description, s.created_at, "
               "(SELECT count(*) FROM members WHERE server_id = s.id) FROM servers AS s ")
        .append(rest);
}

inline raw::Server read_server(const Statement& row) {
    return {.id = ServerId{row.id(0)},
            .name = row.text(1),
            .owner_id = UserId{row.id(2)},
            .icon_url = row.optional_text(3),
            .description = row.optional_text(4),
            .member_count = row.small(6),
            .created_at = row.time(5)};
}

inline std::string select_channels(std::string_view condition) {
    return std::string(
               "SELECT id, server_id, name, type, topic, position, parent_id, created_at, icon_url, owner_id, "
               "mls_initialized FROM channels WHERE ")
        .append(condition);
}

inline raw::Channel read_channel(const Statement& row) {
    return {.id = ChannelId{row.id(0)},
            .server_id = ServerId{row.id(1)},
            .name = row.text(2),
            .type = static_cast<ChannelType>(row.integer(3)),
            .topic = row.optional_text(4),
            .position = row.small(5),
            .parent_id = row.optional_id<ChannelId>(6),
            .created_at = row.time(7),
            .mls_initialized = row.boolean(10),
            .owner_id = row.optional_id<UserId>(9),
            .icon_url = row.optional_text(8)};
}

}  // namespace intent::sandbox
