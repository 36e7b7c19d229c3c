// Decoding reports by value: nothing in the codec throws.
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

/// What becomes of optional fields that are unset when a struct is written.
enum class Unset : std::uint8_t {
    left_out,  ///< as a client writes requests: what is absent stays as it is
    nil,       ///< as a server writes objects: a field that the specification calls nullable is there (protocol §3)
};

/// Why bytes could not be decoded: which field, and what stands there instead.
struct Failure {
    std::string path;    ///< "message.author.id"; empty for the document itself
    std::string reason;  ///< "expected a map, got nil"

    /// "message.author: expected a map, got nil"
    std::string text() const { return path.empty() ? reason : path + ": " + reason; }
    friend bool operator==(const Failure&, const Failure&) = default;
};

/// A value, or why there is none. Of a failure the value is a `T{}`, of a value the failure is empty: to read the wrong
/// one is a mistake, but a harmless one.
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
    /// A `T{}`, made without zeroing memory first that its members' initialisers set anyway.
    static T fresh() {
        if constexpr (std::is_class_v<T>) {
            T value;
            return value;
        } else {
            return T{};
        }
    }

    T value_ = fresh();  // beside the failure, not in its place: cheaper to make and to move than a variant
    Failure failure_;
    bool holds_value_ = true;
};

}  // namespace intent::codec
