// Recognizes the results of a test framework.
#pragma once

#include <string>

namespace intent::inline v0::detail {

/// GoogleTest's AssertionResult, recognized by its operations.
template <class Result>
concept TestResult = requires(Result result, const std::string& text) {
    Result(true);
    result << text;
    result.failure_message();
};

}  // namespace intent::detail
