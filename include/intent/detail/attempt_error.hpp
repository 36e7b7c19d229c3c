// The error side of an Attempt.
#pragma once

#include <intent/errors.hpp>

#include <exception>
#include <type_traits>

namespace intent::inline v0::detail {

/// The error of an Attempt, if there is one.
class AttemptError {
public:
    AttemptError() = default;
    explicit AttemptError(const Error& error) noexcept : holder_(std::current_exception()), error_(&error) {}

    /// The error. Throws UsageError if the call succeeded.
    const Error& error() const {
        if (!error_) throw UsageError("Attempt::error(): there is a result, not an error; test the Attempt first");
        return *error_;
    }

    /// The error, for `Client::report_error`; null if the call succeeded.
    const std::exception_ptr& exception() const noexcept { return holder_; }

    /// True if the error is an E: `attempt.is<intent::ForbiddenError>()`. False if the call succeeded.
    template <class E>
    bool is() const noexcept {
        return get_if<E>() != nullptr;
    }

    /// The error as an E, for its details; null if it is another error or the call succeeded. Valid as long as this
    /// object.
    template <class E>
    const E* get_if() const noexcept {
        static_assert(std::is_base_of_v<Error, E>, "intent: an Attempt holds errors that derive from intent::Error");
        return dynamic_cast<const E*>(error_);
    }

    /// Throws the error, if there is one.
    void raise() const {
        if (error_) std::rethrow_exception(holder_);
    }

protected:
    ~AttemptError() = default;
    bool failed() const noexcept { return error_ != nullptr; }

private:
    std::exception_ptr holder_ = {};
    const Error* error_ = nullptr;  // of `holder_`
};

}  // namespace intent::detail
