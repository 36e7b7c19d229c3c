// Work that is due at a time, also after a restart. In the CMake component `settings`.
#pragma once

#include <intent/client.hpp>
#include <intent/detail/chrono.hpp>
#include <intent/detail/keep_function.hpp>
#include <intent/detail/stored_jobs.hpp>
#include <intent/settings.hpp>
#include <intent/task.hpp>
#include <intent/timestamp.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace intent::inline v0 {

/// What is due at a time.
template <class T>
struct PersistentJob {
    std::int64_t id = 0;  ///< what `add` returned
    Timestamp due = {};   ///< when it runs
    T payload = {};       ///< what the bot gave to `add`
};

/// Jobs of one kind, kept in the file of a Settings until they are done. The payload has a type that a Setting can
/// have, such as std::string or a struct with `intent::StoredFields`:
///
///     intent::PersistentJobs<Reminder> reminders(client, settings, "reminders", &Bot::remind, this);
///     reminders.add_after(48h, {channel, user, "tea"});
///
///     intent::task<> Bot::remind(intent::PersistentJob<Reminder> job) {
///         co_await client.rest().create_message(job.payload.channel, job.payload.text);
///     }
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
/// A payload that an earlier version of the bot has stored may not fit T any more. New members at the end of a struct
/// do, and keep their defaults. A job whose payload does not fit stays in the file without running and without holding
/// up others; an ErrorEvent with a SettingsError names its id when it is due, once until this object is destroyed.
/// `pending` leaves it out; `cancel` removes it, and a later version of the bot that can read it runs it.
///
/// Lifetime: destroying the object ends its handlers as a Scope does; their jobs stay. `client` must not be moved, and
/// `settings` must outlive this object. Threads: any.
template <class T>
class PersistentJobs {
public:
    /// `handler` is a coroutine that takes a PersistentJob<T> by value. Two objects with the same name on the same
    /// Settings would run each job twice.
    template <class F>
    PersistentJobs(Client& client, Settings& settings, std::string name, F handler)
        : jobs_(client, settings, std::move(name), detail::keep_function<F>(std::move(handler)), &call<F>) {
        static_assert(std::is_invocable_r_v<task<>, F&, PersistentJob<T>>,
                      "intent: a handler of jobs is a coroutine [](intent::PersistentJob<T> job) -> intent::task<>");
    }

    /// Runs a member function: `PersistentJobs<Reminder>(client, settings, "reminders", &Bot::remind, this)`. `object`
    /// must outlive this object.
    template <class M, class O>
    requires std::is_member_function_pointer_v<M> PersistentJobs(Client& client, Settings& settings, std::string name,
                                                                 M member, O* object)
        : PersistentJobs(client, settings, std::move(name),
                         [member, object](PersistentJob<T> job) { return (object->*member)(std::move(job)); }) {}

    /// Stores a job and returns its id, which is never used again. A time in the past is due at once.
    ///
    /// Errors: SettingsError; ConfigError for a payload that cannot be stored; UsageError inside a transaction of the
    /// Settings.
    std::int64_t add(Timestamp due, const T& payload) { return jobs_.add(due, detail::write_payload(payload)); }

    /// The same, due this long after now.
    ///
    /// Errors: as `add`; ConfigError for a delay outside 0 to 100 years.
    std::int64_t add_after(std::chrono::milliseconds delay, const T& payload) {
        return jobs_.add_after(delay, detail::write_payload(payload));
    }

    /// Removes a job; false if there is no such job. A handler that runs already continues.
    ///
    /// Errors: as `add`.
    bool cancel(std::int64_t id) { return jobs_.cancel({id}) > 0; }

    /// Removes the jobs for which `predicate(const PersistentJob<T>&)` is true, and returns their number. Handlers that
    /// run already continue.
    ///
    ///     reminders.cancel_if([user](const auto& job) { return job.payload.user == user; });
    ///
    /// Errors: as `add`; what `predicate` throws, and no job is removed then. Cost: as `pending`.
    template <class Predicate>
    std::size_t cancel_if(Predicate predicate) {
        std::vector<std::int64_t> ids;
        for (const auto& job : pending(std::move(predicate)))
            ids.push_back(job.id);
        return jobs_.cancel(ids);
    }

    /// The jobs that are not done, including those that run, by time.
    ///
    /// Errors: as `add`. Cost: reads all jobs of this name.
    std::vector<PersistentJob<T>> pending() const {
        return pending([](const PersistentJob<T>&) { return true; });
    }

    /// Those for which `predicate(const PersistentJob<T>&)` is true.
    ///
    /// Errors: as `add`; what `predicate` throws. Cost: as without a predicate.
    template <class Predicate>
    std::vector<PersistentJob<T>> pending(Predicate predicate) const {
        static_assert(std::is_invocable_r_v<bool, Predicate&, const PersistentJob<T>&>,
                      "intent: a predicate of jobs takes a const PersistentJob<T>& and returns bool");
        std::vector<PersistentJob<T>> jobs;
        for (const auto& stored : jobs_.pending()) {
            auto payload = detail::read_payload_if<T>(stored);
            if (!payload) continue;
            PersistentJob<T> job{stored.id, stored.due, *std::move(payload)};
            if (predicate(std::as_const(job))) jobs.push_back(std::move(job));
        }
        return jobs;
    }

private:
    template <class F>
    static task<> call(void* handler, detail::StoredJob stored) {
        PersistentJob<T> job{stored.id, stored.due, detail::read_payload<T>(stored)};
        return (*static_cast<F*>(handler))(std::move(job));
    }

    detail::StoredJobs jobs_;
};

}  // namespace intent
