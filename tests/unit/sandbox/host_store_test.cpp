// A restore that fails half-way leaves everything as it was.
#include "sandbox/host/host.hpp"
#include "sandbox/store/database.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <functional>
#include <string_view>
#include <utility>

namespace intent::inline v0::sandbox::host_store_test {
namespace {

std::int64_t number(Database& db, const std::string& sql) {
    auto row = db.query(sql);
    return row.step() ? row.integer(0) : -1;
}

struct HostStore : testing::Test {
    // Its loop does not run: the test is the only thread.
    Host host{Options{}, {{.name = "bot", .token = long_token('x')}}};

    Parts parts = host.parts();

    const ClockReading begun = parts.clock.read();

    std::size_t limits() { return parts.api.buckets(begun.steady).size(); }

    static std::string long_token(char letter) { return "bot_" + std::string(59'000, letter); }

    /// A store of the same size that the bot is missing in: it is made when the store is taken over.
    static std::string snapshot_without_the_bot() {
        return Host(Options{}, {{.name = "other", .token = long_token('y')}}).snapshot();
    }

    std::vector<std::string> names() {
        std::vector<std::string> names;
        for (const auto& account : parts.store.accounts())
            names.push_back(account.user.username);
        return names;
    }

    void expect_failed_restore_changes_nothing(const std::function<void()>& restore) {
        const auto tokens = parts.store.tokens();
        const auto server = host.seed_server();
        host.perform(parts.gateway.on_open(parts.clock.now(), 1, "127.0.0.1"));
        const std::string path = "/channels/" + host.seed_channel().str() + "/messages";
        RestRequest request{.method = "GET", .path = path, .authorization = "Bearer " + long_token('x')};
        parts.api.authenticate(request, begun.system);
        parts.api.begin(request, begun);
        ASSERT_EQ(limits(), 1u);
        restore();
        EXPECT_EQ(names(), (std::vector<std::string>{"alice", "bot"}));
        EXPECT_EQ(parts.store.tokens(), tokens);
        EXPECT_EQ(host.seed_server(), server);
        EXPECT_EQ(parts.gateway.connections(), 1u) << "no connection is closed";
        EXPECT_EQ(limits(), 1u);
    }

    void expect_restore() {
        host.restore(snapshot_without_the_bot());
        EXPECT_EQ(names(), (std::vector<std::string>{"alice", "other", "bot"}));
        EXPECT_EQ(parts.gateway.connections(), 0u);
        EXPECT_EQ(limits(), 0u);
    }
};

/// Refuses to read users, once: what was copied is looked at only then.
int refuse_once(void* armed, int action, const char* table, const char*, const char*, const char*) {
    if (action != SQLITE_READ || table == nullptr || std::string_view(table) != "users") return SQLITE_OK;
    return std::exchange(*static_cast<bool*>(armed), false) ? SQLITE_DENY : SQLITE_OK;
}

TEST_F(HostStore, case_181_a_reload_that_fails_after_the_copy_changes_nothing) {
    auto& db = parts.store.database();
    expect_failed_restore_changes_nothing([&] {
        bool armed = true;
        sqlite3_set_authorizer(db.handle(), refuse_once, &armed);
        EXPECT_THROW(host.restore(snapshot_without_the_bot()), SqliteError);
        sqlite3_set_authorizer(db.handle(), nullptr, nullptr);
        EXPECT_FALSE(armed);
    });
    expect_restore();
}

TEST_F(HostStore, a_copy_without_disk_space_changes_nothing) {
    auto& db = parts.store.database();
    expect_failed_restore_changes_nothing([&] {
        const auto pages = number(db, "PRAGMA page_count");
        ASSERT_EQ(number(db, "PRAGMA max_page_count = " + std::to_string(pages)), pages);
        EXPECT_THROW(host.restore(snapshot_without_the_bot()), SqliteError);
        number(db, "PRAGMA max_page_count = 1000000");
    });
    expect_restore();
}

}  // namespace
}  // namespace intent::sandbox::host_store_test
