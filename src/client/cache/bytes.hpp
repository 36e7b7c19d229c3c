// The packed bytes of a cached value: in one block of memory with their size.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

namespace intent::client {

/// Bytes with one owner.
class OwnBytes {
public:
    OwnBytes() = default;
    explicit OwnBytes(std::string_view bytes)
        : block_(std::make_unique_for_overwrite<char[]>(sizeof(std::uint32_t) + bytes.size())) {
        const auto size = static_cast<std::uint32_t>(bytes.size());
        std::memcpy(block_.get(), &size, sizeof size);
        std::memcpy(block_.get() + sizeof size, bytes.data(), bytes.size());
    }

    explicit operator bool() const noexcept { return block_ != nullptr; }
    std::string_view view() const noexcept {
        std::uint32_t size = 0;
        std::memcpy(&size, block_.get(), sizeof size);
        return {block_.get() + sizeof size, size};
    }
    void reset() noexcept { block_.reset(); }

private:
    std::unique_ptr<char[]> block_;
};

/// Bytes that several entries of several caches refer to. Half the size of a `std::shared_ptr`.
///
/// Threads: distinct objects may be used concurrently, also if they share their bytes.
class SharedBytes {
public:
    SharedBytes() = default;
    explicit SharedBytes(std::string_view bytes) {
        void* const memory = ::operator new(sizeof(Head) + bytes.size());
        head_ = new (memory) Head{1, static_cast<std::uint32_t>(bytes.size())};
        std::memcpy(static_cast<char*>(memory) + sizeof(Head), bytes.data(), bytes.size());
    }
    SharedBytes(const SharedBytes& other) noexcept : head_(other.head_) {
        if (head_ != nullptr) head_->owners.fetch_add(1, std::memory_order_relaxed);
    }
    SharedBytes(SharedBytes&& other) noexcept : head_(std::exchange(other.head_, nullptr)) {}
    SharedBytes& operator=(SharedBytes other) noexcept {
        std::swap(head_, other.head_);
        return *this;
    }
    ~SharedBytes() { reset(); }

    explicit operator bool() const noexcept { return head_ != nullptr; }
    std::string_view view() const noexcept { return {reinterpret_cast<const char*>(head_ + 1), head_->size}; }
    void reset() noexcept {
        Head* const head = std::exchange(head_, nullptr);
        if (head == nullptr || head->owners.fetch_sub(1, std::memory_order_acq_rel) > 1) return;
        head->~Head();
        ::operator delete(head);
    }

private:
    struct Head {
        std::atomic<std::uint32_t> owners;
        std::uint32_t size;
    };
    Head* head_ = nullptr;
};

}  // namespace intent::client
