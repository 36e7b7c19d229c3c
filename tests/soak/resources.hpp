// What the process holds.
#pragma once

#include <cstddef>

namespace intent::test {

struct Resources {
    std::size_t files = 0;
    std::size_t threads = 0;
    std::size_t memory_kib = 0;  ///< private (RssAnon)
    std::size_t heap_kib = 0;    ///< of it allocated, not merely kept by the allocator
};

Resources measure_resources();

/// Prints them on a line of standard output.
void print(const char* when, const Resources& resources);

}  // namespace intent::test
