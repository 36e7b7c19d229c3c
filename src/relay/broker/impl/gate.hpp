// Calls into an object from threads that may outlive it.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

namespace intent::relay::broker {

/// Lets one call in at a time, until it is closed. A call may close it.
class Gate {
public:
    template <class Work>
    void enter(Work&& work) {
        const std::lock_guard lock(mutex_);
        if (open_) std::forward<Work>(work)();
    }

    /// Returns when no call is inside, except for one on this thread.
    void close() noexcept {
        const std::lock_guard lock(mutex_);
        open_ = false;
    }

private:
    std::recursive_mutex mutex_;
    bool open_ = true;
};

/// A function that lets work into the gate of an object that may be gone.
template <class Object>
auto entering(std::weak_ptr<Object> object) {
    return [object = std::move(object)](auto work) {
        if (const auto self = object.lock()) self->gate.enter([&] { work(*self); });
    };
}

}  // namespace intent::relay::broker
