// The list of handlers, as a scope sees it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace intent::client {

/// Threads: safe.
class HandlerList {
public:
    virtual ~HandlerList() = default;
    virtual bool holds(std::size_t event, std::uint64_t id) const = 0;
    virtual void remove(std::size_t event, std::uint64_t id) = 0;
    /// Lets an inactive handler take events. No effect if it was removed.
    virtual void activate(std::size_t event, std::uint64_t id) = 0;
};

}  // namespace intent::client
