// Decoding reports errors by value: nothing in the codec throws.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace intent::codec {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

/// How unset optional fields are written.
enum class Unset : std::uint8_t {
    left_out,  ///< for a client's requests: absent fields keep their value
    nil,  ///< for a server's objects: fields that the specification calls nullable are always present (protocol §3)
};

/// Why bytes could not be decoded: which field, and what was found there.
struct Failure {
    std::string path;    ///< "message.author.id"; empty for the document itself
    std::string reason;  ///< "expected a map, got nil"

    /// "message.author: expected a map, got nil"
    std::string text() const { return path.empty() ? reason : path + ": " + reason; }
    friend bool operator==(const Failure&, const Failure&) = default;
};

/// A value, or a failure. Beside a failure the value is a `T{}`, and beside a value the failure is empty, so reading
/// the wrong one is harmless.
template <class T>
class Result {
public:
    /// Holds a `T{}`, to be filled in place.
    explicit Result(std::in_place_t) {}
    Result(T value) : value_(std::move(value)) {}
    Result(Failure failure) : failure_(std::move(failure)), holds_value_(false) {}

    explicit operator bool() const noexcept { return holds_value_; }
    T& operator*() & { return value_; }
    const T& operator*() const& { return value_; }
    T&& operator*() && { return std::move(value_); }
    T* operator->() { return &value_; }
    const T* operator->() const { return &value_; }
    const Failure& failure() const { return failure_; }

private:
    /// A `T{}`, without first zeroing memory that the member initialisers set anyway.
    static T fresh() {
        if constexpr (std::is_class_v<T>) {
            T value;
            return value;
        } else {
            return T{};
        }
    }

    T value_ = fresh();  // beside the failure, not in a variant: cheaper to make and to move
    Failure failure_;
    bool holds_value_ = true;
};

}  // namespace intent::codec
