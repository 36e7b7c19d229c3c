#include "tests/support/growth.hpp"

#include <malloc.h>

#include <filesystem>
#include <iterator>

namespace intent::test {

std::size_t heap_in_use() {
    const auto heap = mallinfo2();
    return heap.uordblks + heap.hblkhd;
}

std::ptrdiff_t open_files() { return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {}); }

}  // namespace intent::test
