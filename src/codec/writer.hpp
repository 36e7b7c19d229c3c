// Writes MessagePack, always in the smallest encoding.
#pragma once

#include "codec/result.hpp"

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>

namespace intent::codec {

/// Appends MessagePack values to the caller's bytes. A map or list is a header with the count, then its content:
/// `writer.map(1); writer.text("op"); writer.integer(1);`
///
/// Lifetime: the bytes must outlive the writer.
class Writer {
public:
    explicit Writer(Bytes& out, Unset unset = Unset::left_out) noexcept : out_(out), unset_(unset) {}

    /// How the unset optional fields of described structs are written.
    Unset unset() const noexcept { return unset_; }

    void nil() { byte(0xc0); }
    void boolean(bool value) { byte(value ? 0xc3 : 0xc2); }

    void integer(std::unsigned_integral auto number) {
        const std::uint64_t value = number;
        if (value < 0x80) return byte(static_cast<std::uint8_t>(value));
        if (value <= 0xff) return tagged(0xcc, static_cast<std::uint8_t>(value));
        if (value <= 0xffff) return tagged(0xcd, static_cast<std::uint16_t>(value));
        if (value <= 0xffff'ffff) return tagged(0xce, static_cast<std::uint32_t>(value));
        tagged(0xcf, value);
    }

    void integer(std::signed_integral auto number) {
        const std::int64_t value = number;
        if (value >= 0) return integer(static_cast<std::uint64_t>(value));
        if (value >= -32) return byte(static_cast<std::uint8_t>(value));
        if (value >= std::numeric_limits<std::int8_t>::min()) return tagged(0xd0, static_cast<std::uint8_t>(value));
        if (value >= std::numeric_limits<std::int16_t>::min()) return tagged(0xd1, static_cast<std::uint16_t>(value));
        if (value >= std::numeric_limits<std::int32_t>::min()) return tagged(0xd2, static_cast<std::uint32_t>(value));
        tagged(0xd3, static_cast<std::uint64_t>(value));
    }

    void number(double value) { tagged(0xcb, std::bit_cast<std::uint64_t>(value)); }

    void text(std::string_view value) {
        const std::uint32_t size = length(value.size());
        if (size < 32) {
            byte(static_cast<std::uint8_t>(0xa0 | size));
        } else if (size <= 0xff) {
            tagged(0xd9, static_cast<std::uint8_t>(size));
        } else {
            sized(0xda, size);
        }
        append(value.data(), size);
    }

    void binary(ByteView value) {
        const std::uint32_t size = length(value.size());
        if (size <= 0xff) {
            tagged(0xc4, static_cast<std::uint8_t>(size));
        } else {
            sized(0xc5, size);
        }
        append(value.data(), size);
    }

    /// The header of a map of `entries` key-value pairs.
    void map(std::size_t entries) {
        if (entries < 16) return byte(static_cast<std::uint8_t>(0x80 | entries));
        sized(0xde, length(entries));
    }

    /// The header of a list of `elements` values.
    void list(std::size_t elements) {
        if (elements < 16) return byte(static_cast<std::uint8_t>(0x90 | elements));
        sized(0xdc, length(elements));
    }

    // What JSON needs around the values of maps and lists (codec/json_writer.hpp).
    void key(std::string_view name) { text(name); }
    void element() noexcept {}
    void end_map() noexcept {}
    void end_list() noexcept {}

    /// Appends bytes that are already MessagePack.
    void encoded(ByteView value) { append(value.data(), value.size()); }

private:
    void byte(std::uint8_t value) { out_.push_back(value); }

    void append(const void* data, std::size_t size) {
        const std::size_t end = out_.size();
        out_.resize(end + size);
        if (size > 0) std::memcpy(out_.data() + end, data, size);
    }

    template <class U>
    void tagged(std::uint8_t tag, U value) {
        std::uint8_t bytes[1 + sizeof(U)] = {tag};
        for (std::size_t i = sizeof(U); i > 0; --i) {
            bytes[i] = static_cast<std::uint8_t>(value);
            if constexpr (sizeof(U) > 1) value = static_cast<U>(value >> 8);
        }
        append(bytes, sizeof bytes);
    }

    /// A 16- or 32-bit length; the 32-bit tag follows the 16-bit one.
    void sized(std::uint8_t tag, std::uint32_t size) {
        if (size <= 0xffff) return tagged(tag, static_cast<std::uint16_t>(size));
        tagged(static_cast<std::uint8_t>(tag + 1), size);
    }

    /// MessagePack has 32-bit counts. Longer data is cut; it would exceed every frame limit anyway.
    static std::uint32_t length(std::size_t size) noexcept {
        return size > 0xffff'ffff ? 0xffff'ffffU : static_cast<std::uint32_t>(size);
    }

    Bytes& out_;
    Unset unset_;
};

}  // namespace intent::codec
