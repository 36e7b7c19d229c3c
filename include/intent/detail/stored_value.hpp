// A value of a setting or of a table, without its C++ type.
#pragma once

#include <intent/detail/export.hpp>
#include <intent/errors.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace intent::inline v0::detail {

struct StoredValue {
    enum class Kind : std::uint8_t { none, integer, real, text, list };

    Kind kind = Kind::none;
    std::int64_t integer = 0;
    double real = 0;
    std::string text = {};
    std::vector<StoredValue> items = {};

    friend bool operator==(const StoredValue&, const StoredValue&) = default;
};

/// A stored value does not fit its type. Callers turn it into a SettingsError that names the place.
class INTENT_API BadStoredValue : public Error {
public:
    using Error::Error;
};

INTENT_API StoredValue stored_integer(std::int64_t number);
INTENT_API StoredValue stored_text(std::string_view text);
INTENT_API StoredValue stored_list(std::vector<StoredValue> items);
/// Errors: ConfigError unless the number is finite.
INTENT_API StoredValue stored_real(double number);

/// The items of a list. A list is a JSON array as text in the file, and a `list` once it is part of another one.
///
/// Errors: BadStoredValue.
INTENT_API std::vector<StoredValue> items_of(const StoredValue& list);

/// Throws a BadStoredValue that describes `found`.
[[noreturn]] INTENT_API void bad_value(const StoredValue& found, std::string_view expected);
/// Throws a ConfigError: the number is too large for the file.
[[noreturn]] INTENT_API void too_large(std::string_view what);

INTENT_API std::string expected_integer(std::int64_t low, std::int64_t high);
/// "heads, tails or edge"
INTENT_API std::string expected_one_of(const std::string_view* names, std::size_t count);

}  // namespace intent::detail
