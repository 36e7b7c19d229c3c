// Reads described structs and their members. Templates over the type only: bytes go straight into the members.
#pragma once

#include "codec/any.hpp"
#include "codec/field.hpp"
#include "codec/reader.hpp"
#include "codec/scalars.hpp"
#include "codec/utf8.hpp"

#include <intent/permissions.hpp>
#include <intent/raw/presence.hpp>
#include <intent/secret.hpp>
#include <intent/snowflake.hpp>
#include <intent/timestamp.hpp>

#include <array>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace intent::codec {

template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<std::optional<T>> : std::true_type {};
template <class T>
struct IsVector : std::false_type {};
template <class T>
struct IsVector<std::vector<T>> : std::true_type {};
template <class T>
struct IsSnowflake : std::false_type {};
template <class Tag>
struct IsSnowflake<Snowflake<Tag>> : std::true_type {};

template <class T>
bool read_value(Reader& reader, T& out);

/// Reads the elements of a list into an empty vector; a failure's path begins with the index.
template <class T>
bool read_list(Reader& reader, std::vector<T>& out) {
    std::uint32_t count = 0;
    if (!reader.list(count) || !reader.take_memory(count, sizeof(T))) return false;
    out.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        if constexpr (std::is_same_v<T, bool>) {
            bool element = false;
            if (!read_value(reader, element)) return reader.within(std::size_t{i}), false;
            out.push_back(element);
        } else {
            if (!read_value(reader, out.emplace_back())) return reader.within(std::size_t{i}), false;
        }
    }
    reader.leave();
    return true;
}

/// Whether a value of this type is read without entering a map or a list.
template <class T>
constexpr bool is_flat = !Described<T> && !IsVector<T>::value && !IsOptional<T>::value && !std::is_same_v<T, Any>;
template <class T>
constexpr bool is_flat<std::optional<T>> = is_flat<T>;

/// Replaces an empty text. Constructs it where that is possible, because `assign` takes twice as long.
[[gnu::always_inline]] inline void set_text(std::string& out, std::string_view text) {
    constexpr std::size_t in_place = 15;  // texts of this size need no memory with any standard library
    if (out.capacity() > std::string().capacity()) {
        out.assign(text.data(), text.size());  // it has memory from an earlier value
    } else if (text.size() > in_place) {
        out = std::string(text);
    } else {
        std::destroy_at(&out);
        std::construct_at(&out, text);
    }
}

/// A key as it is usually written: the byte with its size, and its characters.
template <std::size_t Size>
struct UsualKey {
    static_assert(Size < 32, "longer texts have another header");
    char bytes[1 + Size];
    constexpr explicit UsualKey(std::string_view name) : bytes{static_cast<char>(0xa0 | Size)} {
        for (std::size_t i = 0; i < Size; ++i)
            bytes[1 + i] = name[i];
    }
};

/// Reads the fields of one object. A pass over the table takes each field that arrives in table order, with one
/// comparison of the whole key. A key that a pass leaves is looked up by name: it is out of order, a duplicate, an
/// alias, unknown, or not written in the usual way. The first of duplicate keys counts.
///
/// This is the hot path (docs/decisions/0015-a-predicting-decoder.md). Code that runs for every field is inlined into
/// `read`, so that its state stays in registers. Rare code is not inlined and gets the state by value.
template <class T>
class ObjectReader {
    static constexpr auto& table = Fields<T>::table;
    static constexpr std::size_t field_count = std::tuple_size_v<std::remove_cvref_t<decltype(table)>>;
    static_assert(field_count <= 64, "a bit set stands for the fields");
    using Indices = std::make_index_sequence<field_count>;

    static constexpr std::uint64_t bit(std::size_t index) noexcept { return std::uint64_t{1} << index; }

    template <std::size_t I>
    static constexpr bool is_required = std::get<I>(table).presence == Presence::required;
    template <std::size_t I>
    static constexpr bool is_lenient = std::get<I>(table).presence == Presence::optional
                                       || std::get<I>(table).presence == Presence::omitted;
    template <std::size_t I>
    static constexpr bool has_alias = !std::get<I>(table).aliases.empty();

    /// The index of each field's first alias in the row of all aliases.
    template <std::size_t... I>
    static constexpr std::array<std::size_t, field_count + 1> alias_starts(std::index_sequence<I...>) {
        std::array<std::size_t, field_count + 1> row{};
        ((row[I + 1] = row[I] + std::get<I>(table).aliases.size()), ...);
        return row;
    }
    template <std::size_t... I>
    static constexpr std::uint64_t required_bits(std::index_sequence<I...>) {
        return (std::uint64_t{0} | ... | (is_required<I> ? bit(I) : 0));
    }
    static constexpr auto starts = alias_starts(Indices{});
    static constexpr std::size_t alias_count = starts[field_count];
    static constexpr std::uint64_t required_fields = required_bits(Indices{});

