// Writes JSON text.
#pragma once

#include "codec/result.hpp"
#include "codec/utf8.hpp"

#include <charconv>
#include <concepts>
#include <string>
#include <string_view>

namespace intent::codec {

/// Appends JSON values to the caller's text. Has the functions of `Writer`, so that the same templates write both
/// formats (codec/write.hpp). Commas follow from what has been written: only a bracket precedes a first entry.
///
/// Lifetime: the text must outlive the writer.
class JsonWriter {
public:
    explicit JsonWriter(std::string& out, Unset unset = Unset::left_out) noexcept : out_(out), unset_(unset) {}

    /// How the unset optional fields of described structs are written.
    Unset unset() const noexcept { return unset_; }

    void nil() { out_ += "null"; }
    void boolean(bool value) { out_ += value ? "true" : "false"; }
    void integer(std::integral auto value) {
        char digits[20];
        out_.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
    }
    /// A floating-point number; null if it is not finite.
    void number(double value);
    /// Each invalid sequence of UTF-8 becomes U+FFFD.
    void text(std::string_view value) { append_json_string(out_, value); }

    void map(std::size_t /*entries*/) { out_ += '{'; }
    /// The name of a field, which needs no escapes.
    void key(std::string_view name) {
        element();
        out_ += '"';
        out_ += name;
        out_ += "\":";
    }
    void end_map() { out_ += '}'; }
    void list(std::size_t /*elements*/) { out_ += '['; }
    /// Precedes each element of a list.
    void element() {
        if (out_.back() != '{' && out_.back() != '[') out_ += ',';
    }
    void end_list() { out_ += ']'; }

    /// Appends one value of MessagePack as JSON; null if it is malformed.
    void encoded(ByteView value);

private:
    std::string& out_;
    Unset unset_;
};

}  // namespace intent::codec
