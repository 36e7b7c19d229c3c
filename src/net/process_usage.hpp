// What this process uses of its machine, as its operating system reports it.
#pragma once

#include <cstdint>
#include <optional>

namespace intent::net {

/// Unset where the system does not report it.
struct ProcessUsage {
    std::optional<double> cpu_seconds = {};  ///< of all threads, user and system together
    std::optional<std::uint64_t> resident_bytes = {};
    std::optional<std::uint64_t> virtual_bytes = {};
    std::optional<std::uint64_t> threads = {};
    std::optional<std::uint64_t> open_descriptors = {};
    std::optional<std::uint64_t> max_descriptors = {};
    std::optional<double> started_at = {};  ///< seconds since 1970
};

/// Reads files of `/proc`. Threads: any.
ProcessUsage process_usage();

}  // namespace intent::net
