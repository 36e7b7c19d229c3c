// A function of a bot that outlives its registration.
#pragma once

#include <intent/detail/export.hpp>

#include <memory>
#include <type_traits>
#include <utility>

namespace intent::inline v0::detail {

/// A function of a bot without its type.
struct KeptFunction {
    void* function = nullptr;
    void (*destroy)(void* function) noexcept = nullptr;  ///< null: it is not destroyed
};

/// The function, kept for its calls. One without state needs no allocation, and no code to manage it.
template <class F>
KeptFunction erase_function(F function) {
    if constexpr (std::is_empty_v<F> && std::is_trivially_default_constructible_v<F>) {
        static F kept;
        return KeptFunction{&kept, nullptr};
    } else {
        return KeptFunction{new F(std::move(function)), [](void* erased) noexcept { delete static_cast<F*>(erased); }};
    }
}

/// Destroys the function with its last reference. Compiled once: a shared_ptr that is made here would cost each source
/// of a bot several times as much as its handler.
INTENT_API std::shared_ptr<void> share_function(KeptFunction function);

template <class F>
std::shared_ptr<void> keep_function(F function) {
    return share_function(erase_function<F>(std::move(function)));
}

}  // namespace intent::detail
