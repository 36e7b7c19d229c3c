// Restricts a file to one process, by a lock that ends with the process.
#pragma once

#include <optional>
#include <string>
#include <utility>

namespace intent::net {

/// The file type at a path, with links followed.
enum class FileKind { missing, regular, other };

FileKind kind_of_file(const std::string& path);

/// Creates an empty file with mode 0600 if the path does not exist. Returns the problem; empty on success.
std::string make_private_file(const std::string& path);

/// The lock file of a file: its name without symbolic links, so that every path of the file has the same, and ".lock".
std::string lock_of_file(const std::string& path);

/// A lock, held until this object is destroyed or its process ends, for whatever reason.
///
/// Threads: one at a time.
class FileLock {
public:
    FileLock(FileLock&& other) noexcept
        : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}
    FileLock& operator=(FileLock&&) = delete;
    ~FileLock();

    struct Attempt;
    /// Creates the file at `path`, with mode 0600 and the process's number as content, and locks it. Unlocking removes
    /// the file.
    static Attempt take(const std::string& path);

private:
    FileLock(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}

    std::string path_;
    int descriptor_;
};

struct FileLock::Attempt {
    std::optional<FileLock> lock = {};
    bool is_held = false;             ///< another process holds it
    std::optional<long> holder = {};  ///< the process that holds it, if it has written its number yet
    std::string problem = {};         ///< why the file cannot be locked; empty if `lock` or `is_held`

    /// "process 123", or "another process" if it is unknown.
    std::string holder_text() const;
};

}  // namespace intent::net
