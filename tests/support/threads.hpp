// The threads of this process.
#pragma once

#include <cstddef>
#include <filesystem>
#include <iterator>

namespace intent::test {

inline std::ptrdiff_t thread_count() {
    return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
}

}  // namespace intent::test
