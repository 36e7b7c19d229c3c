// A compact encoding of values, for the caches.
#pragma once

#include "codec/fields.hpp"
#include "codec/fields_gateway.hpp"
#include "codec/fields_rest.hpp"
#include "codec/read.hpp"

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace intent::client {

/// Fields of a value that need not be packed, because they are stored elsewhere.
struct NothingKnown {
    template <class Member>
    static constexpr bool holds(Member) noexcept {
        return false;
    }
};

/// Appends a described value (codec/describe.hpp) field by field, without names, in an internal encoding. Only `unpack`
/// of the same process reads it, so it is not validated.
///
/// `Out`: a std::string, or a PackedMatch to compare the bytes instead.
template <class Known = NothingKnown, class Out = std::string>
class Packer {
public:
    explicit Packer(Out& out) : out_(out) {}

    template <class T>
    void add(const T& value) {
        if constexpr (std::is_same_v<T, raw::User>) {
            add_fields(value, value.display_name == value.username ? &raw::User::display_name : nullptr);
        } else if constexpr (codec::Described<T>) {
            add_fields(value, nullptr);
        } else if constexpr (std::is_same_v<T, std::string>) {
            add_text(value);
        } else if constexpr (codec::IsSnowflake<T>::value) {
            add_bytes(value.value);
        } else if constexpr (std::is_same_v<T, Timestamp>) {
            add_time(value.time_since_epoch().count());
        } else if constexpr (std::is_same_v<T, Permissions> || std::is_same_v<T, double>) {
            add_bytes(value);
        } else if constexpr (codec::IsOptional<T>::value) {
            out_.push_back(value ? '\1' : '\0');
            if (value) add(*value);
        } else if constexpr (codec::IsVector<T>::value) {
            add_number(value.size());
            for (const auto& element : value)
                add(static_cast<const typename T::value_type&>(element));
        } else {
            static_assert(std::is_integral_v<T> || std::is_enum_v<T>, "no way to pack this type");
            add_signed(static_cast<std::int64_t>(value));
        }
    }

private:
    template <class T, class Blank>
    void add_fields(const T& value, Blank blank) {
        const auto add_field = [&](const auto& field) {
            if (Known::holds(field.member) || !codec::applies(value, field.name)) return;
            if constexpr (std::is_same_v<std::remove_cvref_t<decltype(field.member)>, Blank>) {
                if (field.member == blank) return add_number(0);  // an empty text; reading substitutes the known one
            }
            add(value.*field.member);
        };
        std::apply([&](const auto&... field) { (add_field(field), ...); }, codec::Fields<T>::table);
    }

    template <class T>
    void add_bytes(const T& value) {
        static_assert(std::is_trivially_copyable_v<T>);
        out_.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    void add_signed(std::int64_t number) {
        add_number((static_cast<std::uint64_t>(number) << 1) ^ static_cast<std::uint64_t>(number >> 63));
    }
    /// Most times are whole milliseconds or seconds and need fewer bytes.
    void add_time(std::int64_t microseconds) {
        std::int64_t unit = 0;
        while (unit < 2 && microseconds % 1000 == 0) {
            microseconds /= 1000;
            ++unit;
        }
        add_signed(microseconds * 4 + unit);
    }
    void add_number(std::uint64_t number) {
        for (; number >= 0x80; number >>= 7)
            out_.push_back(static_cast<char>(number | 0x80));
        out_.push_back(static_cast<char>(number));
    }
    void add_text(std::string_view text) {
        add_number(text.size());
        out_.append(text);
    }

    Out& out_;
};

/// Takes what a Packer writes, and compares it with bytes that another one has written.
class PackedMatch {
public:
    explicit PackedMatch(std::string_view bytes) noexcept : rest_(bytes) {}

    [[gnu::always_inline]] void push_back(char byte) noexcept {
        if (!rest_.empty() && rest_.front() == byte)
            rest_.remove_prefix(1);
        else
            differ();
    }
    void append(const char* bytes, std::size_t size) noexcept { append({bytes, size}); }
    void append(std::string_view text) noexcept {
        if (rest_.starts_with(text))
            rest_.remove_prefix(text.size());
        else
            differ();
    }

    /// Whether the bytes were the same up to their ends.
    bool whole() const noexcept { return same_ && rest_.empty(); }

private:
    void differ() noexcept {
        same_ = false;
        rest_ = {};
    }

    std::string_view rest_;
    bool same_ = true;
};

/// Whether `value` would be packed as these bytes. Costs a fraction of packing it.
template <class Known = NothingKnown, class T>
bool packs_as(std::string_view bytes, const T& value) noexcept {
    PackedMatch match(bytes);
    Packer<Known, PackedMatch>(match).add(value);
    return match.whole();
}

template <class Known = NothingKnown>
class Unpacker {
public:
    explicit Unpacker(std::string_view bytes) : at_(bytes.data()) {}

    template <class T>
    void take(T& value) {
        if constexpr (codec::Described<T>) {
            const auto take_field = [&](const auto& field) {
                if (Known::holds(field.member) || !codec::applies(value, field.name)) return;
                take(value.*field.member);
            };
            std::apply([&](const auto&... field) { (take_field(field), ...); }, codec::Fields<T>::table);
            if constexpr (requires { codec::Fields<T>::finish(value); }) codec::Fields<T>::finish(value);
        } else if constexpr (std::is_same_v<T, std::string>) {
            const auto size = static_cast<std::size_t>(take_number());
            value.assign(at_, size);
            at_ += size;
        } else if constexpr (codec::IsSnowflake<T>::value) {
            take_bytes(value.value);
        } else if constexpr (std::is_same_v<T, Timestamp>) {
            value = Timestamp(Timestamp::duration(take_time()));
        } else if constexpr (std::is_same_v<T, Permissions> || std::is_same_v<T, double>) {
            take_bytes(value);
        } else if constexpr (codec::IsOptional<T>::value) {
            if (*at_++ != '\0') take(value.emplace());
        } else if constexpr (codec::IsVector<T>::value) {
            const auto size = static_cast<std::size_t>(take_number());
            value.reserve(size);
            for (std::size_t i = 0; i < size; ++i)
                take(value.emplace_back());
        } else {
            value = static_cast<T>(take_signed());
        }
    }

private:
    template <class T>
    void take_bytes(T& value) {
        std::memcpy(&value, at_, sizeof value);
        at_ += sizeof value;
    }
    std::int64_t take_time() {
        const std::int64_t count = take_signed();
        std::int64_t microseconds = count >> 2;
        for (std::int64_t unit = count & 3; unit > 0; --unit)
            microseconds *= 1000;
        return microseconds;
    }
    std::int64_t take_signed() {
        const std::uint64_t number = take_number();
        return static_cast<std::int64_t>(number >> 1) ^ -static_cast<std::int64_t>(number & 1);
    }
    std::uint64_t take_number() {
        std::uint64_t number = 0;
        for (unsigned shift = 0;; shift += 7) {
            const auto byte = static_cast<std::uint8_t>(*at_++);
            number |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
            if (byte < 0x80) return number;
        }
    }

    const char* at_;
};

/// Fields that were blank when packed keep their default.
template <class T, class Known = NothingKnown>
T unpack(std::string_view bytes) {
    T value;
    Unpacker<Known>(bytes).take(value);
    return value;
}

}  // namespace intent::client
