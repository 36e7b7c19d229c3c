// One file, one process: who may use a file is settled by a lock that ends with its process.
#pragma once

#include <optional>
#include <string>
#include <utility>

namespace intent::net {

/// What a path leads to, links followed.
enum class FileKind { missing, regular, other };

FileKind kind_of_file(const std::string& path);

/// Makes an empty file with mode 0600, unless there is one of that name. Gives what went wrong; empty if nothing did.
std::string make_private_file(const std::string& path);

/// A lock, held until this goes out of scope or its process ends, however it ends.
///
/// Threads: one at a time.
class FileLock {
public:
    FileLock(FileLock&& other) noexcept
        : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}
    FileLock& operator=(FileLock&&) = delete;
    ~FileLock();

    struct Attempt;
    /// Makes the file at `path`, with mode 0600 and the process's number in it, and locks it. It goes with the lock.
    static Attempt take(const std::string& path);

private:
    FileLock(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

    std::string path_;
    int descriptor_;
};

struct FileLock::Attempt {
    std::optional<FileLock> lock = {};
    bool is_held = false;             ///< by another
    std::optional<long> holder = {};  ///< its process, if it has said so yet
    std::string problem = {};         ///< why the file cannot be locked; empty if `lock` or `is_held`
};

}  // namespace intent::net