    /// The values of aliases. They count only if the name itself is absent, so they are read last.
    using Kept = std::array<Reader::Mark, alias_count>;

    // What a look-up of a key returns, where it is not the index of a field.
    static constexpr std::size_t passed_over = field_count;  // no field's, or a duplicate: the value is skipped
    static constexpr std::size_t malformed = field_count + 1;

    struct State {
        std::uint32_t left = 0;           ///< entries still to read
        std::size_t named = passed_over;  ///< the field of the value under the cursor, if its key was looked up
        std::uint64_t seen = 0;           ///< fields with a name that has appeared
        std::uint64_t have = 0;           ///< fields that have a value
        const std::uint8_t* end;          ///< keys end before; the cursor itself, if its key was looked up
    };

public:
    static bool read(Reader& reader, T& out) {
        std::uint32_t entries = 0;
        if (!reader.map(entries)) return false;
        State state{.left = entries, .end = reader.end()};
        Kept kept{};
        while (state.left > 0) {
            if (pass(reader, out, state, Indices{})) {
                state.named = look_up(reader, state.seen, kept);
                if (state.named == malformed) return false;
                if (state.named == passed_over)
                    --state.left;
                else
                    state.end = reader.position();
            } else if (state.left > 0) {
                return false;
            }
        }
        const bool complete = (state.have & required_fields) == required_fields;
        if ((!complete || alias_count > 0) && !finish(reader, out, state.seen, state.have, kept, Indices{}))
            return false;
        reader.leave();
        if constexpr (requires { Fields<T>::finish(out); }) Fields<T>::finish(out);
        return true;
    }

private:
    /// False at the end of the object, and on a failure, which leaves entries to read.
    template <std::size_t... I>
    [[gnu::always_inline]] static bool pass(Reader& reader, T& out, State& state, std::index_sequence<I...>) {
        return (step<I>(reader, out, state) && ...);
    }

    /// Takes the value if the current key is that of field `I`.
    template <std::size_t I>
    [[gnu::always_inline]] static bool step(Reader& reader, T& out, State& state) {
        constexpr std::string_view name = std::get<I>(table).name;
        static constexpr UsualKey<name.size()> key{name};
        if ((state.seen & bit(I)) != 0) return true;
        if (!reader.take_bytes(key.bytes, state.end)) {
            if (state.named != I) [[likely]]
                return true;
            state.named = passed_over;
            state.end = reader.end();
        }
        state.seen |= bit(I);
        if (!take<I>(reader, out, state.have)) [[unlikely]]
            return reader.within(name), false;
        return --state.left > 0;
    }

    /// Reads the value under the cursor into field `I`, and sets its bit in `have` if it is a value.
    template <std::size_t I>
    [[gnu::always_inline]] static bool take(Reader& reader, T& out, std::uint64_t& have) {
        auto& member = out.*std::get<I>(table).member;
        using Member = std::remove_cvref_t<decltype(member)>;
        if constexpr (!is_required<I> || has_alias<I>) {
            if (reader.take_nil()) return true;
        }
        if constexpr (IsVector<Member>::value) {
            if (reader.take_empty_list()) return have |= bit(I), true;
        }
        if constexpr (is_lenient<I> && is_flat<Member>) {
            const auto* const start = reader.position();
            if (!read_value(reader, member)) [[unlikely]]
                return member = Member{}, reader.ignore(start);
        } else if constexpr (is_lenient<I>) {
            const auto start = reader.mark();
            if (!read_value(reader, member)) [[unlikely]]
                return member = Member{}, reader.ignore(start);
        } else {
            if (!read_value(reader, member)) return false;
        }
        have |= bit(I);
        return true;
    }

    /// Takes a key and returns its field, or skips its value. Remembers the value's position if the key is an alias.
    [[gnu::noinline]] static std::size_t look_up(Reader& reader, std::uint64_t seen, Kept& kept) {
        std::string_view key;
        if (!reader.key(key)) return malformed;
        const std::size_t named = field_named(key, Indices{});
        if (named < field_count && (seen & bit(named)) == 0) return named;
        if constexpr (alias_count > 0) keep_alias(reader, key, kept, Indices{});
        if (reader.skip()) return passed_over;
        return reader.within(shown(key)), malformed;
    }

    template <std::size_t... I>
    static std::size_t field_named(std::string_view key, std::index_sequence<I...>) noexcept {
        std::size_t found = passed_over;
        static_cast<void>(((key == std::get<I>(table).name && (found = I, true)) || ...));
        return found;
    }

