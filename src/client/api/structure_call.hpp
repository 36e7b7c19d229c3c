// Calls of structures through the client that they came from.
#pragma once

#include "client/api/awaiters.hpp"

#include <intent/bodies.hpp>
#include <intent/errors.hpp>
#include <intent/rest.hpp>

#include <coroutine>
#include <exception>
#include <type_traits>
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

template <class Task>
Task failed(std::exception_ptr error) {
    co_await std::suspend_never{};  // makes this a coroutine, so that the awaited task throws
    std::rethrow_exception(std::move(error));
}

/// Makes a call through the structure's client. Errors that occur before the call starts are thrown by the awaited
/// task, like every other error of the call.
template <class Call>
std::invoke_result_t<Call, RestClient> structure_call(const ClientRef& ref, Call call) {
    try {
        return call(detail::rest_of(ref));
    } catch (...) {
        return failed<std::invoke_result_t<Call, RestClient>>(std::current_exception());
    }
}

}  // namespace intent::client
