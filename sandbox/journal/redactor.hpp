// Redacts secrets in entries of the journal: replaces each byte of a secret by "*", which preserves lengths.
#pragma once

#include "codec/result.hpp"

#include <boost/json/value.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace intent::inline v0::sandbox {

/// Finds secrets by field name ("token", "session_id", "password", …), by their shape (`bot_…`, `usr_…`,
/// `/webhooks/1/…`), and by comparison with known tokens.
///
/// Distinct objects: safe. Shared objects: safe.
class JournalRedactor {
public:
    /// `known`: the tokens of the store; keeps those that their shape does not reveal.
    explicit JournalRedactor(const std::vector<std::string>& known);

    /// Redacts a frame, which may be invalid MessagePack.
    void frame(codec::Bytes& bytes) const;
    /// Redacts any text: a path, a query, a body that is not JSON.
    void text(std::string& text) const;
    void json(boost::json::value& value) const;

    static bool is_secret_name(std::string_view name) noexcept;

private:
    void value(std::span<char> text) const;
    void shapes(std::span<char> text) const;
    void loose(std::span<char> text) const;

    std::vector<std::string> known_;
};

}  // namespace intent::sandbox
