// Typed values: what is stored, read back, and refused.
#include "database/sqlite.hpp"
#include "tests/support/settings_failure.hpp"
#include "tests/support/temporary_folder.hpp"

#include <intent/errors.hpp>
#include <intent/schedule.hpp>
#include <intent/secret.hpp>
#include <intent/settings.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

enum class Side { heads, tails, edge };
template <>
struct intent::Choices<Side> {
    static constexpr intent::Choice<Side> all[] = {{"heads", Side::heads}, {"tails", Side::tails}};
};

struct Profile {
    std::string title = "nobody";
    int level = 1;
    std::vector<std::string> badges = {};
    std::optional<Side> side = {};
    bool operator==(const Profile&) const = default;
};
template <>
struct intent::StoredFields<Profile> {
    static constexpr std::string_view name = "profile";
    static auto of(auto& p) { return std::tie(p.title, p.level, p.badges, p.side); }
};

struct OldProfile {
    std::string title = {};
};
template <>
struct intent::StoredFields<OldProfile> {
    static constexpr std::string_view name = "profile";
    static auto of(auto& p) { return std::tie(p.title); }
};

struct Account {
    std::string name = {};
    std::optional<intent::Secret> password = {};
    bool operator==(const Account&) const = default;
};
template <>
struct intent::StoredFields<Account> {
    static constexpr std::string_view name = "account";
    static auto of(auto& a) { return std::tie(a.name, a.password); }
};

struct OldAccount {
    std::vector<std::string> passwords = {};
};
template <>
struct intent::StoredFields<OldAccount> {
    static constexpr std::string_view name = "account";
    static auto of(auto& a) { return std::tie(a.passwords); }
};

