// A dispatch that is not yet completely handled: the session file, or a broker, waits for it.
#pragma once

#include <intent/detail/export.hpp>

#include <atomic>

namespace intent::inline v0::detail {

/// Everything that results from a dispatch (queued events, coroutines) holds a copy of the shared_ptr. When the last
/// one is destroyed, the dispatch is handled.
///
/// Threads: safe.
class INTENT_API PendingDispatch {
public:
    PendingDispatch() = default;
    virtual ~PendingDispatch() = default;
    PendingDispatch(const PendingDispatch&) = delete;
    PendingDispatch& operator=(const PendingDispatch&) = delete;

    /// This process abandons the dispatch; the next one requests it again.
    void abandon() noexcept { abandoned_ = true; }

    /// A handler, or a coroutine of it, has failed.
    void fail() noexcept { failed_ = true; }

protected:
    bool abandoned() const noexcept { return abandoned_; }
    bool failed() const noexcept { return failed_; }

private:
    std::atomic<bool> abandoned_ = false;
    std::atomic<bool> failed_ = false;
};

}  // namespace intent::detail
