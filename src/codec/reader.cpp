#include "codec/reader.hpp"

#include <array>
#include <bit>
#include <cmath>

namespace intent::codec {
namespace {

constexpr double two_to_64 = 18446744073709551616.0;

}  // namespace

std::uint64_t Reader::load(const std::uint8_t* at, std::size_t size) noexcept {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < size; ++i) {
        value = value << 8 | at[i];
    }
    return value;
}

Kind Reader::kind() const noexcept {
    if (at_ == end_) return Kind::end;
    const std::uint8_t first = *at_;
    if (first < 0x80 || first >= 0xe0) return Kind::integer;
    if (first < 0x90) return Kind::map;
    if (first < 0xa0) return Kind::list;
    if (first < 0xc0) return Kind::text;
    static constexpr std::array<Kind, 32> kinds = {
        Kind::nil,       Kind::invalid,   Kind::boolean,   Kind::boolean,   Kind::binary,    Kind::binary,
        Kind::binary,    Kind::extension, Kind::extension, Kind::extension, Kind::floating,  Kind::floating,
        Kind::integer,   Kind::integer,   Kind::integer,   Kind::integer,   Kind::integer,   Kind::integer,
        Kind::integer,   Kind::integer,   Kind::extension, Kind::extension, Kind::extension, Kind::extension,
        Kind::extension, Kind::text,      Kind::text,      Kind::text,      Kind::list,      Kind::list,
        Kind::map,       Kind::map,
    };
    return kinds[first - 0xc0U];
}

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

bool Reader::skip() {
    std::array<std::uint64_t, max_depth>
        pending;  // NOLINT: values to come in each map and list open here; set on entering
    unsigned open = 0;
    for (;;) {
        ByteView bytes;
        std::int8_t type = 0;
        std::string_view string;
        std::uint32_t count = 0;
        switch (kind()) {
            case Kind::nil:
            case Kind::boolean:
                ++at_;
                break;
            case Kind::integer: {
                const std::uint8_t first = *at_;
                const std::size_t size = first < 0x80 || first >= 0xe0 ? 1 : 1 + (std::size_t{1} << (first & 3U));
                if (left() < size) return fail_cut();
                at_ += size;
                break;
            }
            case Kind::floating: {
                const std::size_t size = *at_ == 0xca ? 5 : 9;
                if (left() < size) return fail_cut();
                at_ += size;
                break;
            }
            case Kind::text:
                if (!text(string)) return false;
                break;
            case Kind::binary:
                if (!binary(bytes)) return false;
                break;
            case Kind::extension:
                if (!extension(type, bytes)) return false;
                break;
            case Kind::map:
                if (!map(count)) return false;
                pending[open++] = std::uint64_t{count} * 2;
                break;
            case Kind::list:
                if (!list(count)) return false;
                pending[open++] = count;
                break;
            case Kind::invalid:
            case Kind::end:
                return fail_expected("a value");
        }
        while (open > 0 && pending[open - 1] == 0) {
            --open;
            leave();
        }
        if (open == 0) return true;
        --pending[open - 1];
    }
}

bool Reader::finish() {
    if (at_ == end_) return true;
    return fail(std::to_string(left()) + " bytes behind the value" + where());
}

bool Reader::take_memory(std::size_t elements, std::size_t element_size) {
    if (elements > memory_ / element_size) return fail("the lists have too many elements for the size of the data");
    memory_ -= elements * element_size;
    return true;
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
