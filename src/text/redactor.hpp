// Removes secrets from text that a peer sent.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::text {

/// Knows the secrets that text from a peer must not show: the current token, the previous one, and temporary others.
/// Without it, a server that echoes a secret would put it into errors and logs.
///
/// How to drive it: call `set_token` whenever the token changes. Pass text from a peer through `redact`, or through
/// `peer_text` (text/peer_text.hpp), which also cleans it.
///
/// Finds a secret in plain form, percent-encoded, JSON-escaped, and percent-encoded inside JSON, even if only part of
/// it is encoded. Control characters, invisible characters, spaces, '?' and U+FFFD within a secret do not hide it: the
/// peer may have sent them, or they may replace what it sent. Also finds a prefix of at least 8 characters, because a
/// limit may have cut the rest. Secrets shorter than 4 characters are ignored.
///
/// Cost: linear in the text, for each secret.
class Redactor {
public:
    Redactor() = default;

    /// Sets the current token and keeps the previous one. No effect if `token` is the current one or empty.
    void set_token(std::string_view token);

    /// Returns a copy that knows one more secret. A percent-encoded secret is found in both forms.
    Redactor with(std::string_view secret) const;

    bool empty() const noexcept { return needles_.empty(); }

    /// `text` with each secret replaced by "***".
    std::string redact(std::string_view text) const;

    /// Where the secrets are in `text`: begin and end, sorted by begin, without overlaps.
    using Span = std::pair<std::size_t, std::size_t>;
    std::vector<Span> find(std::string_view text) const;

private:
    void add(std::string_view secret);

    std::vector<std::string> needles_;  // oldest first, without the characters that are skipped
};

}  // namespace intent::text
