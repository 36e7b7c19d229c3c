// Empties a described struct for the next value to decode, and keeps its memory.
#pragma once

#include "codec/field.hpp"

#include <string>
#include <tuple>
#include <type_traits>
#include <vector>

namespace intent::codec {

template <class T>
constexpr bool keeps_memory = std::is_same_v<T, std::string>;
template <class T>
constexpr bool keeps_memory<std::vector<T>> = true;

/// Gives every field of the table its default. Texts and lists keep their memory.
template <class T>
void make_empty(T& value) {
    if constexpr (Described<T>) {
        std::apply([&](const auto&... field) { (make_empty(value.*field.member), ...); }, Fields<T>::table);
    } else if constexpr (keeps_memory<T>) {
        value.clear();
    } else {
        value = T{};
    }
}

}  // namespace intent::codec
