// Pulls values out of MessagePack bytes, one after another, without an intermediate object.
#pragma once

#include "codec/result.hpp"

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

namespace intent::codec {

/// Maximum nesting of maps and lists; deeper input is malformed.
inline constexpr unsigned max_depth = 64;

/// The type of a value, derived from its first byte.
enum class Kind : std::uint8_t { nil, boolean, integer, floating, text, binary, list, map, extension, invalid, end };

/// The kind of a value with the first byte `first`.
constexpr Kind kind_of(std::uint8_t first) noexcept {
    if (first < 0x80 || first >= 0xe0) return Kind::integer;
    if (first < 0x90) return Kind::map;
    if (first < 0xa0) return Kind::list;
    if (first < 0xc0) return Kind::text;
    constexpr Kind kinds[32] = {
        Kind::nil,       Kind::invalid,   Kind::boolean,   Kind::boolean,   Kind::binary,    Kind::binary,
        Kind::binary,    Kind::extension, Kind::extension, Kind::extension, Kind::floating,  Kind::floating,
        Kind::integer,   Kind::integer,   Kind::integer,   Kind::integer,   Kind::integer,   Kind::integer,
        Kind::integer,   Kind::integer,   Kind::extension, Kind::extension, Kind::extension, Kind::extension,
        Kind::extension, Kind::text,      Kind::text,      Kind::text,      Kind::list,      Kind::list,
        Kind::map,       Kind::map,
    };
    return kinds[first - 0xc0U];
}

/// The names that failures use: MessagePack's "map" and "nil", or JSON's "object" and "null".
enum class Words : std::uint8_t { msgpack, json };

/// A whole number of either sign: -2^63 to 2^64-1.
struct Whole {
    std::uint64_t magnitude = 0;
    bool negative = false;
};

/// A cursor over MessagePack bytes. Each reading call takes the value under the cursor if it has that type, and
/// returns true. Otherwise it sets `failure()` and returns false, and the position of the cursor is unspecified. To
/// read a map, call `map(count)`, then read `count` times a key and a value, then call `leave()`; a list likewise.
///
/// Every length is checked against the remaining bytes before it is used. The views that calls return point into the
/// bytes given.
class Reader {
public:
    /// `depth`: maps and lists around the bytes, which count towards the maximum.
    explicit Reader(ByteView bytes, Words words = Words::msgpack, unsigned depth = 0) noexcept
        : begin_(bytes.data()),
          at_(bytes.data()),
          end_(bytes.data() + bytes.size()),
          memory_(list_memory_floor + bytes.size() * list_memory_factor),
          depth_(depth),
          words_(words) {}

    /// A position to return to. Marks are valid within one map or list; `rewind` clears `failure()`.
    struct Mark {
        const std::uint8_t* at;
        std::size_t ignored;
        unsigned depth;
    };
    Mark mark() const noexcept { return {at_, ignored_, depth_}; }
    void rewind(const Mark& mark) noexcept;
    /// Moves only the cursor.
    void jump(const Mark& mark) noexcept { at_ = mark.at; }

    /// The same without a mark.
    const std::uint8_t* position() const noexcept { return at_; }
    const std::uint8_t* end() const noexcept { return end_; }

    Kind kind() const noexcept { return at_ == end_ ? Kind::end : kind_of(*at_); }
    bool at_end() const noexcept { return at_ == end_; }
    /// The bytes from a mark to the cursor.
    ByteView since(const Mark& mark) const noexcept { return {mark.at, at_}; }

    /// Takes a nil. False, without a failure, if the value is not nil.
    [[gnu::always_inline]] bool take_nil() noexcept {
        if (at_ == end_ || *at_ != 0xc0) return false;
        ++at_;
        return true;
    }

    /// Takes these bytes. False, without a failure, if the next ones before `end` are others.
    template <std::size_t Size>
    [[gnu::always_inline]] bool take_bytes(const char (&bytes)[Size], const std::uint8_t* end) noexcept {
        if (static_cast<std::size_t>(end - at_) < Size || std::memcmp(at_, bytes, Size) != 0) return false;
        at_ += Size;
        return true;
    }

    /// Takes the beginning of a map with this one key, shorter than 32 bytes, that holds a short map. False, without a
    /// failure, if there is something else.
    bool take_wrapper(std::string_view key) noexcept {
        if (left() < key.size() + 3 || at_[0] != 0x81 || at_[1] != (0xa0 | key.size()) || key.size() >= 32 ||
            (at_[2 + key.size()] & 0xf0) != 0x80 || std::memcmp(at_ + 2, key.data(), key.size()) != 0 ||
            depth_ >= max_depth)
            return false;
        at_ += 2 + key.size();
        ++depth_;
        return true;
    }

