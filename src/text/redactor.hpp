// Secrets taken out of text that a peer sent.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::text {

/// Knows the secrets that text of a peer must not show: the current token, the one before, and others for a while. A
/// server that echoes one would put it into errors and logs otherwise.
///
/// How to drive it: `set_token` whenever the token changes; pass what a peer sent through `redact`, or through
/// `peer_text` (text/peer_text.hpp), which does that and more.
///
/// A secret is found as it is, percent-encoded, JSON-escaped, and percent-encoded inside of JSON, each also in part.
/// Control characters, invisible ones, spaces, '?' and U+FFFD in between do not hide it: they may stand there because a
/// peer sent them, or because they replaced what it sent. The front of a secret is found too, from 8 characters on: a
/// limit may have cut the rest. Secrets of fewer than 4 characters are not looked for.
///
/// Cost: linear in the text, for each secret. Distinct objects: safe. Shared objects: unsafe.
class Redactor {
public:
    Redactor() = default;

    /// Makes this the current token and keeps the one before. No effect if it is the current one, or empty.
    void set_token(std::string_view token);

    /// A copy that knows one more secret; one that is percent-encoded is looked for in either form.
    Redactor with(std::string_view secret) const;

    bool empty() const noexcept { return needles_.empty(); }

    /// `text` with "***" in place of each secret.
    std::string redact(std::string_view text) const;

    /// Where the secrets stand in `text`: begin and end, by rising begin, apart from each other.
    using Span = std::pair<std::size_t, std::size_t>;
    std::vector<Span> find(std::string_view text) const;

private:
    void add(std::string_view secret);

    std::vector<std::string> needles_;  // the oldest first, without the characters that are passed over
};

}  // namespace intent::text
