// The process itself: memory, time, descriptors.
#pragma once

#include "text/exposition.hpp"

#include <cstdint>
#include <optional>

namespace intent::net {

/// A value is unset where the system does not report it.
struct ProcessUsage {
    std::optional<double> cpu_seconds = {};  ///< user and system time
    std::optional<std::uint64_t> resident_bytes = {};
    std::optional<std::uint64_t> virtual_bytes = {};
    std::optional<std::uint64_t> open_descriptors = {};
    std::optional<std::uint64_t> max_descriptors = {};
    std::optional<double> start_seconds = {};  ///< since 1970
};

/// Reads files of /proc. Threads: any.
ProcessUsage process_usage();

/// Writes them under the names that Prometheus expects of every process.
void write_process(text::Exposition& out);

}  // namespace intent::net
