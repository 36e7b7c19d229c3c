// A list of ids as an argument of a call.
#pragma once

#include <intent/snowflake.hpp>

#include <concepts>
#include <utility>
#include <vector>

namespace intent::inline v0 {

/// Ids of one kind. A braced list converts to it, even inside an awaited call, where g++ 12 rejects a braced list for a
/// `std::vector`: `co_await channel.remove_messages({first, second})`. A vector and a single id also convert.
template <class Id>
class IdList {
public:
    IdList() = default;
    /// These ids.
    IdList(std::vector<Id> ids) : ids_(std::move(ids)) {}  // NOLINT(google-explicit-constructor)
    template <std::same_as<Id>... More>
    IdList(Id first, More... more) : ids_{first, more...} {}  // NOLINT(google-explicit-constructor)

    /// The ids.
    const std::vector<Id>& get() const noexcept { return ids_; }

private:
    std::vector<Id> ids_ = {};
};

}  // namespace intent
