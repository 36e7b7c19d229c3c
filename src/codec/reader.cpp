#include "codec/reader.hpp"

#include <array>
#include <bit>
#include <cmath>

namespace intent::codec {
namespace {

constexpr double two_to_64 = 18446744073709551616.0;

/// The size of a value that begins with one of the bytes 0xc0-0xdb.
struct Layout {
    std::uint8_t size;         ///< its fixed bytes; 0: invalid
    std::uint8_t length_size;  ///< bytes of the length field behind the first byte, which counts the bytes that follow
};

constexpr std::array<Layout, 28> layouts = {{
    {1, 0}, {0, 0}, {1, 0}, {1, 0},            // nil, 0xc1, false, true
    {2, 1}, {3, 2}, {5, 4},                    // bin
    {3, 1}, {4, 2}, {6, 4},                    // ext
    {5, 0}, {9, 0},                            // float
    {2, 0}, {3, 0}, {5, 0}, {9, 0},            // uint
    {2, 0}, {3, 0}, {5, 0}, {9, 0},            // int
    {3, 0}, {4, 0}, {6, 0}, {10, 0}, {18, 0},  // fixext
    {2, 1}, {3, 2}, {5, 4},                    // str
}};

/// The size of a value, if its first byte determines it; 0 for others, and for maps and lists.
constexpr std::array<std::uint8_t, 256> plain_sizes = [] {
    std::array<std::uint8_t, 256> sizes{};
    for (unsigned first = 0; first < 256; ++first) {
        if (first < 0x80 || first >= 0xe0)
            sizes[first] = 1;
        else if (first >= 0xa0 && first < 0xc0)
            sizes[first] = static_cast<std::uint8_t>(1 + (first & 0x1f));
        else if (first >= 0xc0 && first < 0xdc && layouts[first - 0xc0].length_size == 0)
            sizes[first] = layouts[first - 0xc0].size;
    }
    return sizes;
}();

/// What the first byte of a value tells, if the value is of a usual kind: in the lowest byte its size, without the
/// values that it contains; in the second how many it contains; in the third 1 for a map or a list. 0: other bytes
/// determine it.
constexpr std::array<std::uint32_t, 256> usual_kinds = [] {
    std::array<std::uint32_t, 256> kinds{};
    for (unsigned first = 0; first < 256; ++first) {
        const unsigned values = (first & 0x0f) << (first < 0x90 ? 1 : 0);
        kinds[first] = first >= 0x80 && first < 0xa0 ? 0x10001U | values << 8 : plain_sizes[first];
    }
    return kinds;
}();

}  // namespace

bool Reader::enter(std::size_t header, std::uint64_t count, std::size_t least_bytes) {
    if (count > (left() - header) / least_bytes) return fail_count(count, least_bytes == 2 ? "entries" : "elements");
    if (depth_ >= max_depth) return fail_depth();
    at_ += header;
    ++depth_;
    return true;
}

bool Reader::map_slow(std::uint32_t& entries) {
    if (kind() != Kind::map) return fail_expected("a map");
    const std::size_t size = *at_ == 0xde ? 2 : *at_ == 0xdf ? 4 : 0;
    if (left() - 1 < size) return fail_cut();
    entries = size == 0 ? *at_ & 0x0fU : static_cast<std::uint32_t>(load(at_ + 1, size));
    return enter(1 + size, entries, 2);
}

bool Reader::list_slow(std::uint32_t& elements) {
    if (kind() != Kind::list) return fail_expected("a list");
    const std::size_t size = *at_ == 0xdc ? 2 : *at_ == 0xdd ? 4 : 0;
    if (left() - 1 < size) return fail_cut();
    elements = size == 0 ? *at_ & 0x0fU : static_cast<std::uint32_t>(load(at_ + 1, size));
    return enter(1 + size, elements, 1);
}

bool Reader::sized(unsigned width, std::size_t extra, ByteView& out) {
    const std::size_t header = 1 + (std::size_t{1} << width);
    if (left() < header + extra) return fail_cut();
    const std::uint64_t size = load(at_ + 1, header - 1);
    if (size > left() - header - extra) return fail_cut();
    at_ += header + extra;
    out = {at_, static_cast<std::size_t>(size)};
    at_ += size;
    return true;
}

bool Reader::text_slow(std::string_view& out) {
    if (kind() != Kind::text) return fail_expected("text");
    ByteView bytes;
    if (!sized(*at_ - 0xd9U, 0, bytes)) return false;
    out = {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    return true;
}

bool Reader::key_slow(std::string_view& out) {
    if (kind() == Kind::text) return text(out);
    out = {};
    return skip();
}

bool Reader::binary(ByteView& out) {
    if (kind() != Kind::binary) return fail_expected("bytes");
    return sized(*at_ - 0xc4U, 0, out);
}

bool Reader::extension(std::int8_t& type, ByteView& out) {
    if (kind() != Kind::extension) return fail_expected("an extension");
    const std::uint8_t first = *at_;
    if (first <= 0xc9) {
        if (!sized(first - 0xc7U, 1, out)) return false;
        type = static_cast<std::int8_t>(out.data()[-1]);
        return true;
    }
    const std::size_t size = std::size_t{1} << (first - 0xd4U);
    if (left() < 2 + size) return fail_cut();
    type = static_cast<std::int8_t>(at_[1]);
    out = {at_ + 2, size};
    at_ += 2 + size;
    return true;
}

bool Reader::boolean(bool& out) {
    if (at_ != end_ && (*at_ == 0xc2 || *at_ == 0xc3)) {
        out = *at_++ == 0xc3;
        return true;
    }
    const auto start = mark();
    Whole number;
    if (!whole(number, "true or false")) return false;
    if (number.magnitude > 1 || number.negative) {
        rewind(start);
        return fail_expected("true or false");
    }
    out = number.magnitude == 1;
    return true;
}

bool Reader::whole(Whole& out, const char* expected) {
    const Kind what = kind();
    if (what == Kind::floating) return whole_of_float(out, expected);
    if (what != Kind::integer) return fail_expected(expected);
    const std::uint8_t first = *at_;
    if (first < 0x80) {
        out = {first, false};
        ++at_;
        return true;
    }
    if (first >= 0xe0) {
        out = {256U - first, true};
        ++at_;
        return true;
    }
    const bool is_signed = first >= 0xd0;
    const std::size_t size = std::size_t{1} << (first & 3U);  // cc-cf and d0-d3: 1, 2, 4, 8 bytes
    if (left() < 1 + size) return fail_cut();
    std::uint64_t value = load(at_ + 1, size);
    at_ += 1 + size;
    const auto bits = static_cast<unsigned>(size * 8);
    const bool negative = is_signed && (value >> (bits - 1) & 1) != 0;
    if (negative) {
        if (bits < 64) value |= ~std::uint64_t{0} << bits;
        value = std::uint64_t{0} - value;
    }
    out = {value, negative};
    return true;
}

bool Reader::whole_of_float(Whole& out, const char* expected) {
    const auto start = mark();
    double value = 0;
    if (!number(value)) return false;
    const bool fits =
        std::isfinite(value) && std::trunc(value) == value && value >= -two_to_64 / 2 && value < two_to_64;
    if (!fits) {
        rewind(start);
        return fail_expected(expected);
    }
    out = {static_cast<std::uint64_t>(std::fabs(value)), value < 0};
    return true;
}

bool Reader::number(double& out) {
    if (at_ != end_ && (*at_ == 0xca || *at_ == 0xcb)) {
        const std::size_t size = *at_ == 0xca ? 4 : 8;
        if (left() < 1 + size) return fail_cut();
        const std::uint64_t bits = load(at_ + 1, size);
        out = size == 8 ? std::bit_cast<double>(bits) : double{std::bit_cast<float>(static_cast<std::uint32_t>(bits))};
        at_ += 1 + size;
        return true;
    }
    Whole number;
    if (!whole(number, "a number")) return false;
    out = static_cast<double>(number.magnitude);
    if (number.negative) out = -out;
    return true;
}

std::size_t Reader::usual_size(ByteView bytes) noexcept {
    const std::uint8_t* const data = bytes.data();
    const std::size_t end = bytes.size();
    std::size_t at = 0;
    std::size_t to_come = 1;
    std::size_t containers = 0;
    do {
        if (at >= end) return 0;
        const std::size_t first = data[at];
        // Most values are short texts. Their size is computed, not looked up: everything waits for the position of the
        // next value, and a look-up takes twice as long.
        if (const std::size_t size = first - 0xa0; size < 0x20) [[likely]] {
            at += 1 + size;
        } else if (const std::size_t kind = usual_kinds[first]; kind != 0) {
            at += kind & 0xff;
            to_come += kind >> 8 & 0xff;
            containers += kind >> 16;
        } else if (first == 0xd9 && end - at > 1) {
            at += 2 + std::size_t{data[at + 1]};
        } else {
            return 0;
        }
    } while (--to_come != 0);
    return at <= end && containers < max_depth ? at : 0;  // fewer containers cannot nest too deep
}

bool Reader::skip() {
    if (depth_ <= 1) {
        if (const std::size_t usual = usual_size({at_, end_}); usual != 0) {
            at_ += usual;
            return true;
        }
    }
    return skip_anything();
}

bool Reader::skip_anything() {
    std::array<std::uint64_t, max_depth> outer;  // NOLINT: values left in each enclosing map and list; set on entering
    unsigned open = 0;
    std::uint64_t to_come = 1;
    const std::uint8_t* at = at_;
    const std::uint8_t* const end = end_;
    for (;;) {
        if (at == end) return at_ = at, fail_expected("a value");
        const std::uint8_t first = *at;
        if (const std::size_t plain = plain_sizes[first]; plain != 0) {
            if (plain > static_cast<std::size_t>(end - at)) return fail_cut_at(at);
            at += plain;
        } else if (first >= 0xc0 && first < 0xdc) {
            const std::size_t size = sized_value(at, first);
            if (size == 0) return at_ = at, fail_expected("a value");
            if (size > static_cast<std::size_t>(end - at)) return fail_cut_at(at);
            at += size;
        } else {
            const bool is_map = first < 0x90 || first >= 0xde;
            std::uint32_t count = 0;
            at_ = at;
            if (!(is_map ? map(count) : list(count))) return false;
            at = at_;
            outer[open++] = to_come;
            to_come = (is_map ? std::uint64_t{count} * 2 : count) + 1;
        }
        while (--to_come == 0) {
            if (open == 0) {
                at_ = at;
                return true;
            }
            to_come = outer[--open];
            leave();
        }
    }
}

std::size_t Reader::sized_value(const std::uint8_t* at, std::uint8_t first) const noexcept {
    const Layout layout = layouts[first - 0xc0U];
    if (layout.length_size == 0) return layout.size;
    // A cut header is larger than the remaining bytes, which the caller detects.
    if (static_cast<std::size_t>(end_ - at) < layout.size) return layout.size;
    return layout.size + static_cast<std::size_t>(load(at + 1, layout.length_size));
}

bool Reader::fail_cut_at(const std::uint8_t* at) {
    at_ = at;
    return fail_cut();
}

bool Reader::finish() {
    if (at_ == end_) return true;
    return fail(std::to_string(left()) + " bytes behind the value" + where());
}

void Reader::rewind(const Mark& mark) noexcept {
    at_ = mark.at;
    ignored_ = mark.ignored;
    depth_ = mark.depth;
    failure_ = {};
}

bool Reader::ignore(const Mark& mark) {
    rewind(mark);
    count_ignored();
    return skip();
}

}  // namespace intent::codec
