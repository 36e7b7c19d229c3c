// The types of a command's parameters: how each is read, and how the handler's argument is made from what was read.
#pragma once

#include <intent/channel.hpp>
#include <intent/commands/arguments.hpp>
#include <intent/commands/context.hpp>
#include <intent/detail/chrono.hpp>
#include <intent/detail/command_parameter.hpp>
#include <intent/member.hpp>
#include <intent/message.hpp>
#include <intent/role.hpp>
#include <intent/schedule.hpp>
#include <intent/server.hpp>
#include <intent/snowflake.hpp>
#include <intent/task.hpp>
#include <intent/user.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace intent::inline v0::detail {

template <class E>
concept HasChoices = std::is_enum_v<E> && requires {
    Choices<E>::all;
};

template <class T>
concept HasPlainArgument = requires(std::string_view text) {
    { Argument<T>::parse(text) } -> std::convertible_to<std::optional<T>>;
    { Argument<T>::expects } -> std::convertible_to<std::string_view>;
};
template <class T>
concept HasAwaitedArgument = requires(Context context, std::string text) {
    requires is_task<decltype(Argument<T>::parse(context, text))>::value;
    { Argument<T>::expects } -> std::convertible_to<std::string_view>;
};

template <class T>
concept HasOwnArgument = HasPlainArgument<T> || HasAwaitedArgument<T>;

template <class T>
bool read_own(const ParameterType&, std::string_view text, CommandValue& value) {
    std::optional<T> found = Argument<T>::parse(text);
    if (!found) return false;
    value.object = std::make_shared<T>(*std::move(found));
    return true;
}
/// The object is null if there is no value.
template <class T>
task<CommandValue> resolve_own(Context context, std::string text) {
    auto parsing = Argument<T>::parse(std::move(context), std::move(text));
    std::optional<T> found = co_await std::move(parsing);
    CommandValue value;
    if (found) value.object = std::make_shared<T>(*std::move(found));
    co_return value;
}
template <class T>
std::string expects_own(const ParameterType&) {
    return std::string(Argument<T>::expects);
}
template <class E>
bool read_choice(const ParameterType&, std::string_view text, CommandValue& value) {
    for (const auto& choice : Choices<E>::all) {
        if (!same_choice(choice.name, text)) continue;
        value.integer = static_cast<std::int64_t>(choice.value);
        return true;
    }
    return false;
}
template <class E>
std::string expects_choice(const ParameterType&) {
    std::vector<std::string_view> names;
    for (const auto& choice : Choices<E>::all)
        names.push_back(choice.name);
    return list_choices(names.data(), names.size());
}

constexpr ParameterType plain_type(std::string (*expects)(const ParameterType&),
                                   bool (*read)(const ParameterType&, std::string_view, CommandValue&)) {
    ParameterType type;
    type.known = true;
    type.expects = expects;
    type.read = read;
    return type;
}
constexpr ParameterType resolved_type(std::string (*expects)(const ParameterType&),
                                      task<CommandValue> (*resolve)(Context, std::string)) {
    ParameterType type;
    type.known = true;
    type.expects = expects;
    type.resolve = resolve;
    return type;
}
template <class T>
constexpr ParameterType integer_type(T low, T high) {
    ParameterType type = plain_type(&expects_integer, &read_integer);
    type.is_unsigned = std::is_unsigned_v<T>;
    type.low = static_cast<std::int64_t>(low);
    type.high = static_cast<std::int64_t>(high);
    return type;
}

/// A type of numbers, not of characters or truth values.
template <class T>
concept WholeNumber =
    std::is_integral_v<T> && !std::is_same_v<T, bool> && !std::is_same_v<T, char> && !std::is_same_v<T, wchar_t> &&
    !std::is_same_v<T, char8_t> && !std::is_same_v<T, char16_t> && !std::is_same_v<T, char32_t>;

