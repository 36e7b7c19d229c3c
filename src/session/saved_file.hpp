// The content of a session file: a session that the next process may resume (protocol §5).
#pragma once

#include "codec/result.hpp"
#include "session/settings.hpp"

#include <intent/timestamp.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace intent::session {

/// `version` changes only if older builds would misread the file. They ignore members that they do not know, such as
/// `handled`: then the events behind `seq` arrive again.
struct SavedFile {
    static constexpr std::uint32_t present_version = 1;

    std::uint32_t version = present_version;
    std::string session_id;   ///< empty: the server sent none
    std::uint64_t seq = 0;    ///< every dispatch up to and including this one was handled
    std::string gateway;      ///< the gateway's address, without a user part
    Timestamp time{};         ///< everything that happened before this time was handled
    std::string salt;         ///< of `fingerprint`
    std::string fingerprint;  ///< of the session's token; never the token itself
    /// Which dispatches behind `seq` were handled, as lengths of runs: the number of those that were not, of those that
    /// were, and so on; even in number, at most `max_runs`, each at least 1.
    std::vector<std::uint64_t> handled = {};
    static constexpr std::size_t max_runs = 16'384;
    friend bool operator==(const SavedFile&, const SavedFile&) = default;
};

/// One JSON object and a line break.
std::string write_saved_file(const SavedFile& file);

/// A failure if the text is truncated, of another version, or not a valid session file.
codec::Result<SavedFile> read_saved_file(std::string_view text);

}  // namespace intent::session
