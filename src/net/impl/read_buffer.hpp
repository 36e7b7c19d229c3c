// The receive buffer of a connection.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>

namespace intent::net {

/// Received bytes that were not consumed yet, contiguous. Small while little arrives, so that a thousand idle
/// connections cost little; large while much arrives, so that one read takes many frames.
class ReadBuffer {
public:
    static constexpr std::size_t small_bytes = 4u << 10;
    static constexpr std::size_t large_bytes = 64u << 10;

    std::span<std::uint8_t> data() { return {memory_.get() + begin_, end_ - begin_}; }
    std::size_t size() const { return end_ - begin_; }
    bool empty() const { return begin_ == end_; }
    void consume(std::size_t bytes) { begin_ += bytes; }
    void commit(std::size_t bytes) { end_ += bytes; }

    /// Room to read into, behind the received bytes. `needed`: bytes of the arriving frame, as far as known.
    std::span<std::uint8_t> prepare(std::size_t needed) {
        if (capacity_ == 0) {
            reallocate(small_bytes);
        } else if (needed > capacity_) {
            // Grows as bytes arrive, not at once to the length that a frame's head claims.
            reallocate(std::min(needed, std::max(capacity_ * 2, large_bytes)));
        } else if (capacity_ > large_bytes && empty()) {
            reallocate(large_bytes);
        } else if (idle_reads_ >= idle_reads_before_shrinking && capacity_ > small_bytes && empty()) {
            reallocate(small_bytes);
        }
        // A short remainder moves to the front at once, so that later bytes need not be moved with it.
        if (begin_ > 0 && (size() <= begin_ / 4 || begin_ + needed > capacity_ || end_ == capacity_)) move_to_front();
        if (end_ == capacity_) reallocate(capacity_ * 2);
        return {memory_.get() + end_, capacity_ - end_};
    }

    /// Records whether a read filled all the room, so that the size can adapt.
    void note_read(bool filled) {
        idle_reads_ = filled ? 0 : idle_reads_ + 1;
        if (filled && capacity_ < large_bytes) reallocate(large_bytes);
    }

private:
    static constexpr int idle_reads_before_shrinking = 8;

    void move_to_front() {
        const auto count = size();
        if (count > 0) std::memmove(memory_.get(), memory_.get() + begin_, count);
        begin_ = 0;
        end_ = count;
    }

    void reallocate(std::size_t bytes) {
        auto fresh = std::make_unique_for_overwrite<std::uint8_t[]>(bytes);
        const auto count = size();
        if (count > 0) std::memcpy(fresh.get(), memory_.get() + begin_, count);
        memory_ = std::move(fresh);
        capacity_ = bytes;
        begin_ = 0;
        end_ = count;
    }

    std::unique_ptr<std::uint8_t[]> memory_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    int idle_reads_ = 0;
};

}  // namespace intent::net