/// `type` describes a parameter of type T.
template <class T>
struct TypeOf {
    static constexpr ParameterType type = [] {
        if constexpr (HasPlainArgument<T>) {
            return plain_type(&expects_own<T>, &read_own<T>);
        } else if constexpr (HasAwaitedArgument<T>) {
            return resolved_type(&expects_own<T>, &resolve_own<T>);
        } else if constexpr (HasChoices<T>) {
            return plain_type(&expects_choice<T>, &read_choice<T>);
        } else if constexpr (WholeNumber<T>) {
            return integer_type(std::numeric_limits<T>::min(), std::numeric_limits<T>::max());
        } else {
            return ParameterType{};
        }
    }();
};
template <>
struct TypeOf<bool> {
    static constexpr ParameterType type = plain_type(&expects_bool, &read_bool);
};
template <>
struct TypeOf<float> {
    static constexpr ParameterType type = plain_type(&expects_real, &read_float);
};
template <>
struct TypeOf<double> {
    static constexpr ParameterType type = plain_type(&expects_real, &read_real);
};
template <>
struct TypeOf<std::string> {
    static constexpr ParameterType type = plain_type(&expects_text, &read_text);
};
template <>
struct TypeOf<Rest> {
    static constexpr ParameterType type = with_form(plain_type(&expects_text, &read_text), ParameterType::Form::rest);
};
template <std::int64_t Min, std::int64_t Max>
struct TypeOf<Range<Min, Max>> {
    static constexpr ParameterType type = integer_type(Min, Max);
};
/// Times are read in milliseconds and must be a multiple of the type's unit.
template <class Rep, class Period>
struct TypeOf<std::chrono::duration<Rep, Period>> {
    static constexpr ParameterType type = [] {
        using Unit = std::chrono::duration<std::int64_t, Period>;
        ParameterType read = plain_type(&expects_duration, &read_duration);
        const auto unit = std::chrono::duration_cast<std::chrono::milliseconds>(Unit(1)).count();
        read.low = std::is_floating_point_v<Rep> || unit == 0 ? 1 : unit;
        return read;
    }();
};
/// Ids are read without a look-up.
template <class Tag>
struct TypeOf<Snowflake<Tag>> {
    static constexpr ParameterType type = plain_type(&expects_id, &read_id);
};
template <>
struct TypeOf<TimeOfDay> {
    static constexpr ParameterType type = plain_type(&expects_time_of_day, &read_time_of_day);
};
template <>
struct TypeOf<TimeZone> {
    static constexpr ParameterType type = plain_type(&expects_time_zone, &read_time_zone);
};
template <>
struct TypeOf<Member> {
    static constexpr ParameterType type = resolved_type(&expects_member, &resolve_member);
};
template <>
struct TypeOf<User> {
    static constexpr ParameterType type = resolved_type(&expects_user, &resolve_user);
};
template <>
struct TypeOf<Channel> {
    static constexpr ParameterType type = resolved_type(&expects_channel, &resolve_channel);
};
template <>
struct TypeOf<Role> {
    static constexpr ParameterType type = resolved_type(&expects_role, &resolve_role);
};
template <>
struct TypeOf<Server> {
    static constexpr ParameterType type = resolved_type(&expects_server, &resolve_server);
};
template <>
struct TypeOf<Message> {
    static constexpr ParameterType type = resolved_type(&expects_message, &resolve_message);
};
template <class T>
struct TypeOf<std::optional<T>> {
    static constexpr ParameterType type = with_form(TypeOf<T>::type, ParameterType::Form::optional);
};
template <class T>
struct TypeOf<std::vector<T>> {
    static constexpr ParameterType type = with_form(TypeOf<T>::type, ParameterType::Form::many);
};

/// Makes the argument of a handler from the value of its word.
template <class T>
struct TakeArgument {
    static T from(CommandValue& value) {
        if constexpr (std::is_same_v<T, float> || std::is_same_v<T, double>) {
            return static_cast<T>(value.real);
        } else if constexpr (WholeNumber<T> || std::is_same_v<T, bool> || (HasChoices<T> && !HasOwnArgument<T>)) {
            return static_cast<T>(value.integer);
        } else {
            return std::move(*static_cast<T*>(value.object.get()));
        }
    }
    static T from(std::vector<CommandValue>& values) { return from(values.front()); }
};
template <>
struct TakeArgument<std::string> {
    static std::string from(CommandValue& value) { return std::move(value.text); }
    static std::string from(std::vector<CommandValue>& values) { return std::move(values.front().text); }
};
template <>
struct TakeArgument<Rest> {
    static Rest from(std::vector<CommandValue>& values) {
        return values.empty() ? Rest() : Rest(std::move(values.front().text));
    }
};
template <std::int64_t Min, std::int64_t Max>
struct TakeArgument<Range<Min, Max>> {
    static Range<Min, Max> from(CommandValue& value) { return Range<Min, Max>(value.integer); }
    static Range<Min, Max> from(std::vector<CommandValue>& values) { return from(values.front()); }
};
template <class Rep, class Period>
struct TakeArgument<std::chrono::duration<Rep, Period>> {
    using Time = std::chrono::duration<Rep, Period>;
    static Time from(CommandValue& value) {
        return std::chrono::duration_cast<Time>(std::chrono::duration<std::int64_t, std::milli>(value.integer));
    }
    static Time from(std::vector<CommandValue>& values) { return from(values.front()); }
};
template <class Tag>
struct TakeArgument<Snowflake<Tag>> {
    static Snowflake<Tag> from(CommandValue& value) { return {static_cast<std::uint64_t>(value.integer)}; }
    static Snowflake<Tag> from(std::vector<CommandValue>& values) { return from(values.front()); }
};
template <class T>
struct TakeArgument<std::optional<T>> {
    static std::optional<T> from(std::vector<CommandValue>& values) {
        if (values.empty()) return std::nullopt;
        return TakeArgument<T>::from(values.front());
    }
};
template <class T>
struct TakeArgument<std::vector<T>> {
    static std::vector<T> from(std::vector<CommandValue>& values) {
        std::vector<T> all;
        all.reserve(values.size());
        for (auto& value : values)
            all.push_back(TakeArgument<T>::from(value));
        return all;
    }
};

}  // namespace intent::detail
