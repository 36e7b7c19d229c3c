// What all structures have in common.
#pragma once

#include <intent/client_ref.hpp>
#include <intent/detail/export.hpp>
#include <intent/raw/member.hpp>

#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>

namespace intent::inline v0 {

namespace detail {

/// Identifies an object: its id, the code of an invite, or the ids of a member's server and user.
template <class Raw>
auto key_of(const Raw& value) noexcept {
    if constexpr (std::same_as<Raw, raw::Member>) {
        return MemberId{value.server_id, value.user.id};
    } else if constexpr (requires { value.id; }) {
        return value.id;
    } else {
        return std::string_view(value.code);
    }
}

}  // namespace detail

/// The base of the structures (Message, Server, …): a raw type, and the client that the object came from. Its copies,
/// moves and destructor are compiled in the library.
template <class R>
class INTENT_API Structure : public R {
public:
    using Raw = R;  ///< the data without actions

    /// Empty, without a client.
    Structure();
    /// The data, and the client to act through.
    Structure(Raw value, ClientRef client);
    /// An empty object of that client, to be filled.
    explicit Structure(ClientRef client) noexcept;
    Structure(const Structure&);
    Structure(Structure&&) noexcept;
    Structure& operator=(const Structure&);
    Structure& operator=(Structure&&) noexcept;
    ~Structure();

    /// The client that the object came from.
    const ClientRef& client() const noexcept { return client_; }

    /// Compares the ids of the objects; of invites, the codes. The raw types compare every field.
    friend bool operator==(const Structure& a, const Structure& b) noexcept {
        return detail::key_of<Raw>(a) == detail::key_of<Raw>(b);
    }

protected:
    ClientRef client_ = {};  ///< the client that the object came from
};

}  // namespace intent

/// Hashes what `==` compares.
template <class T>
requires std::derived_from<T, intent::Structure<typename T::Raw>>
struct std::hash<T> {
    /// The hash of an object.
    std::size_t operator()(const T& value) const noexcept {
        const auto key = intent::detail::key_of<typename T::Raw>(value);
        return std::hash<std::remove_const_t<decltype(key)>>{}(key);
    }
};
