// A restore that fails half-way leaves everything as it was.
#include "sandbox/host/host.hpp"
#include "sandbox/store/sqlite.hpp"

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

    Parts parts = host.parts();

    const ClockReading begun = parts.clock.read();

    std::size_t limits() { return parts.api.buckets(begun.steady).size(); }

    static std::string long_token(char letter) { return "bot_" + std::string(60'000, letter); }

    /// A store of the same size that the bot is missing in: it is made when the store is taken over.
    static std::string snapshot_without_the_bot() {
        return Host(SandboxOptions{}, {{.name = "other", .token = long_token('y')}}).snapshot();
    }

    std::vector<std::string> names() {
        std::vector<std::string> names;
        for (const auto& account : parts.store.accounts())
            names.push_back(account.user.username);
        return names;
    }
};

TEST_F(HostStore, case_181_a_reload_that_fails_after_the_copy_changes_nothing) {
    const auto image = snapshot_without_the_bot();
    const auto tokens = parts.store.tokens();
    const auto server = host.seed_server();
    host.perform(parts.gateway.on_open(parts.clock.now(), 1, "127.0.0.1"));
    const std::string path = "/channels/" + host.seed_channel().str() + "/messages";
    parts.api.begin({.method = "GET", .path = path, .authorization = "Bearer " + long_token('x')}, begun);
    ASSERT_EQ(limits(), 1u);
    // There is room for what comes, not for the bot's token besides.
    auto& db = parts.store.database();
    const auto pages = number(db, "PRAGMA page_count");
    ASSERT_EQ(number(db, "PRAGMA max_page_count = " + std::to_string(pages)), pages);

    EXPECT_THROW(host.restore(image), SqliteError);

    EXPECT_EQ(names(), (std::vector<std::string>{"alice", "bot"}));
    EXPECT_EQ(parts.store.tokens(), tokens);
    EXPECT_EQ(host.seed_server(), server);
    EXPECT_EQ(parts.gateway.connections(), 1u) << "nobody is sent away";
    EXPECT_EQ(limits(), 1u);

    number(db, "PRAGMA max_page_count = 1000000");
    host.restore(image);
    EXPECT_EQ(names(), (std::vector<std::string>{"alice", "other", "bot"}));
    EXPECT_EQ(parts.gateway.connections(), 0u);
    EXPECT_EQ(limits(), 0u);
}

}  // namespace
}  // namespace intent::sandbox::host_store_test