    /// Enters a map of `entries` key-value pairs.
    [[gnu::always_inline]] bool map(std::uint32_t& entries) {
        if (at_ != end_ && (*at_ & 0xf0) == 0x80 && depth_ < max_depth) {
            entries = *at_ & 0x0f;
            if (std::size_t{entries} * 2 < left()) {
                ++at_;
                ++depth_;
                return true;
            }
        }
        std::uint32_t count = 0;  // of its own, so that `entries` stays in a register
        if (!map_slow(count)) return false;
        entries = count;
        return true;
    }

    /// Enters a list of `elements` values.
    [[gnu::always_inline]] bool list(std::uint32_t& elements) {
        if (at_ != end_ && (*at_ & 0xf0) == 0x90 && depth_ < max_depth) {
            elements = *at_ & 0x0f;
            if (elements < left()) {
                ++at_;
                ++depth_;
                return true;
            }
        }
        return list_slow(elements);
    }

    /// Leaves the innermost map or list.
    void leave() noexcept { --depth_; }

    [[gnu::always_inline]] bool text(std::string_view& out) {
        if (at_ != end_) {
            const std::uint8_t first = *at_;
            if ((first & 0xe0) == 0xa0) return take_text(1, first & 0x1fU, out);
            if (first == 0xd9 && left() > 1) return take_text(2, at_[1], out);
        }
        std::string_view text;  // of its own, so that `out` stays in registers
        if (!text_slow(text)) return false;
        out = text;
        return true;
    }

    /// The text under the cursor, if it is one of less than 32 bytes. False, without a failure, if the value is
    /// something else or cut. `take_short` takes it.
    [[gnu::always_inline]] bool peek_short_text(std::string_view& out) const noexcept {
        if (at_ == end_ || (*at_ & 0xe0) != 0xa0) return false;
        const std::size_t size = *at_ & 0x1fU;
        if (size >= left()) return false;
        out = {reinterpret_cast<const char*>(at_ + 1), size};
        return true;
    }
    void take_short(std::size_t size) noexcept { at_ += 1 + size; }

    /// Takes an empty list. False, without a failure, if the value is something else.
    [[gnu::always_inline]] bool take_empty_list() noexcept {
        if (at_ == end_ || *at_ != 0x90 || depth_ >= max_depth) return false;
        ++at_;
        return true;
    }

    /// Takes a map's key. A key that is not text is skipped and gives an empty view, which makes the field unknown.
    [[gnu::always_inline]] bool key(std::string_view& out) {
        if (at_ != end_ && (*at_ & 0xe0) == 0xa0) return take_text(1, *at_ & 0x1fU, out);
        return key_slow(out);
    }

    /// Takes an unsigned integer. False, without a failure, if the value is something else or cut.
    [[gnu::always_inline]] bool take_unsigned(std::uint64_t& out) noexcept {
        const std::size_t size = unsigned_at(at_, end_, out);
        at_ += size;
        return size != 0;
    }

    /// The same at `at`. Returns the size of the integer; 0 if there is something else, or nothing up to `end`.
    [[gnu::always_inline]] static std::size_t unsigned_at(const std::uint8_t* at, const std::uint8_t* end,
                                                          std::uint64_t& out) noexcept {
        if (at == end) return 0;
        const unsigned first = *at;
        if (first < 0x80) return out = first, 1;
        const std::size_t size = std::size_t{1} << (first & 3U);  // 0xcc-0xcf: 1, 2, 4, 8 bytes
        if (first < 0xcc || first > 0xcf || size >= static_cast<std::size_t>(end - at)) return 0;
        out = load(at + 1, size);
        return 1 + size;
    }

    /// The big-endian number of `size` bytes at `at`.
    static std::uint64_t load(const std::uint8_t* at, std::size_t size) noexcept {
        const auto four = [](const std::uint8_t* bytes) {
            std::uint32_t value = 0;
            std::memcpy(&value, bytes, sizeof value);
            return std::endian::native == std::endian::little ? __builtin_bswap32(value) : value;
        };
        if (size == 4) return four(at);
        if (size == 8) return std::uint64_t{four(at)} << 32 | four(at + 4);
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < size; ++i)
            value = value << 8 | at[i];
        return value;
    }

    /// true, false, or a number that is 0 or 1.
    bool boolean(bool& out);

    /// A whole number in any integer or float encoding. A failure names `expected` as the expected value.
    bool whole(Whole& out, const char* expected = "a whole number");

