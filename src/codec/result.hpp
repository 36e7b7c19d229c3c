// Decoding reports by value: nothing in the codec throws.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace intent::codec {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// Why bytes could not be decoded: which field, and what stands there instead.
struct Failure {
    std::string path;    ///< "message.author.id"; empty for the document itself
    std::string reason;  ///< "expected a map, got nil"

    /// "message.author: expected a map, got nil"
    std::string text() const { return path.empty() ? reason : path + ": " + reason; }
    friend bool operator==(const Failure&, const Failure&) = default;
};

/// A value, or why there is none.
template <class T>
class Result {
public:
    /// Holds a `T{}`, to be filled in place.
    explicit Result(std::in_place_t) : held_(std::in_place_index<0>) {}
    Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
    Result(Failure failure) : held_(std::in_place_index<1>, std::move(failure)) {}

    explicit operator bool() const noexcept { return held_.index() == 0; }
    T& operator*() & { return std::get<0>(held_); }
    const T& operator*() const& { return std::get<0>(held_); }
    T&& operator*() && { return std::get<0>(std::move(held_)); }
    T* operator->() { return &std::get<0>(held_); }
    const T* operator->() const { return &std::get<0>(held_); }
    const Failure& failure() const { return std::get<1>(held_); }

private:
    std::variant<T, Failure> held_;
};

}  // namespace intent::codec
