#include "persistence/job_queue.hpp"
#include "persistence/list_text.hpp"
#include "persistence/state.hpp"

#include <intent/client.hpp>
#include <intent/detail/stored_jobs.hpp>
#include <intent/errors.hpp>
#include <intent/events.hpp>
#include <intent/scope.hpp>
#include <intent/settings.hpp>

#include <chrono>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace intent::inline v0::detail {

namespace {

/// The longest sleep: afterwards the clock is read again, so that changes of the system's time have an effect.
constexpr std::chrono::hours max_sleep{1};
constexpr std::chrono::milliseconds max_delay = std::chrono::days(36'525);  // 100 years

std::chrono::milliseconds delay_until(Timestamp time, Timestamp now) {
    if (time <= now) return std::chrono::milliseconds(0);
    if (time - now > max_sleep) return max_sleep;
    return std::chrono::ceil<std::chrono::milliseconds>(time - now);
}

}  // namespace

UnreadableJob::UnreadableJob(std::int64_t id, std::string_view problem)
    : SettingsError(SettingsFault::type, "the payload of job " + std::to_string(id) +
                                             " cannot be read, so the job stays in the file: " + std::string(problem)) {
}

std::string wrap(StoredValue payload) {
    std::vector<StoredValue> items;
    items.push_back(std::move(payload));
    return persistence::list_text(items);
}

StoredValue unwrap(std::string_view payload) {
    auto items = persistence::parse_list(payload);
    if (!items || items->size() != 1) bad_value(stored_text(payload), "a JSON array with one value");
    return std::move(items->front());
}

struct StoredJobs::Impl : std::enable_shared_from_this<StoredJobs::Impl> {
    Impl(Client& client, std::shared_ptr<SettingsState> shared, std::string title, std::shared_ptr<void> function,
         Call call_it)
        : clock(client.clock()),
          state(std::move(shared)),
          name(std::move(title)),
          handler(std::move(function)),
          call(call_it),
          scope(client) {}

    template <class F>
    auto with_store(F f) const {
        const SettingsState::Lock lock(*state);
        return persistence::translated(state->store().path(), [&] { return f(state->store()); });
    }

    void go_online() {
        {
            const std::lock_guard lock(mutex);
            online = true;
        }
        look();
    }

    /// Starts what is due, and sleeps until something else is.
    void look() {
        const Timestamp now = clock.wall_time();
        try {
            for (auto& job : take_due(now))
                scope.spawn(name, [self = shared_from_this(), job = std::move(job)] { return run(self, job); });
            sleep_until(with_store([&](auto& store) { return persistence::next_job(store, name, now); }), now);
        } catch (...) {
            sleep_until(now + persistence::JobQueue::first_retry, now);
            throw;
        }
    }

    std::vector<StoredJob> take_due(Timestamp now) {
        const std::lock_guard lock(mutex);
        if (!online) return {};
        const auto most = queue.wanted();
        return queue.start(with_store([&](auto& store) { return persistence::due_jobs(store, name, now, most); }), now);
    }

    /// Looks again at `time`, if it is set, and at the other moments that the queue waits for.
    void sleep_until(std::optional<Timestamp> time, Timestamp now) {
        std::optional<Timestamp> wake;
        {
            const std::lock_guard lock(mutex);
            queue.expect(time);
            if (online) wake = queue.next_sleep(now);
        }
        if (!wake) return;
        const auto delay = delay_until(*wake, now);
        scope.spawn(name, [self = shared_from_this(), wake = *wake, delay] { return wait(self, wake, delay); });
    }

    static task<> wait(std::shared_ptr<Impl> self, Timestamp wake, std::chrono::milliseconds delay) {
        bool stopped = false;
        try {
            auto sleeping = self->scope.sleep_for(delay);
            co_await std::move(sleeping);
        } catch (const CancelledError&) {  // the client was stopped: the next Ready goes on
            stopped = true;
        }
        {
            const std::lock_guard lock(self->mutex);
            self->queue.end_sleep(wake);
            if (stopped) self->online = false;
        }
        if (!stopped) self->look();
    }

    static task<> run(std::shared_ptr<Impl> self, StoredJob job) {
        const std::int64_t id = job.id;
        std::exception_ptr problem;
        bool is_over = false;  // in this process
        try {
            auto work = self->call(self->handler.get(), std::move(job));
            co_await std::move(work);
            is_over = true;
            self->remove({id});
        } catch (const UnreadableJob&) {
            is_over = true;
            problem = std::current_exception();
        } catch (...) {
            problem = std::current_exception();
        }
        if (self->scope.ended()) co_return;
        const Timestamp now = self->clock.wall_time();
        {
            const std::lock_guard lock(self->mutex);
            if (!problem) {
                self->queue.finish(id);
            } else if (is_over) {
                self->queue.put_aside(id);
            } else {
                self->queue.fail(id, now);
            }
        }
        // Not `look`: handlers that never wait would call each other recursively.
        self->sleep_until(now, now);
        if (problem) std::rethrow_exception(problem);
    }

    std::size_t remove(const std::vector<std::int64_t>& ids) {
        return with_store([&](auto& store) {
            database::Transaction transaction(store.database());
            std::size_t count = 0;
            for (const auto id : ids)
                if (persistence::remove_job(store, name, id)) ++count;
            transaction.commit();
            return count;
        });
    }

    const Clock clock;
    const std::shared_ptr<SettingsState> state;
    const std::string name;
    const std::shared_ptr<void> handler;
    const Call call;
    std::mutex mutex;  // taken before that of the settings
    bool online = false;
    persistence::JobQueue queue;
    Scope scope;  // last member: ends the coroutines first
};

StoredJobs::StoredJobs(Client& client, Settings& settings, std::string name, std::shared_ptr<void> handler, Call call)
    : impl_(std::make_shared<Impl>(client, settings.state_, std::move(name), std::move(handler), call)) {
    const std::weak_ptr<Impl> weak = impl_;
    const auto go_online = [weak] {
        if (const auto impl = weak.lock()) impl->go_online();
    };
    impl_->scope.on([go_online](const Ready&) { go_online(); });
    impl_->scope.on([go_online](const Resumed&) { go_online(); });
    if (client.state() == ConnectionState::ready) impl_->go_online();
}

StoredJobs::~StoredJobs() { impl_->scope.end(); }

std::int64_t StoredJobs::add(Timestamp due, const std::string& payload) {
    const auto id =
        impl_->with_store([&](auto& store) { return persistence::add_job(store, impl_->name, due, payload); });
    impl_->sleep_until(due, impl_->clock.wall_time());
    return id;
}

std::int64_t StoredJobs::add_after(std::chrono::milliseconds delay, const std::string& payload) {
    if (delay < std::chrono::milliseconds(0) || delay > max_delay) {
        throw ConfigError("add_after: delay of " + std::to_string(delay.count()) +
                          " ms: must be from 0 ms to 100 years");
    }
    return add(impl_->clock.wall_time() + delay, payload);
}

std::size_t StoredJobs::cancel(const std::vector<std::int64_t>& ids) {
    const std::size_t removed = impl_->remove(ids);
    const std::lock_guard lock(impl_->mutex);
    for (const auto id : ids)
        impl_->queue.forget(id);
    return removed;
}

std::vector<StoredJob> StoredJobs::pending() const {
    return impl_->with_store([&](auto& store) { return persistence::all_jobs(store, impl_->name); });
}

}  // namespace intent::detail
