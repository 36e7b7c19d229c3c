// A waiter with a timeout.
#pragma once

#include "client/api/context.hpp"
#include "client/dispatch/registry.hpp"

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <span>

namespace intent::client {

/// A waiter that also ends at its timeout, when the client stops, and with its scope. It is made with `make_shared`.
///
/// How to drive it: set the members of Waiter, then `listen`, then `arm`, which starts the timeout.
///
/// Threads: `arm` once; the others as Waiter.
class TimedWaiter : public Waiter, public std::enable_shared_from_this<TimedWaiter> {
public:
    /// `call` names the call in errors and has static lifetime.
    explicit TimedWaiter(const char* call) noexcept : call_(call) {}

    /// Listens for events. Returns false if it cannot, because the client is stopped or the scope has ended: the waiter
    /// has then ended.
    bool listen(detail::ClientContext& context, std::span<const std::size_t> events);

    /// Starts the timeout; `Running::no_limit` for none. Without it, the waiter does not end when the client stops.
    void arm(std::chrono::milliseconds timeout);

    /// Where a coroutine continues that awaits this waiter on a foreign thread. Valid after `listen` returned true.
    void adopt(detail::TaskState& task) const noexcept;

    void cancel() noexcept final;

protected:
    /// Ends with a CancelledError.
    virtual void give_up(std::exception_ptr why) noexcept { end(std::move(why)); }

    /// Ends the timeout.
    void on_end() noexcept override;

    std::exception_ptr cancelled(const char* why) const;

private:
    const char* const call_;
    std::weak_ptr<Running> running_ = {};
    std::uint64_t delay_ = 0;  // used on the loop's thread
};

}  // namespace intent::client
