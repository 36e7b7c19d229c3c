// What a process holds: memory and open files.
#pragma once

#include <cstddef>

namespace intent::test {

/// Bytes that are allocated now; 0 under sanitizers, which have a heap of their own.
std::size_t heap_in_use();

std::ptrdiff_t open_files();

}  // namespace intent::test
