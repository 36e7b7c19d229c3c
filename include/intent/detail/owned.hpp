// A pointer that owns its object.
#pragma once

#include <cstddef>
#include <utility>

namespace intent::inline v0::detail {

/// What the headers need of std::unique_ptr, which costs a source twenty times as much for each type.
template <class T>
class Owned {
public:
    Owned() noexcept = default;
    Owned(std::nullptr_t) noexcept {}  // NOLINT(google-explicit-constructor)
    explicit Owned(T* object) noexcept : object_(object) {}
    Owned(Owned&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
    Owned& operator=(Owned&& other) noexcept {
        delete std::exchange(object_, std::exchange(other.object_, nullptr));
        return *this;
    }
    ~Owned() { delete object_; }

    T* get() const noexcept { return object_; }
    T* operator->() const noexcept { return object_; }
    T& operator*() const noexcept { return *object_; }
    explicit operator bool() const noexcept { return object_ != nullptr; }

private:
    T* object_ = nullptr;
};

}  // namespace intent::detail
