// What is remembered, and for whom.
#pragma once

#include <intent/detail/export.hpp>
#include <intent/detail/stored.hpp>
#include <intent/raw/member.hpp>
#include <intent/snowflake.hpp>

#include <compare>
#include <cstdint>
#include <string>
#include <utility>

namespace intent::inline v0 {

/// Whose value it is: a server, a channel, a user or a member (a user in one server), each of which converts to it, or
/// `intent::global` for the only one of the bot.
class INTENT_API SettingOwner {
public:
    /// What kind of owner it is.
    enum class Kind : std::uint8_t {
        global,   ///< the bot itself
        server,   ///< a server
        channel,  ///< a channel
        user,     ///< a user, in all servers
        member,   ///< a user in one server
    };

    constexpr SettingOwner() = default;  // global
    /// A server.
    constexpr SettingOwner(ServerId id) : kind_(Kind::server), first_(id.value) {}  // NOLINT
    /// A channel.
    constexpr SettingOwner(ChannelId id) : kind_(Kind::channel), first_(id.value) {}  // NOLINT
    /// A user, in all servers.
    constexpr SettingOwner(UserId id) : kind_(Kind::user), first_(id.value) {}  // NOLINT
    /// A user in one server.
    constexpr SettingOwner(MemberId id)  // NOLINT
        : kind_(Kind::member), first_(id.server_id.value), second_(id.user_id.value) {}
    /// From the numbers that `first` and `second` return.
    constexpr SettingOwner(Kind kind, std::uint64_t first, std::uint64_t second)
        : kind_(kind), first_(first), second_(second) {}

    /// What kind of owner it is.
    constexpr Kind kind() const noexcept { return kind_; }
    /// The server of a server or a member; unset for others. The same for the rest.
    constexpr ServerId server() const noexcept { return {kind_ == Kind::server || kind_ == Kind::member ? first_ : 0}; }
    /// The channel; unset for other kinds.
    constexpr ChannelId channel() const noexcept { return {kind_ == Kind::channel ? first_ : 0}; }
    /// The user of a user or a member; unset for other kinds.
    constexpr UserId user() const noexcept {
        return {kind_ == Kind::user ? first_ : kind_ == Kind::member ? second_ : 0};
    }

    /// The id, or that of the server of a member; 0 for global. And the user of a member, otherwise 0.
    constexpr std::uint64_t first() const noexcept { return first_; }
    /// The user of a member; otherwise 0.
    constexpr std::uint64_t second() const noexcept { return second_; }

    /// "server 12", "member 7 of server 12", "global"
    std::string str() const;

    friend constexpr auto operator<=>(const SettingOwner&, const SettingOwner&) = default;

private:
    Kind kind_ = Kind::global;
    std::uint64_t first_ = 0;
    std::uint64_t second_ = 0;
};

inline constexpr SettingOwner global;  ///< the owner of values that exist once for the whole bot

namespace detail {

/// A Setting without its C++ type.
class INTENT_API SettingInfo {
public:
    /// Errors: ConfigError unless the name has 1-100 bytes and no control characters.
    SettingInfo(std::string name, std::string type, bool holds_secret);

    const std::string& name() const noexcept { return name_; }
    const std::string& type() const noexcept { return type_; }
    bool holds_secret() const noexcept { return holds_secret_; }

private:
    std::string name_;
    std::string type_;
    bool holds_secret_;
};

}  // namespace detail

/// The key of a value: a name, a type, and what counts while no value is set. Declare each once:
///
///     const intent::Setting<std::string> prefix("prefix", "!");
///
/// Types: bool, integers, double, std::string, ids, Timestamp, durations in microseconds or more, DailyTime, TimeOfDay,
/// TimeZone, Secret, enumerations with `intent::Choices`, vectors and optionals of these, and structs with
/// `intent::StoredFields`. A value that was stored with another type is an error when it is read, so give a Setting
/// whose type changes a new name.
///
/// The file holds a Secret in plain text, like everything else; its mode is 0600. Errors show no value that is or
/// contains a Secret. A zone that the system no longer knows makes a stored DailyTime or TimeZone an error when it is
/// read.
///
/// Errors: ConfigError for a name that is empty or has more than 100 bytes.
template <class T>
class Setting {
public:
    /// `initial` counts while no value is set.
    explicit Setting(std::string name, T initial = T())
        : info_((detail::require_stored<T>(), std::move(name)), detail::Stored<T>::type(),
                detail::HoldsSecret<T>::value),
          initial_(std::move(initial)) {}

    /// The name of the key.
    const std::string& name() const noexcept { return info_.name(); }
    /// What counts while no value is set.
    const T& initial() const noexcept { return initial_; }
    /// The key without its C++ type.
    const detail::SettingInfo& info() const noexcept { return info_; }

private:
    detail::SettingInfo info_;
    T initial_;
};

}  // namespace intent
