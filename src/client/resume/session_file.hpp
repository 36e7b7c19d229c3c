// The file that lets the next process continue a session (protocol §5).
#pragma once

#include "client/resume/progress.hpp"
#include "session/settings.hpp"

#include <intent/log.hpp>
#include <intent/session_store.hpp>
#include <intent/token.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace intent::client {

/// The file, or the store of a user in its place. Reads it at the start, then writes the position of a `Progress` into
/// it on its own thread: soon after each change, with a pause between writes, and once at the end.
///
/// Threads: `load`, `start` and `finish` on one thread at a time; `progress()` on any.
class SessionFile {
public:
    struct Settings {
        std::string path;
        std::shared_ptr<SessionStore> store = {};  ///< instead of the file; null: the file
        std::string gateway;                       ///< the session's gateway; a file of another gateway is ignored
        std::function<Token()> token;              ///< called on the writing thread; only a salted hash is stored
        std::function<void(LogLevel, const std::string&)> log;
        std::function<void()> on_thread = [] {};  ///< called at the start of the writing thread
        std::chrono::milliseconds pause = std::chrono::seconds(1);
    };

    explicit SessionFile(Settings settings);
    ~SessionFile();  ///< `finish`
    SessionFile(const SessionFile&) = delete;
    SessionFile& operator=(const SessionFile&) = delete;

    /// Keeps other clients from using the file until this object has written it for the last time, or the process ends.
    /// A file that cannot be locked is logged as a warning.
    ///
    /// Errors: UsageError if another client uses it.
    void lock();

    /// Returns the session of an earlier process, if it matches this token and gateway. An unusable file is logged as a
    /// warning and will be replaced. Blocks on the disk.
    std::optional<session::SavedSession> load(const Token& token);

    /// What `load` has returned.
    const std::optional<session::SavedSession>& loaded() const noexcept { return loaded_; }

    /// The time up to which the loaded session's events are handled.
    std::optional<Timestamp> loaded_time() const noexcept { return loaded_time_; }

    Progress& progress() noexcept { return *progress_; }

    /// Starts the writing thread.
    void start();

    /// Ends the thread after a last write. If the disk takes longer than a second, the thread is left behind.
    void finish();

private:
    struct Writer;

    std::shared_ptr<Progress> progress_ = std::make_shared<Progress>();
    std::shared_ptr<Writer> writer_;
    std::thread thread_;
    std::optional<session::SavedSession> loaded_;
    std::optional<Timestamp> loaded_time_;
};

}  // namespace intent::client
