// How a REST call that ended becomes a value or an exception (protocol §11).
#pragma once

#include "net/http.hpp"
#include "rest/request.hpp"
#include "run/rest_runner.hpp"
#include "text/redactor.hpp"

namespace intent::client {

/// The answer of a success status.
///
/// Errors: what errors.hpp has for every other outcome, without `secrets` and without the request's own.
net::HttpResponse answer_of(const rest::Request& request, runner::RestOutcome outcome, const text::Redactor& secrets);

}  // namespace intent::client
