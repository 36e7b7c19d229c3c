// Answers of the REST API.
#pragma once

#include "sandbox/base/clock_reading.hpp"
#include "sandbox/base/passwords.hpp"

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::inline v0::sandbox {

class Problem;

using Headers = std::vector<std::pair<std::string, std::string>>;

struct PasswordStep;

struct ApiReply {
    int status = 200;
    Headers headers = {};
    std::string body = {};
    /// Set: not an answer yet. When the work of the step is done, on whatever thread, `finish` returns the answer.
    std::shared_ptr<PasswordStep> step = {};
};

/// A password to hash or to check before the request can be answered.
struct PasswordStep {
    PasswordWork work;
    /// Null: the work was not accepted, because too many others wait.
    std::function<ApiReply(const PasswordResult* result, ClockReading now)> finish;
};

/// The word of a status (protocol §11): the reason itself is in the text.
std::string_view word_of(int status) noexcept;

/// `{"error": text, "code": code}`.
ApiReply error_reply(int status, std::string_view code, std::string_view text);
inline ApiReply empty_reply() { return {.status = 204}; }
/// The answer of the API to a refusal.
ApiReply problem_reply(const Problem& problem);
/// 500: the sandbox itself failed.
ApiReply failure_reply(const std::exception& error);

/// Adds the headers of every answer below the REST base: the content type, unless there is one,
/// and what a browser needs so that a page of `origin` can read the answer (CORS). The bearer token identifies the
/// caller: browsers never add it themselves. Call once for each answer.
ApiReply with_common_headers(ApiReply reply, const std::string& origin);

}  // namespace intent::sandbox
