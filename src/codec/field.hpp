// How a struct is described: a table of its fields, the only place where wire names stand.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>

namespace intent::codec {

/// What may be missing, and what a value of a wrong type means.
enum class Presence : std::uint8_t {
    required,  ///< missing, nil or of a wrong type: the whole object fails
    nullable,  ///< missing or nil: the member's default; of a wrong type: fails. Always written, as nil if unset
    /// Missing or nil: the member's default, which must be `{}`; unreadable: the same, and counted. Left out if it is
    /// that, unless the writer writes unset fields as nil (`Unset::nil`).
    optional,
    /// As `optional`, but left out whenever it is unset: that it is absent means something.
    omitted,
};

/// One field: its name, the names read when that is absent (protocol §15), and where it goes.
template <class Owner, class Member, std::size_t Aliases>
struct Field {
    static constexpr std::size_t alias_count = Aliases;
    using member_type = Member;

    std::string_view name;
    Member Owner::*member;
    Presence presence;
    std::array<std::string_view, Aliases> aliases;
};

template <class Owner, class Member, class... Alias>
constexpr auto field(Presence presence, std::string_view name, Member Owner::*member, Alias... aliases) {
    return Field<Owner, Member, sizeof...(Alias)>{name, member, presence, {std::string_view{aliases}...}};
}

template <class Owner, class Member, class... Alias>
constexpr auto required(std::string_view name, Member Owner::*member, Alias... aliases) {
    return field(Presence::required, name, member, aliases...);
}

template <class Owner, class Member, class... Alias>
constexpr auto nullable(std::string_view name, Member Owner::*member, Alias... aliases) {
    return field(Presence::nullable, name, member, aliases...);
}

template <class Owner, class Member, class... Alias>
constexpr auto optional(std::string_view name, Member Owner::*member, Alias... aliases) {
    return field(Presence::optional, name, member, aliases...);
}

template <class Owner, class Member, class... Alias>
constexpr auto omitted(std::string_view name, Member Owner::*member, Alias... aliases) {
    return field(Presence::omitted, name, member, aliases...);
}

/// The table of `T`: specialise it with `static constexpr std::tuple table{required(…), …}`, in the order in which the
/// fields mostly come (that is the fastest to read). Three functions may stand beside it: `static void finish(T&)` is
/// called after each successful reading; `static bool applies(const T&, std::string_view field)` tells whether an
/// object of this kind has that field at all, so that it is written and cached. It may look only at members that stand
/// in the table before every field that it rules out; `static bool is_nil(const T&, std::string_view field)` tells that
/// a field is written as nil, whatever its member holds.
template <class T>
struct Fields;

template <class T>
concept Described = requires {
    Fields<T>::table;
};

/// Whether an object of this kind has the field (see `Fields`).
template <class T>
constexpr bool applies(const T& object, std::string_view field) noexcept {
    if constexpr (requires { Fields<T>::applies(object, field); })
        return Fields<T>::applies(object, field);
    else
        return static_cast<void>(object), static_cast<void>(field), true;
}

}  // namespace intent::codec
