#include "tests/soak/resources.hpp"

#include "tests/support/growth.hpp"

#include <malloc.h>

#include <cstdio>
#include <fstream>
#include <string>

namespace intent::test {

Resources measure_resources() {
    malloc_trim(0);  // what the allocator merely keeps is nobody's leak
    Resources found;
    found.files = static_cast<std::size_t>(open_files());
    found.heap_kib = heap_in_use() / 1024;
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("Threads:")) found.threads = std::stoul(line.substr(8));
        if (line.starts_with("RssAnon:")) found.memory_kib = std::stoul(line.substr(8));
    }
    return found;
}

void print(const char* when, const Resources& resources) {
    std::printf("%-22s %zu files, %zu threads, %.1f MiB private, %.1f MiB of it allocated\n", when, resources.files,
                resources.threads, static_cast<double>(resources.memory_kib) / 1024,
                static_cast<double>(resources.heap_kib) / 1024);
    std::fflush(stdout);
}

}  // namespace intent::test
