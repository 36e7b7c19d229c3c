// The token of a client, and the secrets to redact in server text.
#pragma once

#include "text/redactor.hpp"

#include <intent/token.hpp>

#include <mutex>
#include <utility>

namespace intent::client {

/// Threads: safe.
class TokenStore {
public:
    explicit TokenStore(Token token) { set(std::move(token)); }

    Token token() const {
        const std::lock_guard lock(mutex_);
        return token_;
    }
    void set(Token token) {
        const std::lock_guard lock(mutex_);
        token_ = std::move(token);
        secrets_.set_token(token_.reveal());
    }

    /// Finds the current and the previous token in server text.
    text::Redactor secrets() const {
        const std::lock_guard lock(mutex_);
        return secrets_;
    }

private:
    mutable std::mutex mutex_;
    Token token_;
    text::Redactor secrets_;
};

}  // namespace intent::client
