// Files that are looked after.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tool {

/// Tells when a file has changed, come, gone, or been replaced by another of its name.
///
/// Where the system tells of changes (Linux: inotify), `descriptor` becomes readable when it may be worth to look;
/// elsewhere the caller looks from time to time. What counts is what the files themselves say: a folder's other files
/// do no harm.
///
/// Threads: one thread.
class FileWatch {
public:
    /// `patterns`: paths and globs (glob.hpp).
    explicit FileWatch(std::vector<std::string> patterns);
    ~FileWatch();
    FileWatch(const FileWatch&) = delete;
    FileWatch& operator=(const FileWatch&) = delete;

    /// To be waited on for reading; -1 if the system does not tell.
    int descriptor() const { return descriptor_; }

    /// Empties the descriptor.
    void drain();

    /// The files that have changed since the last call, or since the construction.
    std::vector<std::string> changes();

    /// How many files there are at present.
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
