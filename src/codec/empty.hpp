// Empties a described struct for the next value to decode, and keeps the memory of its texts.
#pragma once

#include "codec/field.hpp"

#include <string>
#include <tuple>
#include <type_traits>

namespace intent::codec {

/// Gives every field of the table its default. Texts keep their memory; lists do not, because few bytes can make a
/// large one.
template <class T>
void make_empty(T& value) {
    if constexpr (Described<T>) {
        std::apply([&](const auto&... field) { (make_empty(value.*field.member), ...); }, Fields<T>::table);
    } else if constexpr (std::is_same_v<T, std::string>) {
        value.clear();
    } else {
        value = T{};
    }
}

}  // namespace intent::codec
