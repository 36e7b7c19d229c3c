// Watches files for changes.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tool {

/// Detects files that were changed, created, deleted or replaced.
///
/// With inotify (Linux), `descriptor` becomes readable when files may have changed; elsewhere the caller polls. Only
/// the state of the watched files counts: changes of other files in their folders have no effect.
///
/// Threads: one thread.
class FileWatch {
public:
    /// `patterns`: paths and globs (glob.hpp).
    explicit FileWatch(std::vector<std::string> patterns);
    ~FileWatch();
    FileWatch(const FileWatch&) = delete;
    FileWatch& operator=(const FileWatch&) = delete;

    /// Wait for it to become readable; -1 if the system does not report changes.
    int descriptor() const { return descriptor_; }

    /// Empties the descriptor.
    void drain();

    /// The files that have changed since the last call or construction.
    std::vector<std::string> changes();

    /// The current number of files.
    std::size_t size() const { return stamps_.size(); }

private:
    struct Stamp {
        std::int64_t modified_ns = 0;
        std::uint64_t size = 0;
        std::uint64_t inode = 0;
        std::uint32_t mode = 0;
        bool operator==(const Stamp&) const = default;
    };
    using Stamps = std::map<std::string, Stamp>;

    Stamps look();
    void watch_folder(const std::string& folder);

    std::vector<std::string> patterns_;
    int descriptor_ = -1;
    Stamps stamps_;
};

}  // namespace tool
