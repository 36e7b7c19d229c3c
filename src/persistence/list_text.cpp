#include "persistence/list_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>
#include <utility>

namespace intent::persistence {

namespace {

using detail::StoredValue;
using Kind = StoredValue::Kind;

constexpr int max_depth = 64;

void add_text(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += '"';
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20) {
            out += "\\u00";
            out += digits[byte >> 4];
            out += digits[byte & 15];
        } else {
            out += c;
        }
    }
    out += '"';
}

void add_real(std::string& out, double number) {
    char buffer[32];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
    out.append(buffer, end);
}

void add_list(std::string& out, const std::vector<StoredValue>& items) {
    out += '[';
    for (bool is_first = true; const StoredValue& item : items) {
        if (!std::exchange(is_first, false)) out += ',';
        switch (item.kind) {
            case Kind::none:
                out += "null";
                break;
            case Kind::integer:
                out += std::to_string(item.integer);
                break;
            case Kind::real:
                add_real(out, item.real);
                break;
            case Kind::text:
                add_text(out, item.text);
                break;
            case Kind::list:
                add_list(out, item.items);
                break;
        }
    }
    out += ']';
}

/// Reads what `add_list` writes, with white space and the other escapes of JSON, for files that people edit.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    std::optional<std::vector<StoredValue>> whole() {
        skip();
        auto items = list(0);
        skip();
        if (!rest_.empty()) return std::nullopt;
        return items;
    }

private:
    std::optional<std::vector<StoredValue>> list(int depth) {
        std::vector<StoredValue> items;
        if (depth == max_depth || !take('[')) return std::nullopt;
        skip();
        if (take(']')) return items;
        do {
            skip();
            auto one = value(depth + 1);
            if (!one) return std::nullopt;
            items.push_back(*std::move(one));
            skip();
        } while (take(','));
        if (!take(']')) return std::nullopt;
        return items;
    }

    std::optional<StoredValue> value(int depth) {
        if (rest_.starts_with("null")) {
            rest_.remove_prefix(4);
            return StoredValue();
        }
        if (rest_.starts_with('[')) {
            auto items = list(depth);
            if (!items) return std::nullopt;
            return detail::stored_list(*std::move(items));
        }
        if (rest_.starts_with('"')) return text();
        return number();
    }

    std::optional<StoredValue> number() {
        const auto size = std::min(rest_.find_first_not_of("+-.0123456789eE"), rest_.size());
        const char* const begin = rest_.data();
        const char* const end = begin + size;
        StoredValue value;
        if (auto [at, error] = std::from_chars(begin, end, value.integer); error == std::errc() && at == end) {
            value.kind = Kind::integer;
        } else if (auto [last, problem] = std::from_chars(begin, end, value.real);
                   problem == std::errc() && last == end) {
            value.kind = Kind::real;
            value.integer = 0;
        } else {
            return std::nullopt;
        }
        rest_.remove_prefix(size);
        return value;
    }

    std::optional<StoredValue> text() {
        StoredValue value;
        value.kind = Kind::text;
        rest_.remove_prefix(1);
        while (!rest_.empty()) {
            const char c = rest_.front();
            rest_.remove_prefix(1);
            if (c == '"') return value;
            if (c != '\\') {
                value.text += c;
            } else if (!escape(value.text)) {
                return std::nullopt;
            }
        }
        return std::nullopt;
    }

    bool escape(std::string& out) {
        constexpr std::string_view names = "\"\\/bfnrt";
        constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
        if (rest_.empty()) return false;
        const char c = rest_.front();
        rest_.remove_prefix(1);
        if (const auto at = names.find(c); at != names.npos) {
            out += meanings[at];
            return true;
        }
        // Only ASCII: all other characters are written as they are.
        unsigned code = 0;
        if (c != 'u' || rest_.size() < 4) return false;
        const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + 4, code, 16);
        if (error != std::errc() || end != rest_.data() + 4 || code > 0x7f) return false;
        out += static_cast<char>(code);
        rest_.remove_prefix(4);
        return true;
    }

    void skip() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size())); }
    bool take(char c) {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    std::string_view rest_;
};

}  // namespace

std::string list_text(const std::vector<StoredValue>& items) {
    std::string text;
    add_list(text, items);
    return text;
}

std::optional<std::vector<StoredValue>> parse_list(std::string_view text) { return Reader(text).whole(); }

StoredValue flat(StoredValue value) {
    if (value.kind == Kind::list) return detail::stored_text(list_text(value.items));
    return value;
}

}  // namespace intent::persistence
