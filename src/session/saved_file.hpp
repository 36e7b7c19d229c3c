// The content of a session file: a session that the next process may resume (protocol §5).
#pragma once

#include "codec/result.hpp"
#include "session/settings.hpp"

#include <intent/timestamp.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace intent::session {

struct SavedFile {
    static constexpr std::uint32_t present_version = 1;

    std::uint32_t version = present_version;
    std::string session_id;   ///< empty: the server sent none
    std::uint64_t seq = 0;    ///< every dispatch up to and including this one was handled
    std::string gateway;      ///< the gateway's address, without a user part
    Timestamp time{};         ///< everything that happened before this time was handled
    std::string salt;         ///< of `fingerprint`
    std::string fingerprint;  ///< of the session's token; never the token itself
    friend bool operator==(const SavedFile&, const SavedFile&) = default;
};

/// One JSON object and a line break.
std::string write_saved_file(const SavedFile& file);

/// A failure if the text is truncated, of another version, or not a session file.
codec::Result<SavedFile> read_saved_file(std::string_view text);

}  // namespace intent::session
