// The threads of this process.
#pragma once

#include <cstddef>
#include <filesystem>
#include <iterator>
#include <thread>

namespace intent::test {

/// Counts also the thread that the thread sanitizer starts with the first thread of a process, so that it is never what
/// makes two counts differ.
inline std::ptrdiff_t thread_count() {
    [[maybe_unused]] static const bool sanitizer_has_its_thread = (std::thread([] {}).join(), true);
    return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
}

}  // namespace intent::test
