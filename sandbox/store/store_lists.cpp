// Lists of all rows, for the control API and the journal.
#include "sandbox/store/store.hpp"
#include "sandbox/store/store_rows.hpp"

namespace intent::inline v0::sandbox {

std::vector<Account> Store::accounts() { return db_.query(select_accounts("ORDER BY id")).all(read_account); }

std::vector<raw::Server> Store::all_servers() { return db_.query(select_servers("ORDER BY s.id")).all(read_server); }

std::vector<std::string> Store::tokens() {
    return db_.query("SELECT token FROM tokens UNION ALL SELECT token FROM webhooks").all(read_text);
}

}  // namespace intent::sandbox
