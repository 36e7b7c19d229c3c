// The result of an awaited call as a value, for failures that a bot expects.
#pragma once

#include <intent/detail/attempt_error.hpp>
#include <intent/errors.hpp>
#include <intent/task.hpp>

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

namespace intent::inline v0 {

/// The result of a call, or its error (see `attempt`).
///
///     const auto sent = co_await intent::attempt(channel.send("hello"));
///     if (sent) std::printf("%s\n", sent->id.str().c_str());
///     else if (sent.is<intent::ForbiddenError>()) std::printf("not allowed\n");
///     else std::printf("%s\n", sent.error().what());
template <class T>
class [[nodiscard]] Attempt : public detail::AttemptError {
public:
    /// A call that succeeded.
    explicit Attempt(T value) : value_(std::move(value)) {}
    /// A call that failed.
    explicit Attempt(const Error& error) noexcept : detail::AttemptError(error) {}

    /// True if the call succeeded.
    explicit operator bool() const noexcept { return !failed(); }

    /// The result. Throws the call's error if it failed.
    T& operator*() & { return raise(), *value_; }
    const T& operator*() const& { return raise(), *value_; }
    T&& operator*() && { return raise(), *std::move(value_); }
    /// A member of the result. Throws the call's error if it failed.
    T* operator->() { return raise(), &*value_; }
    const T* operator->() const { return raise(), &*value_; }

private:
    std::optional<T> value_ = {};
};

/// For calls without a result: true if the call succeeded.
template <>
class [[nodiscard]] Attempt<void> : public detail::AttemptError {
public:
    Attempt() = default;
    /// A call that failed.
    explicit Attempt(const Error& error) noexcept : detail::AttemptError(error) {}
    /// True if the call succeeded.
    explicit operator bool() const noexcept { return !failed(); }
};

/// Awaits `call` and returns its result or its error as a value. The bot can then await another call, which C++ does
/// not allow in a `catch` block.
///
/// Only errors of the SDK (`intent::Error`) become values. Exceptions of other types are thrown, and so is
/// CancelledError: the client stops, or what the call belongs to has ended.
template <class T>
task<Attempt<T>> attempt(task<T> call) {
    try {
        if constexpr (std::is_void_v<T>) {
            co_await std::move(call);
            co_return Attempt<void>();
        } else {
            co_return Attempt<T>(co_await std::move(call));
        }
    } catch (const CancelledError&) {
        throw;
    } catch (const Error& error) {
        co_return Attempt<T>(error);
    }
}

}  // namespace intent
