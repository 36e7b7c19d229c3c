// A dispatch that is not yet completely handled: the session file waits for it.
#pragma once

#include <atomic>

namespace intent::inline v0::detail {

/// Everything that results from a dispatch (queued events, coroutines) holds a copy of the shared_ptr. When the last
/// one is destroyed, the dispatch is handled.
///
/// Threads: safe.
class PendingDispatch {
public:
    PendingDispatch() = default;
    virtual ~PendingDispatch() = default;
    PendingDispatch(const PendingDispatch&) = delete;
    PendingDispatch& operator=(const PendingDispatch&) = delete;

    /// This process abandons the dispatch; the next one requests it again.
    void abandon() noexcept { abandoned_ = true; }

protected:
    bool abandoned() const noexcept { return abandoned_; }

private:
    std::atomic<bool> abandoned_ = false;
};

}  // namespace intent::detail