    template <std::size_t... I>
    static void keep_alias(const Reader& reader, std::string_view key, Kept& kept, std::index_sequence<I...>) {
        (keep_alias_of<I>(reader, key, kept), ...);
    }

    template <std::size_t I>
    static void keep_alias_of(const Reader& reader, std::string_view key, Kept& kept) {
        for (std::size_t i = starts[I]; i < starts[I + 1]; ++i) {
            if (key == std::get<I>(table).aliases[i - starts[I]] && kept[i].at == nullptr) kept[i] = reader.mark();
        }
    }

    /// After the last key: reads aliases for absent fields, and fails if a required field is missing.
    template <std::size_t... I>
    static bool finish(Reader& reader, T& out, std::uint64_t seen, std::uint64_t have, const Kept& kept,
                       std::index_sequence<I...>) {
        return (finish_field<I>(reader, out, seen, have, kept) && ...);
    }

    template <std::size_t I>
    static bool finish_field(Reader& reader, T& out, std::uint64_t seen, std::uint64_t have, const Kept& kept) {
        if ((have & bit(I)) != 0) return true;
        for (std::size_t i = starts[I]; i < starts[I + 1] && (have & bit(I)) == 0; ++i) {
            if (kept[i].at == nullptr) continue;
            const auto here = reader.mark();
            reader.jump(kept[i]);
            seen |= bit(I);
            if (!take<I>(reader, out, have)) return reader.within(std::get<I>(table).aliases[i - starts[I]]), false;
            reader.jump(here);
        }
        if constexpr (is_required<I>) {
            if ((have & bit(I)) == 0) {
                reader.fail_absent((seen & bit(I)) != 0);
                return reader.within(std::get<I>(table).name), false;
            }
        }
        return true;
    }
};

template <class T>
bool read_object(Reader& reader, T& out) {
    return ObjectReader<T>::read(reader, out);
}

/// Reads one value of any type that a field table allows.
template <class T>
[[gnu::always_inline]] inline bool read_value(Reader& reader, T& out) {
    if constexpr (Described<T>) {
        return read_object(reader, out);
    } else if constexpr (std::is_same_v<T, std::string>) {
        std::string_view text;
        if (!reader.text(text)) return false;
        set_text(out, text);
        return true;
    } else if constexpr (std::is_same_v<T, Secret>) {
        std::string_view text;
        if (!reader.text(text)) return false;
        out = Secret(std::string(text));
        return true;
    } else if constexpr (IsSnowflake<T>::value) {
        return read_snowflake(reader, out.value);
    } else if constexpr (std::is_same_v<T, Timestamp>) {
        bool readable = true;
        if (!read_timestamp(reader, out, readable)) return false;
        if (!readable) reader.count_ignored();
        return true;
    } else if constexpr (std::is_same_v<T, raw::UnixTime>) {
        return read_value(reader, out.value);
    } else if constexpr (std::is_same_v<T, std::optional<Timestamp>>) {
        bool readable = true;
        out.reset();
        if (reader.take_nil()) return true;
        if (!read_timestamp(reader, out.emplace(), readable)) return false;
        if (!readable) {
            out.reset();
            reader.count_ignored();
        }
        return true;
    } else if constexpr (std::is_same_v<T, std::chrono::seconds>) {
        std::int64_t count = 0;
        if (!reader.integer(count)) return false;
        out = std::chrono::seconds(count);
        return true;
    } else if constexpr (std::is_same_v<T, Permissions>) {
        return read_permissions(reader, out);
    } else if constexpr (std::is_same_v<T, bool>) {
        return reader.boolean(out);
    } else if constexpr (std::is_enum_v<T>) {
        std::underlying_type_t<T> number{};
        if (!reader.integer(number)) return false;
        out = static_cast<T>(number);
        return true;
    } else if constexpr (std::integral<T>) {
        return reader.integer(out);
    } else if constexpr (std::is_same_v<T, double>) {
        return reader.number(out);
    } else if constexpr (std::is_same_v<T, Any>) {
        const auto start = reader.mark();
        if (!reader.skip()) return false;
        const auto bytes = reader.since(start);
        out.bytes.assign(bytes.begin(), bytes.end());
        return true;
    } else if constexpr (IsOptional<T>::value) {
        if (reader.take_nil()) {
            out.reset();
            return true;
        }
        if constexpr (std::is_same_v<T, std::optional<std::string>>) {
            std::string_view text;
            if (!reader.text(text)) return false;
            out.emplace(text);  // construct in place once, instead of empty first
            return true;
        } else {
            return read_value(reader, out.emplace());
        }
    } else {
        static_assert(IsVector<T>::value, "no field table (codec/describe.hpp) and no other way to read this type");
        out.clear();
        return reader.take_empty_list() || read_list(reader, out);
    }
}

}  // namespace intent::codec
