// Secrets blotted out of what is shown: each byte of one becomes "*", so that lengths stay.
#pragma once

#include "codec/result.hpp"

#include <boost/json/value.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace intent::sandbox {

/// Finds tokens by the name of the field they stand in ("token", "session_id", "password", …), by their shape
/// (`bot_…`, `usr_…`, `/webhooks/1/…`), and those given by their text.
///
/// Distinct objects: safe. Shared objects: safe.
class JournalRedactor {
public:
    /// `known`: the tokens of the store; those whose shape tells them are left out.
    explicit JournalRedactor(const std::vector<std::string>& known);

    /// A frame, be it MessagePack or not.
    void frame(codec::Bytes& bytes) const;
    /// Text of any kind: a path, a query, a body that is no JSON.
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
