// MessagePack by hand, for the yardsticks: as safe as a reader of strangers' bytes has to be (bounds, depth), no more.
#pragma once

#include <intent/timestamp.hpp>

#include <chrono>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace intent::bench {

class HandReader {
public:
    explicit HandReader(std::span<const std::uint8_t> bytes) : at_(bytes.data()), end_(at_ + bytes.size()) {}

    bool ok() const { return ok_; }
    bool at_end() const { return at_ == end_; }
    const std::uint8_t* position() const { return at_; }

    std::uint32_t map_size() { return container(0x80, 0xde); }
    std::uint32_t array_size() { return container(0x90, 0xdc); }

    bool take_nil() {
        if (at_ == end_ || *at_ != 0xc0) return false;
        ++at_;
        return true;
    }

    std::string_view text() {
        const std::uint8_t head = byte();
        std::size_t size = 0;
        if ((head & 0xe0) == 0xa0) {
            size = head & 0x1f;
        } else if (head >= 0xd9 && head <= 0xdb) {
            size = big_endian(std::size_t{1} << (head - 0xd9));
        } else {
            ok_ = false;
        }
        if (size > left()) ok_ = false;
        if (!ok_) return {};
        const std::string_view text{reinterpret_cast<const char*>(at_), size};
        at_ += size;
        return text;
    }

    std::uint64_t number() {
        const std::uint8_t head = byte();
        if (head < 0x80) return head;
        if (head >= 0xcc && head <= 0xcf) return big_endian(std::size_t{1} << (head - 0xcc));
        ok_ = false;
        return 0;
    }

    void skip(int depth = 0) {
        if (at_ == end_ || depth > 64) {
            ok_ = false;
            return;
        }
        const std::uint8_t head = *at_;
        if (head < 0x80 || head >= 0xe0 || head == 0xc0 || head == 0xc2 || head == 0xc3) {
            ++at_;
        } else if ((head & 0xf0) == 0x80 || head == 0xde || head == 0xdf) {
            for (std::uint32_t n = map_size(); n > 0 && ok_; --n) {
                skip(depth + 1);
                skip(depth + 1);
            }
        } else if ((head & 0xf0) == 0x90 || head == 0xdc || head == 0xdd) {
            for (std::uint32_t n = array_size(); n > 0 && ok_; --n)
                skip(depth + 1);
        } else if ((head & 0xe0) == 0xa0 || (head >= 0xd9 && head <= 0xdb)) {
            text();
        } else if (head >= 0xcc && head <= 0xd3) {
            ++at_;
            big_endian(std::size_t{1} << ((head - 0xcc) & 3));
        } else if (head == 0xca || head == 0xcb) {
            ++at_;
            big_endian(head == 0xca ? 4 : 8);
        } else {
            ok_ = false;  // bin and ext do not occur in this event
        }
    }

    bool flag() {
        const std::uint8_t head = byte();
        if (head != 0xc2 && head != 0xc3) ok_ = false;
        return head == 0xc3;
    }

    void fail() { ok_ = false; }

private:
    std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }

    std::uint8_t byte() {
        if (at_ == end_) {
            ok_ = false;
            return 0xc1;
        }
        return *at_++;
    }

    std::uint64_t big_endian(std::size_t bytes) {
        if (bytes > left()) {
            ok_ = false;
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
            ok_ = false;
        }
        if (size > left()) ok_ = false;
        return ok_ ? static_cast<std::uint32_t>(size) : 0;
    }

    const std::uint8_t* at_;
    const std::uint8_t* end_;
    bool ok_ = true;
};

inline bool digits(std::string_view text, int& value) {
    value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return false;
        value = value * 10 + (c - '0');
    }
    return true;
}

/// "2024-01-15T12:00:00.123Z", any number of digits in the fraction.
inline std::optional<Timestamp> hand_timestamp(std::string_view text) {
    if (text.size() < 20 || text.back() != 'Z' || text[4] != '-' || text[7] != '-' || text[10] != 'T' ||
        text[13] != ':' || text[16] != ':') {
        return std::nullopt;
    }
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, micros = 0;
    if (!digits(text.substr(0, 4), year) || !digits(text.substr(5, 2), month) || !digits(text.substr(8, 2), day) ||
        !digits(text.substr(11, 2), hour) || !digits(text.substr(14, 2), minute) ||
        !digits(text.substr(17, 2), second)) {
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

inline bool hand_snowflake(std::string_view text, std::uint64_t& value) {
    if (text.empty() || text.size() > 20 || (text[0] == '0' && text.size() > 1)) return false;
    value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return false;
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, c - '0', &value)) return false;
    }
    return true;
}

}  // namespace intent::bench
