// The cache: bounded, and what was used least recently goes first.
#include "client/cache/cache.hpp"

#include <intent/raw/member.hpp>
#include <intent/raw/user.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace intent::client::cache_test {
namespace {

raw::User user(std::uint64_t id, std::string name = "name") { return {UserId{id}, std::move(name), "shown"}; }

std::vector<std::uint64_t> ids(const Cache<raw::User>& cache) {
    std::vector<std::uint64_t> list;
    for (const auto& one : cache.all())
        list.push_back(one.id.value);
    return list;
}

TEST(Cache, keeps_what_was_put_and_returns_what_it_replaces) {
    Cache<raw::User> cache(10);
    EXPECT_EQ(cache.exchange(user(1, "before")), std::nullopt);
    EXPECT_EQ(cache.exchange(user(1, "after")), user(1, "before"));
    EXPECT_EQ(cache.get(UserId{1}), user(1, "after"));
    EXPECT_EQ(cache.get(UserId{2}), std::nullopt);
    EXPECT_EQ(cache.size(), 1u);
}

TEST(Cache, a_value_that_differs_in_anything_replaces_the_cached_one) {
    const Timestamp time{std::chrono::milliseconds(1'700'000'000'123)};
    const raw::User values[] = {
        {UserId{1}, "ada", "Ada", "https://a/1", time},
        {UserId{1}, "ada", "Ada", "https://a/2", time},
        {UserId{1}, "ada", "Ada", "https://a/", time},
        {UserId{1}, "ada", "Ada", "", time},
        {UserId{1}, "ada", "Ada", std::nullopt, time},
        {UserId{1}, "ada", "Ada", std::nullopt, std::nullopt},
        {UserId{1}, "ada", "Ad", "https://a/1", time},
        {UserId{1}, "ada", "ada", "https://a/1", time},
        {UserId{1}, "ad", "Ada", "https://a/1", time},
        {UserId{1}, "", "Ada", "https://a/1", time},
        {UserId{1}, std::string(200, 'a'), "Ada", "https://a/1", time},
        {UserId{1}, std::string(201, 'a'), "Ada", "https://a/1", time},
        {UserId{1}, "ada", "Ada", "https://a/1", time + std::chrono::microseconds(1)},
        {UserId{1}, "ada", "Ada", "https://a/1", time + std::chrono::seconds(1)},
    };
    Cache<raw::User> cache(10);
    for (const auto& before : values) {
        for (const auto& after : values) {
            cache.put(before);
            EXPECT_EQ(cache.get(UserId{1}), before);
            cache.put(after);
            EXPECT_EQ(cache.get(UserId{1}), after);
        }
    }
    EXPECT_EQ(cache.size(), 1u);
}

TEST(Cache, an_unchanged_value_counts_as_used) {
    Cache<raw::User> cache(2);
    cache.put(user(1));
    cache.put(user(2));
    cache.put(user(1));
    cache.put(user(3));
    EXPECT_EQ(ids(cache), (std::vector<std::uint64_t>{3, 1}));
}

TEST(Cache, the_least_recently_used_goes_first) {
    Cache<raw::User> cache(3);
    for (const std::uint64_t id : {1, 2, 3})
        cache.put(user(id));
    EXPECT_TRUE(cache.get(UserId{1}));
    cache.put(user(2, "again"));
    cache.put(user(4));
    EXPECT_EQ(ids(cache), (std::vector<std::uint64_t>{4, 2, 1}));
    cache.put(user(5));
    EXPECT_EQ(ids(cache), (std::vector<std::uint64_t>{5, 4, 2}));
    EXPECT_EQ(cache.get(UserId{1}), std::nullopt);
}

TEST(Cache, reading_some_at_a_time_returns_what_stays_exactly_once) {
    Cache<raw::User> cache(1'000);
    for (std::uint64_t id = 1; id <= 200; ++id)
        cache.put(user(id));
    std::vector<std::uint64_t> found;
    std::vector<raw::User> values;
    std::uint64_t added = 1'000;
    for (Cache<raw::User>::Position position = 0; cache.read_some(position, 7, values, [](UserId) { return true; });) {
        EXPECT_LE(values.size(), 7u);
        for (const auto& one : values)
            if (one.id.value <= 100) found.push_back(one.id.value);
        for (int i = 0; i < 5; ++i)
            cache.put(user(++added));                  // grows it, up to the limit
        cache.take(UserId{101 + found.size() % 100});  // makes room for others
        cache.get(UserId{1 + found.size() % 100});     // and changes the order of use
        cache.put(user(1 + found.size() % 100, "changed"));
        if (added > 1'700) break;
    }
    std::vector<std::uint64_t> expected;
    for (std::uint64_t id = 1; id <= 100; ++id)
        expected.push_back(id);
    EXPECT_EQ(found, expected);
}

TEST(Cache, reading_some_at_a_time_selects_by_id_and_ends) {
    Cache<raw::User> cache(10'000);
    std::vector<raw::User> values{user(1)};
    Cache<raw::User>::Position position = 0;
    const auto is_last = [](UserId id) { return id.value == 9'000; };
    EXPECT_FALSE(cache.read_some(position, 5, values, is_last)) << "empty";
    EXPECT_TRUE(values.empty());
    for (std::uint64_t id = 1; id <= 9'000; ++id)
        cache.put(user(id));
    int calls = 0;
    std::vector<std::uint64_t> found;
    for (; cache.read_some(position, 5, values, is_last); ++calls)
        for (const auto& one : values)
            found.push_back(one.id.value);
    EXPECT_EQ(found, std::vector<std::uint64_t>{9'000});
    EXPECT_EQ(calls, 3) << "the lock is not held for all of them at once";
    cache.clear();
    EXPECT_FALSE(cache.read_some(position, 5, values, is_last));
}

TEST(Cache, with_limit_0_it_keeps_nothing) {
    Cache<raw::User> cache(0);
    EXPECT_TRUE(cache.off());
    EXPECT_EQ(cache.exchange(user(1)), std::nullopt);
    EXPECT_EQ(cache.size(), 0u);
    EXPECT_EQ(cache.get(UserId{1}), std::nullopt);
}

TEST(Cache, what_is_taken_is_removed) {
    Cache<raw::User> cache(10);
    for (const std::uint64_t id : {1, 2, 3, 4})
        cache.put(user(id));
    EXPECT_EQ(cache.take(UserId{2}), user(2));
    EXPECT_EQ(cache.take(UserId{2}), std::nullopt);
    const auto odd = cache.take_if([](const raw::User& one) { return one.id.value % 2 == 1; });
    EXPECT_EQ(odd.size(), 2u);
    EXPECT_EQ(ids(cache), std::vector<std::uint64_t>{4});
    EXPECT_EQ(cache.get(UserId{3}), std::nullopt);
    cache.put(user(3));
    EXPECT_EQ(cache.size(), 2u);
}

TEST(Cache, members_are_found_by_server_and_user) {
    Cache<raw::Member> cache(10);
    raw::Member member{.user = user(1), .server_id = ServerId{7}, .nickname = "here"};
    cache.put(member);
    member.server_id = ServerId{8};
    member.nickname = "there";
    cache.put(member);
    EXPECT_EQ(cache.size(), 2u);
    EXPECT_EQ(cache.get({ServerId{7}, UserId{1}})->nickname, "here");
    EXPECT_FALSE(cache.get({ServerId{1}, UserId{7}}));
    EXPECT_EQ(cache.take({ServerId{8}, UserId{1}})->nickname, "there");
    cache.clear();
    EXPECT_EQ(cache.size(), 0u);
    EXPECT_FALSE(cache.get({ServerId{7}, UserId{1}}));
}

TEST(Cache, a_member_keeps_its_user_when_that_is_evicted_or_changes) {
    Cache<raw::User> users(1);
    Cache<raw::Member> members(10);
    members.refer_to(users);
    raw::User alice = user(1);
    alice.display_name = "long enough to need memory of its own";
    users.put(alice);
    const raw::Member member{.user = alice, .server_id = ServerId{7}, .roles = {RoleId{3}}};
    members.put(member);
    EXPECT_EQ(members.get({ServerId{7}, UserId{1}}), member);
    users.put(user(2));
    EXPECT_FALSE(users.get(UserId{1}));
    EXPECT_EQ(members.get({ServerId{7}, UserId{1}}), member) << "evicted";
    alice.display_name = "Alice the second";
    users.put(alice);
    EXPECT_EQ(members.get({ServerId{7}, UserId{1}}), member) << "changed";
    const raw::Member changed{.user = alice, .server_id = ServerId{7}, .roles = {RoleId{3}}};
    EXPECT_EQ(members.exchange(changed), member);
    EXPECT_EQ(members.all(), std::vector{changed});
    users.clear();
    EXPECT_EQ(members.take({ServerId{7}, UserId{1}}), changed);
}

TEST(Cache, members_share_the_bytes_of_their_user) {
    Cache<raw::User> users(10);
    users.put(user(1));
    const SharedBytes first = users.share(user(1));
    EXPECT_EQ(first.view().data(), users.share(user(1)).view().data());
    raw::User other = user(1);
    other.username = "changed";
    EXPECT_NE(first.view().data(), users.share(other).view().data());
    EXPECT_EQ(users.get(UserId{1}), user(1)) << "sharing stores nothing";
}

TEST(Cache, case_131_never_holds_more_than_its_limit) {
    Cache<raw::User> cache(100);
    for (std::uint64_t id = 1; id <= 1000; ++id)
        cache.put(user(id));
    EXPECT_EQ(cache.size(), 100u);
    EXPECT_TRUE(cache.get(UserId{1000}));
    EXPECT_TRUE(cache.get(UserId{901}));
    EXPECT_FALSE(cache.get(UserId{900}));
}

}  // namespace
}  // namespace intent::client::cache_test
