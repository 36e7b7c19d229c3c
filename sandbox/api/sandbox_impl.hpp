// The implementation of the public class Sandbox.
#pragma once

#include "sandbox/base/problem.hpp"
#include "sandbox/host/host.hpp"

#include <intent/errors.hpp>
#include <intent/sandbox.hpp>

#include <future>
#include <mutex>
#include <shared_mutex>
#include <utility>

namespace intent {

struct Sandbox::Impl {
    Impl(sandbox::Options options, std::vector<sandbox::Bot> bots)
        : first_bot(bots.front().name), host(std::move(options), std::move(bots)) {}

    /// Runs `work` on the sandbox's thread and returns its result. Converts its exceptions to those of the public API.
    template <class Work>
    auto call(Work work) -> decltype(work()) {
        // Check this before locking: `stop` holds the lock until the sandbox's thread has ended.
        if (host.parts().loop.on_thread()) throw UsageError("the sandbox's own thread cannot wait for itself");
        // Hold the lock while waiting, so that the loop cannot end before it has run this call.
        const std::shared_lock lock(mutex);
        if (stopped) throw UsageError("the sandbox is stopped");
        std::packaged_task<decltype(work())()> task(std::move(work));
        auto result = task.get_future();
        host.parts().loop.post([&task] { task(); });
        try {
            return result.get();
        } catch (const sandbox::Problem& problem) {
            throw ConfigError(problem.text());
        } catch (const sandbox::SqliteError& error) {
            throw Error(std::string("the sandbox's database: ") + error.what());
        }
    }

    /// Like `call`, with the id of the user `name`.
    template <class Work>
    auto as(std::string_view name, Work work) {
        return call([&] { return work(id_of(name), host.parts().clock.read().system); });
    }

    UserId id_of(std::string_view name) {
        const auto account = host.parts().store.account_by_name(name);
        if (!account) throw ConfigError("there is no user \"" + std::string(name) + "\"");
        return account->user.id;
    }

    const sandbox::Parts& parts() noexcept { return host.parts(); }

    std::shared_mutex mutex;  // guards stopped
    bool stopped = false;
    const std::string first_bot;
    sandbox::Host host;
};

}  // namespace intent
