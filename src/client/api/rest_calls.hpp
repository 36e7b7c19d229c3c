// The coroutines of REST calls, one per call.
#pragma once

#include "client/api/awaiters.hpp"
#include "codec/convert.hpp"
#include "rest/request.hpp"

#include <intent/errors.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace intent::client {

[[noreturn]] inline void unreadable(const Context& context, const rest::Request& request,
                                    const net::HttpResponse& answer, const codec::Failure& failure) {
    const auto secrets = context->tokens().secrets().with(request.secret);
    throw DecodeError(request.method + " " + request.route + ": " + std::to_string(answer.status) +
                      " with an unreadable body: " + secrets.redact(failure.text()));
}

// These coroutines own everything they use: the RestClient may be destroyed while they run.

/// Returns what the answer contains. A structure from the answer goes into the caches. `Result`: a structure, plain
/// data, or a vector of either.
template <class Result>
task<Result> call_for(Context context, rest::Call call);

task<> call_for_nothing(Context context, rest::Call call);

enum class EmptyAnswer { refused, allowed };

/// Returns the JSON text of an answer. Errors: DecodeError if the answer is not JSON.
task<std::string> call_for_json(Context context, rest::Call call, EmptyAnswer empty);

task<Member> one_member(Context context, ServerId server, rest::Call call);
task<std::vector<Member>> member_list(Context context, ServerId server, rest::Call call);

/// Returns the message that a webhook posted, if the answer contains it. `waits`: the answer must contain it.
task<std::optional<Message>> webhook_execution(Context context, rest::Call call, bool waits);

}  // namespace intent::client
