// A place where the session waits for the next process.
#pragma once

#include <intent/detail/export.hpp>

#include <string>

namespace intent::inline v0 {

/// Keeps what `ClientOptions::session_file` keeps in a file: in a database, or in a key-value store that several
/// machines share. The content is a short text of up to a few hundred KiB, without secrets. Only one running client may
/// use a store at a time, which the store or its owner must ensure.
///
/// Threads: `read` is called in `Client::start`, `write` on a thread of its own; both may block.
class INTENT_API SessionStore {
public:
    SessionStore() = default;
    virtual ~SessionStore();
    SessionStore(const SessionStore&) = delete;
    SessionStore& operator=(const SessionStore&) = delete;

    /// Returns what `write` was given last; empty if there is nothing.
    ///
    /// Errors: whatever it throws is logged as a warning, and a new session begins.
    virtual std::string read() = 0;

    /// Replaces the content. Called at most once per second, and at the end of a stop.
    ///
    /// Errors: whatever it throws is logged as a warning; the next change is written again.
    virtual void write(const std::string& content) = 0;
};

}  // namespace intent
