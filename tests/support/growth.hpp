// What a process holds: memory and open files.
#pragma once

#include <malloc.h>

#include <cstddef>
#include <filesystem>
#include <iterator>

namespace intent::test {

/// Bytes that are allocated now; 0 under sanitizers, which have a heap of their own.
inline std::size_t heap_in_use() {
    const auto heap = mallinfo2();
    return heap.uordblks + heap.hblkhd;
}

inline std::ptrdiff_t open_files() { return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}); }

}  // namespace intent::test
