// Small files, written so that a reader never finds half of one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace intent::net {

struct FileRead {
    std::optional<std::string> content = {};  ///< none: there is no such file, or `problem`
    std::string problem = {};                 ///< why it could not be read; empty if nothing is wrong
};

/// Reads a file of at most `max_bytes`. Blocks on the disk.
///
/// Threads: safe.
FileRead read_file(const std::string& path, std::size_t max_bytes);

/// Replaces the file, or makes it, with mode 0600: a new file beside it, flushed to the disk, takes its name. Readers,
/// and whoever comes after a crash, find the old content or the new one whole. Blocks on the disk. Gives what went
/// wrong; empty if nothing did.
///
/// Threads: safe for different paths.
std::string replace_file(const std::string& path, std::string_view content);

}  // namespace intent::net
