// What tests give to a sandbox, and get from it.
#pragma once

#include <intent/raw/message.hpp>

#include <string>

namespace intent::detail {

template <class Predicate>
concept TakesMessage = requires(Predicate& predicate, const raw::Message& message) {
    static_cast<bool>(predicate(message));
};

/// GoogleTest's AssertionResult, told by what it can do.
template <class Result>
concept TestResult = requires(Result result, const std::string& text) {
    Result(true);
    result << text;
    result.failure_message();
};

}  // namespace intent::detail
