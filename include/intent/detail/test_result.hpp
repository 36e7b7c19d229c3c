// Concepts for the types that tests and a sandbox exchange.
#pragma once

#include <intent/raw/message.hpp>

#include <string>

namespace intent::detail {

template <class Predicate>
concept TakesMessage = requires(Predicate& predicate, const raw::Message& message) {
    static_cast<bool>(predicate(message));
};

/// GoogleTest's AssertionResult, recognized by its operations.
template <class Result>
concept TestResult = requires(Result result, const std::string& text) {
    Result(true);
    result << text;
    result.failure_message();
};

}  // namespace intent::detail
