// Cooldowns and limits of running invocations, in virtual time.
#include "toolkit/core/counters.hpp"

#include "toolkit/core/permission_answers.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace intent::toolkit {
namespace {

using namespace std::chrono_literals;

constexpr Time start{};

TEST(Counters, a_cooldown_lets_its_uses_through_in_every_span) {
    Cooldown cooldown(2, 10s);
    EXPECT_EQ(cooldown.wait(start, 1), 0ms);
    cooldown.take(start, 1);
    EXPECT_EQ(cooldown.wait(start + 4s, 1), 0ms);
    cooldown.take(start + 4s, 1);
    EXPECT_EQ(cooldown.wait(start + 5s, 1), 5s);
    EXPECT_EQ(cooldown.wait(start + 9'999'500us, 1), 1ms);  // rounded up: waiting this long is enough
    EXPECT_EQ(cooldown.wait(start + 10s, 1), 0ms);
    cooldown.take(start + 10s, 1);
    EXPECT_EQ(cooldown.wait(start + 10s, 1), 4s);
}

TEST(Counters, a_cooldown_counts_each_key_for_itself) {
    Cooldown cooldown(1, 10s);
    cooldown.take(start, 1);
    EXPECT_EQ(cooldown.wait(start, 1), 10s);
    EXPECT_EQ(cooldown.wait(start, 2), 0ms);
}

TEST(Counters, a_cooldown_forgets_keys_that_are_no_longer_used) {
    Cooldown cooldown(3, 1s);
    for (std::uint64_t key = 0; key < 100'000; ++key)
        cooldown.take(start + std::chrono::milliseconds(key), key);
    EXPECT_LE(cooldown.keys(), 2'001u);
    cooldown.take(start + 1h, 1);
    EXPECT_EQ(cooldown.keys(), 1u);
}

TEST(Counters, a_limit_is_full_until_an_invocation_ends) {
    RunningLimit limit(2);
    limit.begin(1);
    EXPECT_FALSE(limit.is_full(1));
    limit.begin(1);
    EXPECT_TRUE(limit.is_full(1));
    EXPECT_FALSE(limit.is_full(2));
    limit.end(1);
    EXPECT_FALSE(limit.is_full(1));
    limit.end(1);
    EXPECT_EQ(limit.keys(), 0u);
    limit.end(1);
    EXPECT_FALSE(limit.is_full(1));
}

TEST(Counters, permissions_are_remembered_for_a_minute) {
    PermissionAnswers answers;
    const MemberId member{ServerId{1}, UserId{2}};
    EXPECT_FALSE(answers.find(start, member));
    answers.keep(start, member, Permissions{5});
    EXPECT_EQ(answers.find(start + 59s, member), Permissions{5});
    EXPECT_FALSE(answers.find(start + 60s, member));
    answers.keep(start + 60s, member, Permissions{6});
    EXPECT_EQ(answers.find(start + 60s, member), Permissions{6});
}

TEST(Counters, the_number_of_remembered_permissions_is_bounded) {
    PermissionAnswers answers;
    for (std::uint64_t i = 0; i <= PermissionAnswers::max_answers; ++i)
        answers.keep(start, {ServerId{1}, UserId{i}}, Permissions{1});
    EXPECT_FALSE(answers.find(start, {ServerId{1}, UserId{0}}));
    EXPECT_TRUE(answers.find(start, {ServerId{1}, UserId{PermissionAnswers::max_answers}}));
}

TEST(Counters, missing_permissions_are_readable) {
    EXPECT_EQ(missing_permissions(Permissions{}, Permission::kick_members | Permission::manage_roles),
              "Manage Roles, Kick Members");
    EXPECT_EQ(missing_permissions(Permissions::all(), Permission::kick_members | Permission::manage_roles), "");
    EXPECT_EQ(missing_permissions(Permissions{}, Permissions{std::uint64_t{1} << 40}), "40");
}

}  // namespace
}  // namespace intent::toolkit
