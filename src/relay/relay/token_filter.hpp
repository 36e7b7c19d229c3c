// Keeps the bot's token from leaving the relay in data.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

namespace intent::relay {

/// Replaces a token by as many asterisks, so that lengths in the surrounding format stay valid. It finds the token as
/// it is, which is how a user or a server would send it in MessagePack or JSON.
///
/// Cost: one search for the token's first characters.
class TokenFilter {
public:
    /// An empty token is never found.
    explicit TokenFilter(std::string token) : token_(std::move(token)), search_(token_.begin(), token_.end()) {}
    TokenFilter(const TokenFilter&) = delete;  // `search_` refers to `token_`
    TokenFilter& operator=(const TokenFilter&) = delete;

    /// True if something was replaced.
    bool apply(std::string& data) const {
        if (token_.empty()) return false;
        bool found = false;
        for (auto at = data.begin();;) {
            const auto [begin, end] = search_(at, data.end());
            if (begin == end) return found;
            std::fill(begin, end, '*');
            found = true;
            at = end;
        }
    }

private:
    std::string token_;
    std::boyer_moore_horspool_searcher<std::string::const_iterator> search_;
};

}  // namespace intent::relay
