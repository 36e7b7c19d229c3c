// Converts the outcome of a REST call into a value or an exception (protocol §11).
#pragma once

#include "net/http.hpp"
#include "rest/request.hpp"
#include "run/rest_runner.hpp"
#include "text/redactor.hpp"

#include <intent/timestamp.hpp>

namespace intent::client {

/// Returns the answer of a success status. `now` is the time of the caller's clock, which the times in some answers
/// refer to.
///
/// Errors: the matching error of errors.hpp for every other outcome, with `secrets` and the request's own secret
/// redacted.
net::HttpResponse answer_of(const rest::Request& request, runner::RestOutcome outcome, const text::Redactor& secrets,
                            Timestamp now);

}  // namespace intent::client
