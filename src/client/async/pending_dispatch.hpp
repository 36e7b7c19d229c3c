// A dispatch that is not handled to its end yet: what the session file waits for.
#pragma once

#include <atomic>

namespace intent::detail {

/// Whatever comes of a dispatch (queued events, coroutines) holds a copy of the shared_ptr. When the last one goes, the
/// dispatch is handled.
///
/// Threads: safe.
class PendingDispatch {
public:
    PendingDispatch() = default;
    virtual ~PendingDispatch() = default;
    PendingDispatch(const PendingDispatch&) = delete;
    PendingDispatch& operator=(const PendingDispatch&) = delete;

    /// This process does not finish it: the next one asks for it again.
    void abandon() noexcept { abandoned_ = true; }

protected:
    bool abandoned() const noexcept { return abandoned_; }

private:
    std::atomic<bool> abandoned_ = false;
};

}  // namespace intent::detail
