// Lists and numbers of all rows, for the control API, the journal and the metrics.
#include "sandbox/store/store.hpp"
#include "sandbox/store/store_rows.hpp"

#include <array>

namespace intent::inline v0::sandbox {

std::vector<Account> Store::accounts() { return db_.query(select_accounts("ORDER BY id")).all(read_account); }

std::vector<raw::Server> Store::all_servers() { return db_.query(select_servers("ORDER BY s.id")).all(read_server); }

std::vector<std::string> Store::tokens() {
    return db_.query("SELECT token FROM tokens UNION ALL SELECT token FROM webhooks").all(read_text);
}

std::vector<Store::Count> Store::counts() {
    constexpr std::array<std::string_view, 9> tables{"users",    "tokens",   "servers", "members", "roles",
                                                     "channels", "messages", "invites", "webhooks"};
    std::vector<Count> counts;
    for (const auto table : tables) {
        auto row = db_.query("SELECT count(*) FROM " + std::string(table));
        row.step();
        counts.push_back({.what = table, .number = static_cast<std::uint64_t>(row.integer(0))});
    }
    return counts;
}

std::uint64_t Store::bytes() { return static_cast<std::uint64_t>(db_.pragma("page_count") * db_.pragma("page_size")); }

}  // namespace intent::sandbox
