// How a structure acts: through the client that it came from.
#pragma once

#include "client/api/rest_calls.hpp"

#include <intent/bodies.hpp>
#include <intent/errors.hpp>

#include <coroutine>
#include <exception>
#include <utility>

namespace intent::client {

/// The client that `ref` refers to.
///
/// Errors: UsageError if it is gone.
Context context_of(const ClientRef& ref);

/// Text for a channel that takes ciphertext only (protocol §16) is refused before anything is sent.
///
/// Errors: ConfigError.
void require_ciphertext(bool encrypted, const MessageBody& body);

template <class Result>
task<Result> failed(std::exception_ptr error) {
    co_await std::suspend_never{};  // makes it a coroutine, so that awaiting it throws
    std::rethrow_exception(std::move(error));
}

/// Makes a call through the structure's client. What goes wrong before it begins is thrown by the awaited task, as
/// every other error of the call.
template <class Result, class Call>
task<Result> structure_call(const ClientRef& ref, Call&& call) {
    try {
        return std::forward<Call>(call)(context_of(ref));
    } catch (...) {
        return failed<Result>(std::current_exception());
    }
}

}  // namespace intent::client
