// Handwritten MessagePack for the yardsticks: as fast as a specialist would write it, as safe as a reader of untrusted
// bytes must be (bounds, depth), no more.
#pragma once

#include <intent/timestamp.hpp>

#include <bit>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace intent::bench {

/// The first error moves to the end, so that every later read fails, too: loops need no check of their own.
class HandReader {
public:
    explicit HandReader(std::span<const std::uint8_t> bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}

    bool ok() const { return ok_; }
    bool at_end() const { return at_ == end_; }

    void fail() {
        ok_ = false;
        at_ = end_;
    }

    std::uint32_t map_size() { return container(0x80, 0xde); }
    std::uint32_t array_size() { return container(0x90, 0xdc); }

    bool take_nil() {
        if (at_ == end_ || *at_ != 0xc0) return false;
        ++at_;
        return true;
    }

    /// Nearly every text is shorter than 256 bytes, so these cases are inlined.
    [[gnu::always_inline]] std::string_view text() {
        if (left() >= 2) [[likely]] {
            if ((*at_ & 0xe0) == 0xa0) {
                if (const std::size_t size = *at_ & 0x1f; size < left()) [[likely]]
                    return taken(1, size);
            } else if (*at_ == 0xd9) {
                if (const std::size_t size = at_[1]; size + 1 < left()) [[likely]]
                    return taken(2, size);
            }
        }
        return long_text();
    }

    std::uint64_t number() {
        const std::uint8_t head = byte();
        if (head < 0x80) return head;
        if (head >= 0xcc && head <= 0xcf) return big_endian(std::size_t{1} << (head - 0xcc));
        fail();
        return 0;
    }

    bool flag() {
        const std::uint8_t head = byte();
        if (head != 0xc2 && head != 0xc3) fail();
        return head == 0xc3;
    }

    void skip(int depth = 0) {
        if (at_ == end_ || depth > 64) return fail();
        const std::uint8_t head = *at_;
        if ((head & 0xe0) == 0xa0 || (head >= 0xd9 && head <= 0xdb)) {
            text();
        } else if (head < 0x80 || head >= 0xe0 || head == 0xc0 || head == 0xc2 || head == 0xc3) {
            ++at_;
        } else if ((head & 0xf0) == 0x80 || head == 0xde || head == 0xdf) {
            for (std::uint32_t n = map_size(); n > 0 && ok_; --n) {
                skip(depth + 1);
                skip(depth + 1);
            }
        } else if ((head & 0xf0) == 0x90 || head == 0xdc || head == 0xdd) {
            for (std::uint32_t n = array_size(); n > 0 && ok_; --n)
                skip(depth + 1);
        } else if (head >= 0xcc && head <= 0xd3) {
            ++at_;
            big_endian(std::size_t{1} << ((head - 0xcc) & 3));
        } else if (head == 0xca || head == 0xcb) {
            ++at_;
            big_endian(head == 0xca ? 4 : 8);
        } else {
            fail();  // bin and ext do not occur in this event
        }
    }

private:
    std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }

    std::string_view taken(std::size_t head, std::size_t size) {
        const std::string_view text{reinterpret_cast<const char*>(at_ + head), size};
        at_ += head + size;
        return text;
    }

    [[gnu::noinline]] std::string_view long_text() {
        const std::uint8_t head = byte();
        if ((head & 0xe0) == 0xa0 && (head & 0x1fU) <= left()) return taken(0, head & 0x1f);
        if (head >= 0xd9 && head <= 0xdb) {
            const std::size_t size = big_endian(std::size_t{1} << (head - 0xd9));
            if (ok_ && size <= left()) return taken(0, size);
        }
        fail();
        return {};
    }

    std::uint8_t byte() {
        if (at_ != end_) return *at_++;
        fail();
        return 0xc1;
    }

    std::uint64_t big_endian(std::size_t bytes) {
        if (bytes > left()) {
            fail();
            return 0;
        }
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < bytes; ++i)
            value = value << 8 | at_[i];
        at_ += bytes;
        return value;
    }

    std::uint32_t container(std::uint8_t fixed, std::uint8_t wide) {
        const std::uint8_t head = byte();
        std::uint64_t size = 0;
        if ((head & 0xf0) == fixed) {
            size = head & 0x0f;
        } else if (head == wide || head == wide + 1) {
            size = big_endian(head == wide ? 2 : 4);
        } else {
            fail();
        }
        if (size > left()) fail();
        return ok_ ? static_cast<std::uint32_t>(size) : 0;
    }

    const std::uint8_t* at_;
    const std::uint8_t* end_;
    bool ok_ = true;
};

/// Whether a key is this one: compares sizes, then the bytes as one number.
template <std::size_t N>
bool is(std::string_view key, const char (&name)[N]) {
    return key.size() == N - 1 && std::memcmp(key.data(), name, N - 1) == 0;
}

template <int Count>
bool digits(const char* at, int& value) {
    value = 0;
    for (int i = 0; i < Count; ++i) {
        const unsigned digit = static_cast<unsigned char>(at[i]) - unsigned{'0'};
        if (digit > 9) return false;
        value = value * 10 + static_cast<int>(digit);
    }
    return true;
}

/// "2024-01-15T12:00:00.123Z", with any number of digits in the fraction.
inline std::optional<Timestamp> hand_timestamp(std::string_view text) {
    const char* const at = text.data();
    if (text.size() < 20 || text.back() != 'Z' || at[4] != '-' || at[7] != '-' || at[10] != 'T' || at[13] != ':' ||
        at[16] != ':') {
        return std::nullopt;
    }
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, micros = 0;
    if (!digits<4>(at, year) || !digits<2>(at + 5, month) || !digits<2>(at + 8, day) || !digits<2>(at + 11, hour) ||
        !digits<2>(at + 14, minute) || !digits<2>(at + 17, second)) {
        return std::nullopt;
    }
    if (text.size() > 20) {
        const std::string_view fraction = text.substr(20, text.size() - 21);
        if (text[19] != '.' || fraction.empty()) return std::nullopt;
        int scale = 100'000;
        for (const char c : fraction) {
            if (c < '0' || c > '9') return std::nullopt;
            micros += (c - '0') * scale;
            scale /= 10;
        }
    }
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
    return Timestamp{std::chrono::sys_days{date}} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
           std::chrono::seconds{second} + std::chrono::microseconds{micros};
}

/// Eight digits at once, as one number of eight bytes: first pairs, then fours, then all.
inline bool eight_digits(const char* at, std::uint64_t& value) {
    static_assert(std::endian::native == std::endian::little);
    std::memcpy(&value, at, 8);
    value -= 0x3030303030303030;
    if (((value | (value + 0x7676767676767676)) & 0x8080808080808080) != 0) return false;
    value = value * 10 + (value >> 8);
    value = ((value & 0x000000ff000000ff) * 0x000f424000000064 +
             ((value >> 16) & 0x000000ff000000ff) * 0x0000271000000001) >>
            32;
    return true;
}

inline bool hand_snowflake(std::string_view text, std::uint64_t& value) {
    if (text.empty() || text.size() > 20 || (text[0] == '0' && text.size() > 1)) return false;
    value = 0;
    while (text.size() >= 8 && value < 10'000'000'000) {
        std::uint64_t eight = 0;
        if (!eight_digits(text.data(), eight)) return false;
        value = value * 100'000'000 + eight;
        text.remove_prefix(8);
    }
    for (const char c : text) {
        if (c < '0' || c > '9') return false;
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, c - '0', &value)) return false;
    }
    return true;
}

}  // namespace intent::bench
