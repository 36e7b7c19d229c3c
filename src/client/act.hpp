// How a structure acts: through the client that it came from.
#pragma once

#include "client/rest_core.hpp"

#include <intent/errors.hpp>
#include <intent/rest.hpp>

#include <utility>

namespace intent {

namespace detail {

/// A RestClient for the client that `ref` refers to.
struct Reach {
    static RestClient rest(const ClientRef& ref) {
        auto core = ref.lock();
        if (!core) {
            throw UsageError(
                "the client that this object came from is gone (or the object was made by hand): keep the client alive "
                "while its structures act");
        }
        return RestClient(std::move(core));
    }
};

}  // namespace detail

namespace client {

/// Text for a channel that takes ciphertext only (protocol §16): refused before anything is sent.
inline void require_ciphertext(bool encrypted, const MessageBody& body) {
    if (!encrypted || body.mls_ciphertext()) return;
    throw ConfigError(
        "content: the messages of this channel are encrypted end to end, and the server refuses plain text (protocol "
        "§16); encrypt it and send MessageBody::mls_ciphertext");
}

// The error of a dead reference is thrown by the awaited task, as every other error of the call.
template <class Result, class Call>
task<Result> act(ClientRef ref, Call call) {
    RestClient rest = detail::Reach::rest(ref);
    auto running = call(rest);
    co_return co_await std::move(running);
}

template <class Call>
task<> act_silently(ClientRef ref, Call call) {
    RestClient rest = detail::Reach::rest(ref);
    auto running = call(rest);
    co_await std::move(running);
}

}  // namespace client

}  // namespace intent
