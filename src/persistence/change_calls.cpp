#include "persistence/change_calls.hpp"

#include <intent/trace.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace intent::persistence {

std::uint64_t ChangeCalls::add(detail::ChangeListener listener) {
    const std::lock_guard lock(mutex_);
    listeners_.push_back(std::make_shared<const Listener>(Listener{++last_id_, std::move(listener)}));
    return last_id_;
}

void ChangeCalls::remove(std::uint64_t id) noexcept {
    std::shared_ptr<const Listener>
        removed;  // destroyed without the lock, because captures of the bot's function end with it
    const std::lock_guard lock(mutex_);
    const auto found =
        std::find_if(listeners_.begin(), listeners_.end(), [id](const auto& one) { return one->id == id; });
    if (found == listeners_.end()) return;
    removed = std::move(*found);
    listeners_.erase(found);
}

void ChangeCalls::enqueue(std::vector<Change> changes) {
    const std::lock_guard lock(mutex_);
    for (auto& change : changes) {
        const auto concerns = [&](const auto& one) { return one->function.name == change.name; };
        if (std::any_of(listeners_.begin(), listeners_.end(), concerns)) due_.push_back(std::move(change));
    }
}

void ChangeCalls::deliver() noexcept {
    std::unique_lock lock(mutex_);
    if (std::exchange(delivering_, true)) return;
    while (!due_.empty()) {
        const Change change = std::move(due_.front());
        due_.pop_front();
        const Listeners listeners = listeners_;
        lock.unlock();
        call(listeners, change);
        lock.lock();
    }
    delivering_ = false;
}

bool ChangeCalls::has(std::uint64_t id) {
    const std::lock_guard lock(mutex_);
    return std::any_of(listeners_.begin(), listeners_.end(), [id](const auto& one) { return one->id == id; });
}

void ChangeCalls::call(const Listeners& listeners, const Change& change) noexcept {
    for (const auto& one : listeners) {
        if (one->function.name != change.name || !has(one->id)) continue;  // ended by an earlier call
        std::string problem;
        try {
            one->function.call(one->function.function.get(), change.owner, change.value ? &*change.value : nullptr);
            continue;
        } catch (const std::exception& error) {
            problem = error.what();
        } catch (...) {
            problem = "something that is no std::exception";
        }
        try {
            if (log_ && log_->enabled(LogLevel::error, "settings")) {
                const std::string trace = current_trace().id();
                log_->write({LogLevel::error, "settings",
                             "a function of on_change(\"" + change.name + "\") threw: " + problem, trace});
            }
        } catch (...) {  // a failing log must not stop the bot
        }
    }
}

}  // namespace intent::persistence
