// How the types of settings and of columns are stored.
#pragma once

#include <intent/commands/arguments.hpp>
#include <intent/detail/chrono.hpp>
#include <intent/detail/export.hpp>
#include <intent/detail/stored_value.hpp>
#include <intent/secret.hpp>
#include <intent/snowflake.hpp>
#include <intent/timestamp.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <ratio>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace intent::inline v0 {

class DailyTime;
class TimeOfDay;
class TimeZone;

/// How a struct of the bot is stored: specialize it with a name and the members, each of a type that can be stored.
///
///     struct Profile { std::string title; int level = 1; std::vector<std::string> badges; };
///     template <>
///     struct intent::StoredFields<Profile> {
///         static constexpr std::string_view name = "profile";
///         static auto of(auto& profile) { return std::tie(profile.title, profile.level, profile.badges); }
///     };
///
/// Add new members at the end: values that were stored before keep the defaults of the struct for them.
template <class T>
struct StoredFields;

}  // namespace intent

namespace intent::inline v0::detail {

template <class T>
concept StoredInteger =
    std::is_integral_v<T> && !std::is_same_v<T, bool> && !std::is_same_v<T, char> && !std::is_same_v<T, wchar_t> &&
    !std::is_same_v<T, char8_t> && !std::is_same_v<T, char16_t> && !std::is_same_v<T, char32_t>;

template <class E>
concept StoredChoice = std::is_enum_v<E> && requires {
    Choices<E>::all;
};

template <class T>
concept StoredStruct = requires(T& value) {
    StoredFields<T>::of(value);
    std::string_view(StoredFields<T>::name);
};

/// The name of the type in the file, and the conversions: `to` from C++, `from` to C++.
///
/// Errors: of `to`, ConfigError for a value that cannot be stored; of `from`, BadStoredValue.
template <class T>
struct Stored {
    static constexpr bool known = false;
};

/// A type without a specialization of Stored gets a readable error.
template <class T>
constexpr void require_stored() {
    static_assert(Stored<T>::known,
                  "intent: this type cannot be stored: use bool, integers, double, std::string, ids, Timestamp, "
                  "durations, DailyTime, TimeOfDay, TimeZone, Secret, enumerations with intent::Choices, vector or "
                  "optional of these, or a struct with intent::StoredFields");
}

template <class T>
requires StoredInteger<T>
struct Stored<T> {
    static constexpr bool known = true;
    static std::string type() { return "integer"; }
    static StoredValue to(T value) {
        if constexpr (std::is_unsigned_v<T> && sizeof(T) == sizeof(std::int64_t))
            if (value > static_cast<T>(std::numeric_limits<std::int64_t>::max())) too_large("an integer");
        return stored_integer(static_cast<std::int64_t>(value));
    }
    static T from(const StoredValue& value) {
        constexpr bool is_wide = std::is_unsigned_v<T> && sizeof(T) == sizeof(std::int64_t);
        constexpr auto low = static_cast<std::int64_t>(std::numeric_limits<T>::min());
        constexpr auto high = is_wide ? std::numeric_limits<std::int64_t>::max()
                                      : static_cast<std::int64_t>(std::numeric_limits<T>::max());
        if (value.kind != StoredValue::Kind::integer || value.integer < low || value.integer > high)
            bad_value(value, expected_integer(low, high));
        return static_cast<T>(value.integer);
    }
};

template <>
struct Stored<bool> {
    static constexpr bool known = true;
    static std::string type() { return "boolean"; }
    static StoredValue to(bool value) { return stored_integer(value ? 1 : 0); }
    static bool from(const StoredValue& value) {
        if (value.kind != StoredValue::Kind::integer || value.integer < 0 || value.integer > 1)
            bad_value(value, "0 or 1");
        return value.integer == 1;
    }
};

template <class T>
requires std::is_floating_point_v<T>
struct Stored<T> {
    static_assert(sizeof(T) <= sizeof(double), "intent: a long double cannot be stored without loss; use double");
    static constexpr bool known = true;
    static std::string type() { return "real"; }
    static StoredValue to(T value) { return stored_real(static_cast<double>(value)); }
    static T from(const StoredValue& value) {
        if (value.kind == StoredValue::Kind::integer) return static_cast<T>(value.integer);
        if (value.kind != StoredValue::Kind::real) bad_value(value, "a number");
        return static_cast<T>(value.real);
    }
};

template <>
struct Stored<std::string> {
    static constexpr bool known = true;
    static std::string type() { return "text"; }
    static StoredValue to(std::string_view value) { return stored_text(value); }
    static std::string from(const StoredValue& value) {
        if (value.kind != StoredValue::Kind::text) bad_value(value, "text");
        return value.text;
    }
};

/// As text, in the clear.
template <>
struct Stored<Secret> {
    static constexpr bool known = true;
    static std::string type() { return "secret"; }
    static StoredValue to(const Secret& value) { return stored_text(value.reveal()); }
    static Secret from(const StoredValue& value) { return Stored<std::string>::from(value); }
};

// As the text that `text` and `name` return. Defined in the component settings.
template <>
struct INTENT_API Stored<DailyTime> {
    static constexpr bool known = true;
    static std::string type() { return "daily time"; }
    static StoredValue to(const DailyTime& value);
    static DailyTime from(const StoredValue& value);
};
template <>
struct INTENT_API Stored<TimeOfDay> {
    static constexpr bool known = true;
    static std::string type() { return "time of day"; }
    static StoredValue to(const TimeOfDay& value);
    static TimeOfDay from(const StoredValue& value);
};
template <>
struct INTENT_API Stored<TimeZone> {
    static constexpr bool known = true;
    static std::string type() { return "time zone"; }
    static StoredValue to(const TimeZone& value);
    static TimeZone from(const StoredValue& value);
};

/// Ids are stored as SQLite's signed integers with the same 64 bits.
template <class Tag>
struct Stored<Snowflake<Tag>> {
    static constexpr bool known = true;
    static std::string type() { return "id"; }
    static StoredValue to(Snowflake<Tag> value) { return stored_integer(static_cast<std::int64_t>(value.value)); }
    static Snowflake<Tag> from(const StoredValue& value) {
        if (value.kind != StoredValue::Kind::integer) bad_value(value, "an id");
        return Snowflake<Tag>{static_cast<std::uint64_t>(value.integer)};
    }
};

template <>
struct Stored<Timestamp> {
    static constexpr bool known = true;
    static std::string type() { return "time"; }
    static StoredValue to(Timestamp value) { return stored_integer(value.time_since_epoch().count()); }
    static Timestamp from(const StoredValue& value) {
        if (value.kind != StoredValue::Kind::integer) bad_value(value, "a time in microseconds");
        return Timestamp(std::chrono::microseconds(value.integer));
    }
};

template <class Rep, class Period>
struct Stored<std::chrono::duration<Rep, Period>> {
    static_assert(std::is_integral_v<Rep> && std::ratio_greater_equal_v<Period, std::micro>,
                  "intent: a duration that is stored has whole numbers and a unit of microseconds or more");
    using Time = std::chrono::duration<Rep, Period>;
    using Unit = std::ratio_divide<Period, std::micro>;
    static_assert(Unit::den == 1, "intent: the unit of a duration that is stored is a multiple of a microsecond");