namespace intent::settings_test {
namespace {

using namespace std::chrono_literals;
using test::failure;

const ServerId server{12};
const ServerId other_server{13};
const UserId user{7};
const MemberId member{server, user};

/// Stores a value, and reads it from the file with a second object.
template <class T>
T kept(const T& value) {
    const test::TemporaryFolder folder;
    const Setting<T> key("key");
    Settings(folder.file("db")).set(key, server, value);
    Settings again(folder.file("db"));
    EXPECT_EQ(again.all(key).size(), 1u);
    return again.find(key, server).value();
}

TEST(Settings, a_value_of_each_type_survives_a_restart) {
    EXPECT_EQ(kept(true), true);
    EXPECT_EQ(kept(std::int8_t{-128}), -128);
    EXPECT_EQ(kept(std::numeric_limits<std::int64_t>::min()), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(kept(std::uint64_t{1} << 62), std::uint64_t{1} << 62);
    for (const double number : {0.1, -2.0, 1e300, 5e-324})
        EXPECT_EQ(kept(number), number);
    EXPECT_EQ(kept(std::string("a\0\"b\\\n🎲", 10)), std::string("a\0\"b\\\n🎲", 10));
    EXPECT_EQ(kept(std::string()), "");
    EXPECT_EQ(kept(ChannelId{0xffff'ffff'ffff'ffff}), ChannelId{0xffff'ffff'ffff'ffff});
    EXPECT_EQ(kept(*parse_timestamp("2026-01-01T00:00:00.000001Z")), *parse_timestamp("2026-01-01T00:00:00.000001Z"));
    EXPECT_EQ(kept(std::chrono::minutes(-90)), -90min);
    EXPECT_EQ(kept(Side::tails), Side::tails);
    EXPECT_EQ(kept(std::optional<int>(3)), 3);
    EXPECT_EQ(kept(std::optional<int>()), std::nullopt);
}

TEST(Settings, daily_times_survive_a_restart_with_their_weekdays) {
    using namespace std::chrono;
    const DailyTime time = DailyTime("09:30", "Europe/Berlin").on(Monday, Sunday);
    EXPECT_EQ(kept(time), time);
    EXPECT_EQ(kept(DailyTime()), DailyTime());
    EXPECT_EQ(kept(std::optional(time)), time);
    EXPECT_EQ(kept(TimeOfDay("23:59:59")), TimeOfDay("23:59:59"));
    EXPECT_EQ(kept(TimeZone("Asia/Tokyo")), TimeZone("Asia/Tokyo"));
}

TEST(Settings, a_zone_that_the_system_does_not_know_is_an_error_when_it_is_read) {
    const test::TemporaryFolder folder;
    const Setting<DailyTime> digest("digest");
    const Setting<TimeZone> zone("zone");
    { Settings(folder.file("db")).set(digest, server, DailyTime()); }
    { Settings(folder.file("db")).set(zone, user, TimeZone()); }
    database::Database(folder.file("db"))
        .execute("UPDATE intent_settings SET value = replace(value, 'UTC', 'Europe/Atlantis')");
    Settings settings(folder.file("db"));
    const std::string reason =
        "time zone \"Europe/Atlantis\": is not in the system's time zone database; use an IANA name such as "
        "Europe/Berlin, or UTC";
    const auto [fault, text] = failure([&] { settings.get(digest, server); });
    EXPECT_EQ(fault, SettingsFault::type);
    EXPECT_EQ(text, "setting \"digest\", server 12: found the text \"00:00 Europe/Atlantis\": " + reason);
    EXPECT_EQ(failure([&] { settings.get(zone, user); }).second,
              "setting \"zone\", user 7: found the text \"Europe/Atlantis\": " + reason);
    settings.set(digest, server, DailyTime("09:30", "UTC"));
    EXPECT_EQ(settings.get(digest, server).text(), "09:30 UTC");
}

TEST(Settings, secrets_are_stored_and_never_shown) {
    EXPECT_EQ(kept(Secret("hunter2")), Secret("hunter2"));
    EXPECT_EQ(kept(std::vector<Secret>{"a", ""}), (std::vector<Secret>{"a", ""}));
    EXPECT_EQ(kept(Account{"alice", "hunter2"}), (Account{"alice", "hunter2"}));
    Settings settings(":memory:");
    const auto hidden = [&](auto stored, auto wrong) {
        settings.set(Setting<decltype(stored)>("key"), user, stored);
        const auto text = failure([&] { settings.get(Setting<decltype(wrong)>("key"), user); }).second;
        EXPECT_NE(text, "");
        EXPECT_EQ(text.find("hunter2"), text.npos) << text;
    };
    hidden(Secret("hunter2"), std::string());
    hidden(std::string("hunter2"), Secret());
    hidden(std::string("hunter2"), std::optional<Secret>());
    hidden(std::string("hunter2"), Account());
    hidden(Account{"alice", "hunter2"}, 0);
    hidden(std::vector<Secret>{"hunter2"}, std::string());
    // The same name of the type, but other members.
    settings.set(Setting<OldAccount>("account"), user, OldAccount{{"hunter2"}});
    EXPECT_EQ(failure([&] { settings.get(Setting<Account>("account"), user); }).second,
              "setting \"account\", user 7: found a value that does not fit; it can hold a secret, so it is not shown");
    EXPECT_EQ(failure([&] { settings.database().row<Secret>("SELECT 4711"); }).second,
              "column 1: found a value that does not fit; it can hold a secret, so it is not shown");
}

TEST(Settings, all_of_a_server_are_the_values_of_its_members) {
    Settings settings(":memory:");
    const Setting<int> coins("coins");
    settings.set(coins, MemberId{server, UserId{9}}, 3);
    settings.set(coins, MemberId{server, UserId{8}}, 2);
    settings.set(Setting<int>("other"), MemberId{server, user}, 100);
    for (const SettingOwner& owner :
         std::vector<SettingOwner>{global, server, ChannelId{12}, UserId{8}, UserId{12}, MemberId{other_server, user}})
        settings.set(coins, owner, 100);
    std::vector<std::string> seen;
    settings.for_each(coins, server, [&](SettingOwner owner, const int& value) {
        seen.push_back(owner.str() + "=" + std::to_string(value));
    });
    EXPECT_EQ(seen, (std::vector<std::string>{"member 8 of server 12=2", "member 9 of server 12=3"}));
    EXPECT_EQ(settings.all(coins, server).size(), 2u);
    EXPECT_TRUE(settings.all(coins, ServerId{99}).empty());
    settings.transaction([&](Settings::Transaction& t) { EXPECT_EQ(t.all(coins, server).size(), 2u); });
    EXPECT_THROW(settings.all(coins, ServerId{}), ConfigError);
}

TEST(Settings, lists_and_structs_survive_a_restart) {
    using Texts = std::vector<std::string>;
    EXPECT_EQ(kept(Texts()), Texts());
    EXPECT_EQ(kept(Texts({"", "a,\"]\\", "\x01\n\t", "🎲"})), Texts({"", "a,\"]\\", "\x01\n\t", "🎲"}));
    EXPECT_EQ(kept(std::vector<double>({0.1, 3, -1e300})), std::vector<double>({0.1, 3, -1e300}));
    EXPECT_EQ(kept(std::vector<bool>({true, false})), std::vector<bool>({true, false}));
    EXPECT_EQ(kept(std::vector<UserId>({user, UserId{~std::uint64_t{0}}})),
              std::vector<UserId>({user, UserId{~std::uint64_t{0}}}));
    EXPECT_EQ(kept(std::vector<Texts>({{"a"}, {}, {"b", "c"}})), std::vector<Texts>({{"a"}, {}, {"b", "c"}}));
    EXPECT_EQ(kept(std::vector<std::optional<int>>({1, std::nullopt})),
              std::vector<std::optional<int>>({1, std::nullopt}));
    const Profile profile{"king", 9, {"first", "best"}, Side::heads};
    EXPECT_EQ(kept(profile), profile);
    EXPECT_EQ(kept(std::vector<Profile>{profile, Profile{}}), (std::vector<Profile>{profile, Profile{}}));
}

TEST(Settings, new_members_of_a_struct_have_their_defaults_for_older_values) {
    Settings settings(":memory:");
    settings.set(Setting<OldProfile>("profile"), user, OldProfile{"king"});
    EXPECT_EQ(settings.get(Setting<Profile>("profile"), user), (Profile{"king", 1, {}, {}}));
}

TEST(Settings, the_initial_value_counts_until_one_is_set_and_after_a_reset) {
    Settings settings(":memory:");
    const Setting<std::string> prefix("prefix", "!");
    EXPECT_EQ(settings.get(prefix, server), "!");
    EXPECT_EQ(settings.find(prefix, server), std::nullopt);
    settings.set(prefix, server, "?");
    EXPECT_EQ(settings.get(prefix, server), "?");
    EXPECT_EQ(settings.get(prefix, other_server), "!");
    EXPECT_TRUE(settings.reset(prefix, server));
    EXPECT_FALSE(settings.reset(prefix, server));
    EXPECT_EQ(settings.get(prefix, server), "!");
}

TEST(Settings, owners_of_different_kinds_with_the_same_id_are_distinct) {
    Settings settings(":memory:");
    const Setting<int> number("number");
    const std::vector<SettingOwner> owners{global, ServerId{7}, ChannelId{7}, UserId{7},
                                           MemberId{ServerId{7}, UserId{7}}};
    for (std::size_t i = 0; i < owners.size(); ++i)
        settings.set(number, owners[i], static_cast<int>(i));
    for (std::size_t i = 0; i < owners.size(); ++i)
        EXPECT_EQ(settings.get(number, owners[i]), static_cast<int>(i)) << owners[i].str();
    std::vector<std::string> seen;
    settings.for_each(number, [&](SettingOwner owner, const int& value) {
        seen.push_back(owner.str() + "=" + std::to_string(value));
    });
    EXPECT_EQ(seen, (std::vector<std::string>{"global=0", "server 7=1", "channel 7=2", "user 7=3",
                                              "member 7 of server 7=4"}));
    EXPECT_THROW(settings.get(number, ServerId{}), ConfigError);
    EXPECT_THROW(settings.set(number, MemberId{server, {}}, 1), ConfigError);
}

TEST(Settings, forgetting_a_server_or_a_user_includes_its_members) {
    Settings settings(":memory:");
    const Setting<int> coins("coins");
    const Setting<std::string> note("note");
    settings.set(coins, member, 5);
    settings.set(coins, MemberId{other_server, user}, 6);
    settings.set(note, server, "x");
    settings.set(note, user, "y");
    settings.set(note, ChannelId{12}, "z");
    EXPECT_EQ(settings.forget(server), 2u);
    EXPECT_EQ(settings.get(coins, member), 0);
    EXPECT_EQ(settings.get(note, ChannelId{12}), "z");
    EXPECT_EQ(settings.forget(user), 2u);
    EXPECT_EQ(settings.get(coins, MemberId{other_server, user}), 0);
    EXPECT_EQ(settings.forget(user), 0u);
}

TEST(Settings, a_value_of_another_type_is_an_error_that_names_key_owner_and_types) {
    Settings settings(":memory:");
    settings.set(Setting<int>("key"), server, 42);
    for (int cached = 0; cached < 2; ++cached) {
        const auto [fault, text] = failure([&] { settings.get(Setting<std::string>("key"), server); });
        EXPECT_EQ(fault, SettingsFault::type);
        EXPECT_EQ(text, "setting \"key\", server 12: found a value of the type \"integer\" (42), expected \"text\"");
    }
    EXPECT_EQ(failure([&] { settings.all(Setting<bool>("key")); }).first, SettingsFault::type);
    EXPECT_EQ(failure([&] { settings.add(Setting<double>("key"), server, 1); }).first, SettingsFault::type);
    EXPECT_EQ(settings.get(Setting<int>("key"), server), 42);
}

TEST(Settings, a_value_outside_the_range_of_its_type_is_an_error) {
    Settings settings(":memory:");
    settings.set(Setting<int>("number"), user, 300);
    EXPECT_EQ(failure([&] { settings.get(Setting<std::uint8_t>("number"), user); }).second,
              "setting \"number\", user 7: found the integer 300, expected an integer from 0 to 255");
    settings.set(Setting<std::optional<int>>("none"), user, std::nullopt);
    EXPECT_EQ(failure([&] {
                  settings.get(Setting<int>("none"), user);
              }).second.find("setting \"none\", user 7: found no value, expected an integer"),
              0u);
    settings.set(Setting<std::chrono::seconds>("time"), user, 90s);
    EXPECT_EQ(
        failure([&] { settings.get(Setting<std::chrono::minutes>("time"), user); }).second,
        "setting \"time\", user 7: found the integer 90000000, expected a duration in microseconds, a multiple of "
        "60000000");
}

TEST(Settings, a_value_that_cannot_be_stored_is_refused_and_changes_nothing) {
    Settings settings(":memory:");
    const Setting<double> real("real", 1);
    EXPECT_THROW(settings.set(real, global, std::numeric_limits<double>::quiet_NaN()), ConfigError);
    EXPECT_THROW(settings.set(Setting<std::uint64_t>("big"), global, ~std::uint64_t{0}), ConfigError);
    EXPECT_THROW(settings.set(Setting<std::chrono::hours>("time"), global, std::chrono::hours::max()), ConfigError);
    EXPECT_THROW(settings.set(Setting<Side>("side"), global, Side::edge), ConfigError);
    EXPECT_EQ(settings.find(real), std::nullopt);
    EXPECT_THROW(Setting<int>(""), ConfigError);
    EXPECT_THROW(Setting<int>(std::string(101, 'x')), ConfigError);
    EXPECT_THROW(Setting<int>("a\nb"), ConfigError);
}

TEST(Settings, add_returns_the_sum_and_refuses_one_that_does_not_fit) {
    Settings settings(":memory:");
    const Setting<std::int64_t> coins("coins", 10);
    EXPECT_EQ(settings.add(coins, member, 5), 15);
    EXPECT_EQ(settings.add(coins, member, -20), -5);
    settings.set(coins, member, std::numeric_limits<std::int64_t>::max());
    EXPECT_THROW(settings.add(coins, member, 1), ConfigError);
    EXPECT_EQ(settings.get(coins, member), std::numeric_limits<std::int64_t>::max());
    const Setting<std::uint8_t> small("small");
    EXPECT_EQ(settings.add(small, user, 200), 200);
    EXPECT_THROW(settings.add(small, user, 56), ConfigError);
    EXPECT_EQ(settings.add(Setting<std::chrono::seconds>("time"), user, 5s), 5s);
    EXPECT_EQ(settings.add(Setting<double>("real"), user, 0.5), 0.5);
}

TEST(Settings, update_stores_what_its_function_returns_unless_it_throws) {
    Settings settings(":memory:");
    const Setting<std::vector<std::string>> words("words");
    const auto with = [](std::string word) {
        return [word](std::vector<std::string> list) {
            list.push_back(word);
            return list;
        };
    };
    settings.update(words, server, with("a"));
    EXPECT_EQ(settings.update(words, server, with("b")), (std::vector<std::string>{"a", "b"}));
    EXPECT_THROW(settings.update(words, server, [](std::vector<std::string>) -> std::vector<std::string> { throw 1; }),
                 int);
    EXPECT_EQ(settings.get(words, server).size(), 2u);
}

TEST(Settings, values_stay_right_when_the_cache_is_too_small) {
    for (const std::size_t capacity : {0u, 1u, 3u}) {
        Settings settings(":memory:", SettingsOptions().cached_values(capacity));
        const Setting<std::string> text("text", "none");
        for (std::uint64_t round = 0; round < 3; ++round)
            for (std::uint64_t id = 1; id <= 5; ++id) {
                EXPECT_EQ(settings.get(text, ServerId{id}), round == 0 ? "none" : std::to_string(id * 10 + round - 1));
                settings.set(text, ServerId{id}, std::to_string(id * 10 + round));
                EXPECT_EQ(settings.get(text, ServerId{id}), std::to_string(id * 10 + round));
            }
        const std::string longer(100'000, 'x');
        settings.set(text, ServerId{1}, longer);
        EXPECT_EQ(settings.get(text, ServerId{1}), longer);
    }
}

}  // namespace
}  // namespace intent::settings_test
