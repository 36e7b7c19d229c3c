// Lists of all rows, for the control API and the journal.
#include "sandbox/store/store.hpp"
#include "sandbox/store/store_rows.hpp"

namespace intent::sandbox {

std::vector<Account> Store::accounts() {
    auto row =
        db_.query("SELECT id, username, display_name, avatar_url, created_at, is_bot, password FROM users ORDER BY id");
    std::vector<Account> accounts;
    while (row.step()) {
        accounts.push_back({.user = read_user(row, 0), .is_bot = row.integer(5) != 0, .password = row.text(6)});
        accounts.back().user.created_at = timestamp(row.integer(4));
    }
    return accounts;
}

std::vector<raw::Server> Store::all_servers() {
    auto row = db_.query(
        "SELECT id, name, owner_id, icon_url, description, created_at, "
        "(SELECT count(*) FROM members WHERE server_id = servers.id) FROM servers ORDER BY id");
    std::vector<raw::Server> servers;
    while (row.step())
        servers.push_back(read_server(row));
    return servers;
}

std::vector<std::string> Store::tokens() {
    auto row = db_.query("SELECT token FROM tokens UNION ALL SELECT token FROM webhooks");
    std::vector<std::string> tokens;
    while (row.step())
        tokens.push_back(row.text(0));
    return tokens;
}

}  // namespace intent::sandbox
