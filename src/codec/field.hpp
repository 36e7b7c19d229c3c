// Describes a struct by a table of its fields. Wire names appear nowhere else.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <tuple>

namespace intent::codec {

/// Whether a field may be missing, and how a value of a wrong type is treated.
enum class Presence : std::uint8_t {
    required,  ///< missing, nil or of a wrong type: the whole object fails
    nullable,  ///< missing or nil: the member's default; wrong type: fails. Always written, as nil if unset
    /// Missing or nil: the member's default, which must be `{}`. Unreadable: the same, and counted. A default value is
    /// not written, unless the writer writes unset fields as nil (`Unset::nil`).
    optional,
    /// As `optional`, but never written while unset: its absence has a meaning.
    omitted,
};

/// The limits of a field of a request: of a text's length in code points, of a list's length, of a number. Requests are
/// checked against them before they are sent; readers ignore them.
struct Range {
    std::uint64_t min = 0;
    std::uint64_t max = std::numeric_limits<std::uint64_t>::max();
};

constexpr Range at_least(std::uint64_t min) { return {min, Range{}.max}; }
constexpr Range at_most(std::uint64_t max) { return {0, max}; }

/// One field: its name, the aliases read if the name is absent (protocol §15), and the member it fills.
template <class Owner, class Member, std::size_t Aliases>
struct Field {
    static constexpr std::size_t alias_count = Aliases;
    using member_type = Member;

    std::string_view name;
    Member Owner::*member;
    Presence presence;
    std::array<std::string_view, Aliases> aliases;
    Range range = {};
};

template <class Owner, class Member, class... Alias>
constexpr auto field(Presence presence, std::string_view name, Member Owner::*member, Alias... aliases) {
    return Field<Owner, Member, sizeof...(Alias)>{name, member, presence, {std::string_view{aliases}...}};
}

template <class Owner, class Member, class... Alias>
constexpr auto required(std::string_view name, Member Owner::*member, Alias... aliases) {
    return field(Presence::required, name, member, aliases...);
}

template <class Owner, class Member>
constexpr auto required(std::string_view name, Member Owner::*member, Range range) {
    return Field<Owner, Member, 0>{name, member, Presence::required, {}, range};
}

template <class Owner, class Member, class... Alias>
constexpr auto nullable(std::string_view name, Member Owner::*member, Alias... aliases) {
    return field(Presence::nullable, name, member, aliases...);
}

template <class Owner, class Member, class... Alias>
constexpr auto optional(std::string_view name, Member Owner::*member, Alias... aliases) {
    return field(Presence::optional, name, member, aliases...);
}

template <class Owner, class Member>
constexpr auto optional(std::string_view name, Member Owner::*member, Range range) {
    return Field<Owner, Member, 0>{name, member, Presence::optional, {}, range};
}

template <class Owner, class Member, class... Alias>
constexpr auto omitted(std::string_view name, Member Owner::*member, Alias... aliases) {
    return field(Presence::omitted, name, member, aliases...);
}

template <class Owner, class Member>
constexpr auto omitted(std::string_view name, Member Owner::*member, Range range) {
    return Field<Owner, Member, 0>{name, member, Presence::omitted, {}, range};
}

/// The table of `T`. Specialise it with `static constexpr std::tuple table{required(…), …}`, in the order in which the
/// fields usually arrive (the fastest to read). It may have three functions. `static void finish(T&)` runs after each
/// successful read. `static bool applies(const T&, std::string_view field)` returns whether objects of this kind have
/// the field, so that it is written and cached; it may use only members that precede, in the table, every field that it
/// rules out. `static bool is_nil(const T&, std::string_view field)` returns whether to write nil whatever the member
/// holds.
template <class T>
struct Fields;

template <class T>
concept Described = requires {
    Fields<T>::table;
};

/// Whether objects of this kind have the field (see `Fields`).
template <class T>
constexpr bool applies(const T& object, std::string_view field) noexcept {
    if constexpr (requires { Fields<T>::applies(object, field); })
        return Fields<T>::applies(object, field);
    else
        return static_cast<void>(object), static_cast<void>(field), true;
}

}  // namespace intent::codec
