// A list of event types with their indexes.
#pragma once

#include <cstddef>
#include <type_traits>

namespace intent::inline v0::detail {

template <class... Events>
struct EventList {
    template <class E>
    static constexpr bool contains = (std::is_same_v<E, Events> || ...);

    template <class E>
    static constexpr std::size_t index_of() {
        std::size_t index = 0;
        static_cast<void>(((std::is_same_v<E, Events> ? false : (++index, true)) && ...));
        return index;
    }
    static constexpr std::size_t size = sizeof...(Events);
};

}  // namespace intent::detail
