// Small files, written so that readers never find a partial one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace intent::net {

struct FileRead {
    std::optional<std::string> content = {};  ///< unset: the file does not exist, or `problem`
    std::string problem = {};                 ///< why it could not be read; empty on success
    bool open_to_others = false;              ///< users other than its owner and group have access to it
};

/// Reads a file of at most `max_bytes`. Blocks on the disk.
///
/// Threads: safe.
FileRead read_file(const std::string& path, std::size_t max_bytes);

/// Replaces or creates the file with mode 0600: writes a new file beside it, flushes it to the disk and renames it.
/// Readers find either the complete old content or the complete new content, also after a crash. Blocks on the disk.
/// Returns the problem; empty on success.
///
/// Threads: safe for different paths.
std::string replace_file(const std::string& path, std::string_view content);

/// Gives a complete file its final name, also after a crash: flushes it to the disk, replaces `to`, and flushes the
/// name. Returns the problem, which leaves `to` as it was; empty on success.
std::string move_file(const std::string& from, const std::string& to);

}  // namespace intent::net
