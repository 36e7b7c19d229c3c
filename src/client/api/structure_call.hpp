// Calls of structures through the client that they came from.
#pragma once

#include "client/api/rest_calls.hpp"

#include <intent/bodies.hpp>
#include <intent/errors.hpp>

#include <coroutine>
#include <exception>
#include <utility>

namespace intent::client {

/// Returns the client that `ref` refers to.
///
/// Errors: UsageError if the client is gone.
Context context_of(const ClientRef& ref);

/// Rejects text for a channel that accepts only ciphertext (protocol §16); nothing is sent.
///
/// Errors: ConfigError.
void require_ciphertext(bool encrypted, const MessageBody& body);

template <class Result>
task<Result> failed(std::exception_ptr error) {
    co_await std::suspend_never{};  // makes this a coroutine, so that the awaited task throws
    std::rethrow_exception(std::move(error));
}

/// Makes a call through the structure's client. Errors that occur before the call starts are thrown by the awaited
/// task, like every other error of the call.
template <class Result, class Call>
task<Result> structure_call(const ClientRef& ref, Call&& call) {
    try {
        return std::forward<Call>(call)(context_of(ref));
    } catch (...) {
        return failed<Result>(std::current_exception());
    }
}

}  // namespace intent::client