    static constexpr bool known = true;
    static std::string type() { return "duration"; }
    static StoredValue to(Time value) {
        constexpr auto most = std::numeric_limits<std::int64_t>::max() / Unit::num;
        if (value.count() > most || value.count() < -most) too_large("a duration");
        return stored_integer(static_cast<std::int64_t>(value.count()) * Unit::num);
    }
    static Time from(const StoredValue& value) {
        if (value.kind != StoredValue::Kind::integer || value.integer % Unit::num != 0)
            bad_value(value, "a duration in microseconds, a multiple of " + std::to_string(Unit::num));
        return Time(static_cast<Rep>(value.integer / Unit::num));
    }
};

template <class E>
requires StoredChoice<E>
struct Stored<E> {
    static constexpr bool known = true;
    static std::string type() { return "choice"; }
    static StoredValue to(E value) {
        for (const auto& choice : Choices<E>::all)
            if (choice.value == value) return stored_text(choice.name);
        too_large("an enumerator without a name in intent::Choices");
    }
    static E from(const StoredValue& value) {
        std::vector<std::string_view> names;
        for (const auto& choice : Choices<E>::all) {
            if (value.kind == StoredValue::Kind::text && value.text == choice.name) return choice.value;
            names.push_back(choice.name);
        }
        bad_value(value, expected_one_of(names.data(), names.size()));
    }
};

template <class T>
requires(Stored<T>::known) struct Stored<std::optional<T>> {
    static constexpr bool known = true;
    static std::string type() { return Stored<T>::type(); }
    static StoredValue to(const std::optional<T>& value) { return value ? Stored<T>::to(*value) : StoredValue(); }
    static std::optional<T> from(const StoredValue& value) {
        if (value.kind == StoredValue::Kind::none) return std::nullopt;
        return Stored<T>::from(value);
    }
};

template <class T>
requires(Stored<T>::known) struct Stored<std::vector<T>> {
    static constexpr bool known = true;
    static std::string type() { return "list of " + Stored<T>::type(); }
    static StoredValue to(const std::vector<T>& list) {
        std::vector<StoredValue> items;
        items.reserve(list.size());
        for (const T& one : list)
            items.push_back(Stored<T>::to(one));
        return stored_list(std::move(items));
    }
    static std::vector<T> from(const StoredValue& value) {
        std::vector<T> list;
        for (const StoredValue& item : items_of(value))
            list.push_back(Stored<T>::from(item));
        return list;
    }
};

template <class T>
requires StoredStruct<T>
struct Stored<T> {
    static constexpr bool known = true;
    static std::string type() { return std::string(StoredFields<T>::name); }
    static StoredValue to(const T& value) {
        std::vector<StoredValue> items;
        const auto add = [&items]<class... M>(const M&... members) {
            ((require_stored<M>(), items.push_back(Stored<M>::to(members))), ...);
        };
        std::apply(add, StoredFields<T>::of(value));
        return stored_list(std::move(items));
    }
    static T from(const StoredValue& value) {
        T result{};
        const auto items = items_of(value);
        std::size_t next = 0;
        const auto take = [&]<class... M>(M&... members) {
            ((next < items.size() ? void(members = Stored<M>::from(items[next++])) : void()), ...);
        };
        std::apply(take, StoredFields<T>::of(result));
        return result;
    }
};

/// True for a Secret and for what contains one. Errors show nothing of such a value.
template <class T>
struct HoldsSecret : std::is_same<T, Secret> {};
template <class T>
struct HoldsSecret<std::optional<T>> : HoldsSecret<T> {};
template <class T>
struct HoldsSecret<std::vector<T>> : HoldsSecret<T> {};
template <class Tuple>
struct AnyHoldsSecret;
template <class... M>
struct AnyHoldsSecret<std::tuple<M...>> : std::disjunction<HoldsSecret<std::decay_t<M>>...> {};
template <class T>
requires StoredStruct<T>
struct HoldsSecret<T> : AnyHoldsSecret<std::decay_t<decltype(StoredFields<T>::of(std::declval<T&>()))>> {
};

/// What an error says about a stored value that is not a T.
template <class T>
std::string_view describe_problem(const BadStoredValue& problem) {
    if constexpr (HoldsSecret<T>::value) {
        return "found a value that does not fit; it can hold a secret, so it is not shown";
    } else {
        return problem.what();
    }
}

}  // namespace intent::detail
