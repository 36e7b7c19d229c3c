// A restore that fails half-way leaves everything as it was.
#include "sandbox/host.hpp"
#include "sandbox/sqlite.hpp"

#include <gtest/gtest.h>

namespace intent::sandbox::host_store_test {
namespace {

std::int64_t number(Database& db, const std::string& sql) {
    auto row = db.query(sql);
    return row.step() ? row.integer(0) : -1;
}

struct HostStore : testing::Test {
    // Its loop does not run: the test is the only thread.
    Host host{SandboxOptions{}, {{.name = "bot", .token = long_token('x')}}};

    static std::string long_token(char letter) { return "bot_" + std::string(60'000, letter); }

    /// A store of the same size that the bot is missing in: it is made when the store is taken over.
    static std::string snapshot_without_the_bot() {
        return Host(SandboxOptions{}, {{.name = "other", .token = long_token('y')}}).snapshot();
    }

    std::vector<std::string> names() {
        std::vector<std::string> names;
        for (const auto& account : host.store.accounts())
            names.push_back(account.user.username);
        return names;
    }
};

TEST_F(HostStore, case_181_a_reload_that_fails_after_the_copy_changes_nothing) {
    const auto image = snapshot_without_the_bot();
    const auto tokens = host.store.tokens();
    const auto server = host.seed_server();
    host.perform(host.gateway.on_open(host.clock.now(), 1, "127.0.0.1"));
    host.counters.requests = 7;
    // There is room for what comes, not for the bot's token besides.
    auto& db = host.store.database();
    const auto pages = number(db, "PRAGMA page_count");
    ASSERT_EQ(number(db, "PRAGMA max_page_count = " + std::to_string(pages)), pages);

    EXPECT_THROW(host.restore(image), SqliteError);

    EXPECT_EQ(names(), (std::vector<std::string>{"alice", "bot"}));
    EXPECT_EQ(host.store.tokens(), tokens);
    EXPECT_EQ(host.seed_server(), server);
    EXPECT_EQ(host.gateway.connections(), 1u) << "nobody is sent away";
    EXPECT_EQ(host.counters.requests, 7u);

    number(db, "PRAGMA max_page_count = 1000000");
    host.restore(image);
    EXPECT_EQ(names(), (std::vector<std::string>{"alice", "other", "bot"}));
    EXPECT_EQ(host.gateway.connections(), 0u);
    EXPECT_EQ(host.counters.requests, 0u);
}

}  // namespace
}  // namespace intent::sandbox::host_store_test
