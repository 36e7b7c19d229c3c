// What a sandbox records: the entries of its journal, and the ends of gateway connections.
#pragma once

#include <intent/timestamp.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace intent::inline v0::sandbox {

/// The end of a gateway connection.
struct Close {
    int code = 0;             ///< 1006: dropped without a close frame
    bool by_sandbox = false;  ///< the sandbox closed or dropped it
    friend bool operator==(const Close&, const Close&) = default;
};

/// A journal entry: a frame, a request, a change of a connection, or an applied fault. Fields that do not apply to its
/// kind are empty.
struct Entry {
    std::uint64_t number = 0;                    ///< increases by one per entry
    Timestamp time{};                            ///< by the sandbox's clock
    std::string kind = {};                       ///< "frame", "request", "connection", "fault"
    std::string user = {};                       ///< whose frame, request or connection it is
    std::uint64_t connection = 0;                ///< its number; 0: none
    std::uint64_t session = 0;                   ///< its number; 0: none
    bool incoming = false;                       ///< of a frame: from the client
    std::optional<std::uint64_t> op = {};        ///< of a frame
    std::string event = {};                      ///< of a frame: `t`
    std::optional<std::uint64_t> sequence = {};  ///< of a frame: `s`
    std::string method = {};                     ///< of a request
    std::string path = {};                       ///< of a request, below the base
    std::optional<int> status = {};              ///< of a request; unset: not answered
    std::string what = {};                       ///< of a connection ("closed") or a fault ("rate_limit")
    std::optional<int> code = {};                ///< of a connection that was closed
    std::optional<std::uint64_t> fault = {};     ///< the fault that was applied to it
    std::string json = {};                       ///< the complete entry with secrets redacted (docs/sandbox-control.md)
};

}  // namespace intent::sandbox
