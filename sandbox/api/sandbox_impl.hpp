// The implementation of the public class Sandbox.
#pragma once

#include "sandbox/base/problem.hpp"
#include "sandbox/host/host.hpp"

#include <intent/errors.hpp>
#include <intent/sandbox.hpp>

#include <future>
#include <mutex>
#include <shared_mutex>
#include <type_traits>
#include <utility>

namespace intent::inline v0 {

class Sandbox::Impl {
public:
    Impl(sandbox::Options options, std::vector<sandbox::Bot> bots)
        : first_bot_(bots.front().name), host_(std::move(options), std::move(bots)) {}

    void stop() {
        const std::unique_lock lock(mutex_);
        if (!std::exchange(stopped_, true)) host_.stop();
    }

    /// Runs `work(parts)` on the sandbox's thread and returns its result. Converts its exceptions to those of the
    /// public API.
    template <class Work>
    auto call(Work work) {
        // Check this before locking: `stop` holds the lock until the sandbox's thread has ended.
        const sandbox::Parts& parts = host_.parts();
        if (parts.loop.on_thread()) throw UsageError("the sandbox's own thread cannot wait for itself");
        // Hold the lock while waiting, so that the loop cannot end before it has run this call.
        const std::shared_lock lock(mutex_);
        if (stopped_) throw UsageError("the sandbox is stopped");
        std::packaged_task<std::invoke_result_t<Work, const sandbox::Parts&>()> task([&] { return work(parts); });
        auto result = task.get_future();
        parts.loop.post([&task] { task(); });
        try {
            return result.get();
        } catch (const sandbox::Problem& problem) {
            throw ConfigError(problem.text());
        } catch (const sandbox::SqliteError& error) {
            throw Error(std::string("the sandbox's database: ") + error.what());
        }
    }

    /// As `call`, for an action of a user.
    template <class Work>
    auto act(Work work) {
        return call([&](auto& parts) { return work(parts.platform, parts.clock.system()); });
    }

    /// Threads: the sandbox's.
    UserId id_of(std::string_view name) {
        const auto account = host_.parts().store.account_by_name(name);
        if (!account) throw ConfigError("there is no user \"" + std::string(name) + "\"");
        return account->user.id;
    }

    const std::string& first_bot() const noexcept { return first_bot_; }
    sandbox::Host& host() noexcept { return host_; }

private:
    std::shared_mutex mutex_;  // guards stopped_
    bool stopped_ = false;
    const std::string first_bot_;
    sandbox::Host host_;
};

}  // namespace intent
