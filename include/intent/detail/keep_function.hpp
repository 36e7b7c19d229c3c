// A function of a bot that outlives its registration.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace intent::inline v0::detail {

/// The function, kept for its calls. One without state needs no allocation, and no code to manage it.
template <class F>
std::shared_ptr<void> keep_function(F function) {
    if constexpr (std::is_empty_v<F> && std::is_trivially_default_constructible_v<F>) {
        static F kept;
        return std::shared_ptr<void>(std::shared_ptr<void>(), &kept);
    } else {
        return std::make_shared<F>(std::move(function));
    }
}

}  // namespace intent::detail
