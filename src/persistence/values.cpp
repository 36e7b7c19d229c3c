// What the templates of `detail/stored.hpp` and `settings/access.hpp` call.
#include "persistence/list_text.hpp"
#include "text/quoted.hpp"

#include <intent/detail/stored.hpp>
#include <intent/detail/stored_value.hpp>
#include <intent/errors.hpp>
#include <intent/schedule.hpp>
#include <intent/settings/access.hpp>
#include <intent/settings/errors.hpp>
#include <intent/settings/setting.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

namespace intent::inline v0 {

namespace {

using Kind = detail::StoredValue::Kind;

std::string description(const detail::StoredValue& value) {
    switch (value.kind) {
        case Kind::none:
            return "no value";
        case Kind::integer:
            return "the integer " + std::to_string(value.integer);
        case Kind::real: {
            const std::string list = persistence::list_text({value});
            return "the number " + list.substr(1, list.size() - 2);
        }
        case Kind::text:
            return "the text " + text::quoted(value.text);
        case Kind::list:
            return "a list";
    }
    return {};
}

/// What `read` makes of a text. Errors: BadStoredValue.
template <class F>
auto from_text(const detail::StoredValue& value, F read, std::string_view expected) {
    if (value.kind != Kind::text) detail::bad_value(value, expected);
    try {
        return read(value.text);
    } catch (const ConfigError& problem) {
        throw detail::BadStoredValue("found " + description(value) + ": " + problem.what());
    }
}

}  // namespace

std::string SettingOwner::str() const {
    switch (kind_) {
        case Kind::global:
            return "global";
        case Kind::server:
            return "server " + std::to_string(first_);
        case Kind::channel:
            return "channel " + std::to_string(first_);
        case Kind::user:
            return "user " + std::to_string(first_);
        case Kind::member:
            return "member " + std::to_string(second_) + " of server " + std::to_string(first_);
    }
    return {};
}

namespace detail {

StoredValue stored_integer(std::int64_t number) {
    StoredValue value;
    value.kind = Kind::integer;
    value.integer = number;
    return value;
}

StoredValue stored_text(std::string_view text) {
    StoredValue value;
    value.kind = Kind::text;
    value.text = text;
    return value;
}

StoredValue stored_list(std::vector<StoredValue> items) {
    StoredValue value;
    value.kind = Kind::list;
    value.items = std::move(items);
    return value;
}

StoredValue stored_real(double number) {
    if (!std::isfinite(number)) throw ConfigError("a number that is not finite cannot be stored");
    StoredValue value;
    value.kind = Kind::real;
    value.real = number;
    return value;
}

std::vector<StoredValue> items_of(const StoredValue& list) {
    if (list.kind == Kind::list) return list.items;
    if (list.kind == Kind::text)
        if (auto items = persistence::parse_list(list.text)) return *std::move(items);
    bad_value(list, "a list, as a JSON array");
}

void bad_value(const StoredValue& found, std::string_view expected) {
    throw BadStoredValue("found " + description(found) + ", expected " + std::string(expected));
}

StoredValue Stored<DailyTime>::to(const DailyTime& value) { return stored_text(value.text()); }
StoredValue Stored<TimeOfDay>::to(const TimeOfDay& value) { return stored_text(value.text()); }
StoredValue Stored<TimeZone>::to(const TimeZone& value) { return stored_text(value.name()); }

DailyTime Stored<DailyTime>::from(const StoredValue& value) {
    return from_text(value, &parse_daily_time, "a time of day with a time zone, such as 09:30 Europe/Berlin");
}
TimeOfDay Stored<TimeOfDay>::from(const StoredValue& value) {
    return from_text(
        value, [](std::string_view text) { return TimeOfDay(text); }, "a time of day, such as 09:30");
}
TimeZone Stored<TimeZone>::from(const StoredValue& value) {
    return from_text(
        value, [](std::string_view text) { return TimeZone(text); },
        "a time zone of this system, such as Europe/Berlin");
}

void too_large(std::string_view what) {
    throw ConfigError(std::string(what) + " is outside the range that can be stored");
}

std::string expected_integer(std::int64_t low, std::int64_t high) {
    return "an integer from " + std::to_string(low) + " to " + std::to_string(high);
}

std::string expected_one_of(const std::string_view* names, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        text.append(i == 0 ? "" : i + 1 == count ? " or " : ", ").append(names[i]);
    return text;
}

void wrong_value(const SettingInfo& info, const SettingOwner& owner, std::string_view what) {
    throw SettingsError(SettingsFault::type,
                        "setting \"" + info.name() + "\", " + owner.str() + ": " + std::string(what));
}

void wrong_column(std::size_t column, std::string_view what) {
    throw SettingsError(SettingsFault::type, "column " + std::to_string(column) + ": " + std::string(what));
}

std::int64_t sum(std::int64_t left, std::int64_t right) {
    constexpr auto high = std::numeric_limits<std::int64_t>::max();
    constexpr auto low = std::numeric_limits<std::int64_t>::min();
    if (right > 0 ? left > high - right : left < low - right) too_large("a sum");
    return left + right;
}

SettingInfo::SettingInfo(std::string name, std::string type, bool holds_secret)
    : name_(std::move(name)), type_(std::move(type)), holds_secret_(holds_secret) {
    constexpr std::size_t most = 100;
    if (name_.empty() || name_.size() > most)
        throw ConfigError("the name of a setting has " + std::to_string(name_.size()) + " bytes; must be 1-100");
    if (std::any_of(name_.begin(), name_.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
        throw ConfigError("the name of a setting contains control characters");
}

}  // namespace detail
}  // namespace intent
