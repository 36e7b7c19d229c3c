// Reads rows of the store into raw types. Columns are in the order of the SELECTs in store*.cpp.
#pragma once

#include "sandbox/store/store.hpp"

namespace intent::sandbox {

inline std::int64_t microseconds(Timestamp time) { return time.time_since_epoch().count(); }

inline Timestamp timestamp(std::int64_t value) { return Timestamp(std::chrono::microseconds(value)); }

inline raw::User read_user(const Statement& row, int first) {
    return {.id = UserId{row.id(first)},
            .username = row.text(first + 1),
            .display_name = row.text(first + 2),
            .avatar_url = row.optional_text(first + 3)};
}

inline std::optional<Account> read_account(Statement row) {
    if (!row.step()) return std::nullopt;
    Account account{.user = read_user(row, 0), .is_bot = row.integer(5) != 0, .password = row.text(6)};
    account.user.created_at = timestamp(row.integer(4));
    return account;
}

inline raw::Server read_server(const Statement& row) {
    return {.id = ServerId{row.id(0)},
            .name = row.text(1),
            .owner_id = UserId{row.id(2)},
            .icon_url = row.optional_text(3),
            .description = row.optional_text(4),
            .member_count = static_cast<int>(row.integer(6)),
            .created_at = timestamp(row.integer(5))};
}

inline std::string select_channels(std::string_view condition) {
    return std::string(
               "SELECT id, server_id, name, type, topic, position, parent_id, created_at, icon_url, owner_id, "
               "mls_initialized FROM channels WHERE ")
        .append(condition);
}

inline raw::Channel read_channel(const Statement& row) {
    raw::Channel channel{.id = ChannelId{row.id(0)},
                         .server_id = ServerId{row.id(1)},
                         .name = row.text(2),
                         .type = static_cast<ChannelType>(row.integer(3)),
                         .topic = row.optional_text(4),
                         .position = static_cast<int>(row.integer(5)),
                         .created_at = timestamp(row.integer(7)),
                         .mls_initialized = row.integer(10) != 0,
                         .icon_url = row.optional_text(8)};
    if (!row.is_null(6)) channel.parent_id = ChannelId{row.id(6)};
    if (!row.is_null(9)) channel.owner_id = UserId{row.id(9)};
    return channel;
}

}  // namespace intent::sandbox
