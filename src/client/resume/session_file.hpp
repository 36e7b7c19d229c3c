// The file through which a session goes on in the next process (protocol §5).
#pragma once

#include "client/resume/progress.hpp"
#include "session/settings.hpp"

#include <intent/log.hpp>
#include <intent/token.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace intent::client {

/// Reads the file at a start, then writes the position of a `Progress` into it from a thread of its own: soon after it
/// has changed, but with a pause between two writings, and once more at the end.
///
/// Threads: `load`, `start` and `finish` on one at a time; `progress()` any.
class SessionFile {
public:
    struct Settings {
        std::string path;
        std::string gateway;           ///< the session's place: of another one a file is not ours
        std::function<Token()> token;  ///< called on the writing thread; what is kept of it is a salted hash
        std::function<void(LogLevel, const std::string&)> log;
        std::chrono::milliseconds pause = std::chrono::seconds(1);
    };

    explicit SessionFile(Settings settings);
    ~SessionFile();  ///< `finish`
    SessionFile(const SessionFile&) = delete;
    SessionFile& operator=(const SessionFile&) = delete;

    /// What an earlier process has left, as far as it is for this token and gateway. A file that cannot be used is told
    /// of with a warning, and will be replaced. Blocks on the disk.
    std::optional<session::SavedSession> load(const Token& token);

    /// Up to when the loaded session's events are handled.
    std::optional<Timestamp> loaded_time() const noexcept { return loaded_time_; }

    Progress& progress() noexcept { return *progress_; }

    /// Starts the writing thread.
    void start();

    /// Ends the thread after a last writing. A disk that takes longer than a second is left behind.
    void finish();

private:
    struct Writer;

    std::shared_ptr<Progress> progress_ = std::make_shared<Progress>();
    std::shared_ptr<Writer> writer_;
    std::thread thread_;
    std::optional<Timestamp> loaded_time_;
};

}  // namespace intent::client
