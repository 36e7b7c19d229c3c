// Work that is due at a time, also after a restart. In the CMake component `settings`.
#pragma once

#include <intent/client.hpp>
#include <intent/settings.hpp>
#include <intent/task.hpp>
#include <intent/timestamp.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace intent {

/// What is due at a time.
struct PersistentJob {
    std::int64_t id = 0;
    Timestamp due = {};
    std::string payload = {};  ///< what the bot gave to `add`
};

/// Jobs of one kind, kept in the file of a Settings until they are done.
///
///     intent::PersistentJobs reminders(client, settings, "reminders", [&](intent::PersistentJob job) -> intent::task<>
///     {
///         const intent::Channel channel = co_await client.channel(…);
///         co_await channel.send(job.payload);
///     });
///     reminders.add(client.clock().wall_time() + 48h, "tea");
///
/// While the client is online, the handler runs for each job once its time has come, on the client's handler threads;
/// jobs whose time passed while the bot was not running follow the next Ready. Up to 8 run at the same time, the oldest
/// first.
///
/// A job is removed when its handler has completed. So it runs *at least* once: if the process ends in between, the
/// handler runs again after the restart. If the handler throws, the exception becomes an ErrorEvent with `where` set to
/// the name, and the job runs again after 1 minute, then 2, 4, … up to 1 hour, also after a restart: catch what a
/// repetition cannot cure. Jobs wait by the client's clock (`ClientOptions::clock`); after a change of the system's
/// time or a suspension, up to an hour longer.
///
/// Lifetime: destroying the object ends its handlers as a Scope does; their jobs stay. `client` must not be moved, and
/// `settings` must outlive this object. Threads: any.
class PersistentJobs {
public:
    /// Two objects with the same name on the same Settings would run each job twice.
    template <class F>
    PersistentJobs(Client& client, Settings& settings, std::string name, F handler)
        : PersistentJobs(
              client, settings, std::move(name), std::make_shared<F>(std::move(handler)),
              [](void* erased, PersistentJob job) -> task<> { return (*static_cast<F*>(erased))(std::move(job)); }) {
        static_assert(std::is_invocable_r_v<task<>, F&, PersistentJob>,
                      "intent: a handler of jobs is a coroutine [](intent::PersistentJob job) -> intent::task<>");
    }
    ~PersistentJobs();
    PersistentJobs(const PersistentJobs&) = delete;
    PersistentJobs& operator=(const PersistentJobs&) = delete;

    /// Stores a job and returns its id, which is never used again. A time in the past is due at once.
    ///
    /// Errors: SettingsError; UsageError inside a transaction of the Settings.
    std::int64_t add(Timestamp due, std::string payload);

    /// Removes a job; false if there is no such job. A handler that runs already continues.
    ///
    /// Errors: as `add`.
    bool cancel(std::int64_t id);

    /// The jobs that are not done, including those that run, by time.
    ///
    /// Errors: as `add`.
    std::vector<PersistentJob> pending() const;

private:
    using Call = task<> (*)(void* handler, PersistentJob job);
    PersistentJobs(Client& client, Settings& settings, std::string name, std::shared_ptr<void> handler, Call call);

    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace intent
