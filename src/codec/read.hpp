// Reads described structs and what they are made of. Templates over the type only: bytes go straight into the members.
#pragma once

#include "codec/any.hpp"
#include "codec/field.hpp"
#include "codec/reader.hpp"
#include "codec/scalars.hpp"
#include "codec/utf8.hpp"

#include <intent/permissions.hpp>
#include <intent/snowflake.hpp>
#include <intent/timestamp.hpp>

#include <array>
#include <concepts>
#include <cstdint>
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

/// Reads the elements of a list; a failure's path begins with the index.
template <class T>
bool read_list(Reader& reader, std::vector<T>& out) {
    std::uint32_t count = 0;
    if (!reader.list(count) || !reader.take_memory(count, sizeof(T))) return false;
    out.clear();
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

/// Reads the fields of one object. A pass over the table takes each field that comes in the table's order with one
/// comparison; a key that a whole pass has not matched is an alias, or unknown. Of a key that comes twice the first
/// counts.
template <class T>
class ObjectReader {
    static constexpr auto& table = Fields<T>::table;
    static constexpr std::size_t field_count = std::tuple_size_v<std::remove_cvref_t<decltype(table)>>;
    static_assert(field_count <= 64, "a bit set stands for the fields");

public:
    ObjectReader(Reader& reader, T& out) noexcept : reader_(reader), out_(out) {}

    bool read() {
        if (!reader_.map(left_)) return false;
        if (left_ > 0 && !reader_.key(key_)) return false;
        while (left_ > 0) {
            const auto before = left_;
            if (!pass(std::make_index_sequence<field_count>{})) return false;
            if (left_ == before && !other()) return false;
        }
        if (!complete(std::make_index_sequence<field_count>{})) return false;
        reader_.leave();
        if constexpr (requires { Fields<T>::finish(out_); }) Fields<T>::finish(out_);
        return true;
    }

private:
    static constexpr std::uint64_t bit(std::size_t index) noexcept { return std::uint64_t{1} << index; }

    /// Where the aliases of field `index` begin in the row of all aliases.
    template <std::size_t... I>
    static constexpr std::array<std::size_t, field_count + 1> alias_starts(std::index_sequence<I...>) {
        std::array<std::size_t, field_count + 1> starts{};
        ((starts[I + 1] = starts[I] + std::get<I>(table).aliases.size()), ...);
        return starts;
    }
    static constexpr auto starts = alias_starts(std::make_index_sequence<field_count>{});

    template <std::size_t... I>
    bool pass(std::index_sequence<I...>) {
        return (step<I>() && ...);
    }

    /// Takes the value if the key at hand is that of field `I`. False on a failure.
    template <std::size_t I>
    [[gnu::always_inline]] bool step() {
        constexpr std::string_view name = std::get<I>(table).name;
        if (left_ == 0 || key_.size() != name.size() ||
            std::char_traits<char>::compare(key_.data(), name.data(), name.size()) != 0)
            return true;
        if ((seen_ & bit(I)) != 0) {
            if (!reader_.skip()) return reader_.within(name), false;
        } else {
            seen_ |= bit(I);
            if (!take<I>()) return reader_.within(name), false;
        }
        return next();
    }

    bool next() { return --left_ == 0 || reader_.key(key_); }

    /// Reads the value under the cursor into field `I`, and sets its bit in `have_` if it is a value.
    template <std::size_t I>
    bool take() {
        constexpr Presence presence = std::get<I>(table).presence;
        constexpr bool has_alias = std::get<I>(table).aliases.size() > 0;
        auto& member = out_.*std::get<I>(table).member;
        if constexpr (presence != Presence::required || has_alias) {
            if (reader_.take_nil()) return true;
        }
        if constexpr (presence == Presence::optional) {
            const auto start = reader_.mark();
            if (!read_value(reader_, member)) {
                member = std::remove_cvref_t<decltype(member)>{};
                return reader_.ignore(start);
            }
        } else {
            if (!read_value(reader_, member)) return false;
        }
        have_ |= bit(I);
        return true;
    }

    /// The key is none of the names. An alias's value is kept for later: it counts only if the name itself is absent.
    bool other() {
        if constexpr (starts[field_count] > 0) keep_alias(std::make_index_sequence<field_count>{});
        if (!reader_.skip()) {
            reader_.within(shown(key_));
            return false;
        }
        return next();
    }

    template <std::size_t... I>
    void keep_alias(std::index_sequence<I...>) {
        (keep_alias_of<I>(), ...);
    }

    template <std::size_t I>
    void keep_alias_of() {
        for (std::size_t i = starts[I]; i < starts[I + 1]; ++i) {
            if (key_ == std::get<I>(table).aliases[i - starts[I]] && kept_[i].at == nullptr) kept_[i] = reader_.mark();
        }
    }

    template <std::size_t... I>
    bool complete(std::index_sequence<I...>) {
        return (complete_field<I>() && ...);
    }

    /// All keys are read: turns to the aliases of a field that is absent, and misses it if it is required.
    template <std::size_t I>
    bool complete_field() {
        constexpr auto& field = std::get<I>(table);
        for (std::size_t i = starts[I]; i < starts[I + 1] && (have_ & bit(I)) == 0; ++i) {
            if (kept_[i].at == nullptr) continue;
            const auto here = reader_.mark();
            reader_.jump(kept_[i]);
            seen_ |= bit(I);
            if (!take<I>()) return reader_.within(field.aliases[i - starts[I]]), false;
            reader_.jump(here);
        }
        if constexpr (field.presence == Presence::required) {
            constexpr bool has_alias = field.aliases.size() > 0;
            if ((seen_ & bit(I)) == 0 || (has_alias && (have_ & bit(I)) == 0)) {
                reader_.fail_absent((seen_ & bit(I)) != 0);
                return reader_.within(field.name), false;
            }
        }
        return true;
    }

    Reader& reader_;
    T& out_;
    std::string_view key_;
    std::uint32_t left_ = 0;
    std::uint64_t seen_ = 0;                                ///< fields whose name came
    std::uint64_t have_ = 0;                                ///< fields that got a value
    std::array<Reader::Mark, starts[field_count]> kept_{};  ///< values of aliases
};

template <class T>
bool read_object(Reader& reader, T& out) {
    return ObjectReader<T>{reader, out}.read();
}

/// Reads one value of a type that may stand in a field table.
template <class T>
bool read_value(Reader& reader, T& out) {
    if constexpr (Described<T>) {
        return read_object(reader, out);
    } else if constexpr (std::is_same_v<T, std::string>) {
        std::string_view text;
        if (!reader.text(text)) return false;
        out = text;
        return true;
    } else if constexpr (IsSnowflake<T>::value) {
        return read_snowflake(reader, out.value);
    } else if constexpr (std::is_same_v<T, Timestamp>) {
        bool readable = true;
        if (!read_timestamp(reader, out, readable)) return false;
        if (!readable) reader.count_ignored();
        return true;
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
        return read_value(reader, out.emplace());
    } else {
        static_assert(IsVector<T>::value, "no field table (codec/describe.hpp) and no other way to read this type");
        return read_list(reader, out);
    }
}

}  // namespace intent::codec