    /// A whole number that fits `Int`.
    template <std::integral Int>
    bool integer(Int& out) {
        if (at_ != end_ && *at_ < 0x80) {
            out = static_cast<Int>(*at_++);
            return true;
        }
        using Limits = std::numeric_limits<Int>;
        const auto start = mark();
        Whole number;
        if (!whole(number)) return false;
        if (number.negative) {
            if constexpr (std::is_signed_v<Int>) {
                if (number.magnitude <= static_cast<std::uint64_t>(Limits::max()) + 1) {
                    out = static_cast<Int>(std::uint64_t{0} - number.magnitude);
                    return true;
                }
            }
        } else if (number.magnitude <= static_cast<std::uint64_t>(Limits::max())) {
            out = static_cast<Int>(number.magnitude);
            return true;
        }
        rewind(start);
        return fail_range(static_cast<std::int64_t>(Limits::min()), static_cast<std::uint64_t>(Limits::max()));
    }

    /// Any number; a whole one beyond 2^53 is rounded.
    bool number(double& out);
    bool binary(ByteView& out);
    bool extension(std::int8_t& type, ByteView& out);

    /// Skips one value of any kind and depth, in time linear in its bytes.
    bool skip();

    /// The size of the first value of `bytes`, if it is of the usual kind: small maps and lists, few of them, short
    /// texts, numbers. 0 for any other or a malformed value: `skip` handles those. This is the hot loop of callers
    /// that do not decode.
    static std::size_t usual_size(ByteView bytes) noexcept;

    /// Fails unless the cursor is at the end.
    bool finish();

    /// Reserves memory for list elements. Lists may use at most a multiple of the document's size: a few bytes must
    /// not become gigabytes of empty objects.
    bool take_memory(std::size_t elements, std::size_t element_size) {
        if (elements > memory_ / element_size) return fail_memory();
        memory_ -= elements * element_size;
        return true;
    }

    /// Returns to an optional value that could not be read, skips it and counts it. False if it is malformed.
    bool ignore(const Mark& mark);
    /// The same if no map or list has been entered since the cursor was at `start`, and nothing was counted.
    bool ignore(const std::uint8_t* start) { return ignore(Mark{start, ignored_, depth_}); }
    /// Counts a lenient read.
    void count_ignored() noexcept { ++ignored_; }
    std::size_t ignored() const noexcept { return ignored_; }

    // Failures. Each returns false, so that a caller can return it.
    bool fail(std::string reason);
    /// "expected a map, got nil", for the value under the cursor.
    bool fail_expected(const char* expected);
    /// "missing", or "expected a value, got nil".
    bool fail_absent(bool was_nil);
    /// Prepends a field's name, or a list's index, to the failure's path.
    void within(std::string_view name);
    void within(std::size_t index);
    const Failure& failure() const noexcept { return failure_; }

private:
    static constexpr std::size_t list_memory_floor = 64 * 1024;
    static constexpr std::size_t list_memory_factor = 32;

    bool skip_anything();
    std::size_t left() const noexcept { return static_cast<std::size_t>(end_ - at_); }
    /// Takes text with a header of `header` bytes.
    [[gnu::always_inline]] bool take_text(std::size_t header, std::size_t size, std::string_view& out) {
        if (size > left() - header) return fail_cut();
        out = {reinterpret_cast<const char*>(at_ + header), size};
        at_ += header + size;
        return true;
    }

    /// The size of the value at `at` with the first byte `first`, one of 0xc0-0xdb; 0 if no value begins with it.
    std::size_t sized_value(const std::uint8_t* at, std::uint8_t first) const noexcept;
    bool map_slow(std::uint32_t& entries);
    bool list_slow(std::uint32_t& elements);
    bool enter(std::size_t header, std::uint64_t count, std::size_t least_bytes);
    bool text_slow(std::string_view& out);
    bool key_slow(std::string_view& out);
    bool whole_of_float(Whole& out, const char* expected);
    /// Reads a length of 8 << `width` bits behind the first byte, and as many bytes behind `extra` more bytes.
    bool sized(unsigned width, std::size_t extra, ByteView& out);

    bool fail_cut();
    bool fail_cut_at(const std::uint8_t* at);
    bool fail_memory();
    bool fail_depth();
    bool fail_count(std::uint64_t count, const char* what);
    bool fail_range(std::int64_t low, std::uint64_t high);
    std::string got() const;
    std::string where() const;

    const std::uint8_t* begin_;
    const std::uint8_t* at_;
    const std::uint8_t* end_;
    std::size_t memory_;
    std::size_t ignored_ = 0;
    unsigned depth_;
    Words words_;
    Failure failure_;
};

}  // namespace intent::codec
