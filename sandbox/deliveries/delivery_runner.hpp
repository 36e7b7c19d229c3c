// Posts the deliveries that the machine returns and reports their outcomes.
#pragma once

#include "net/http.hpp"
#include "net/loop.hpp"
#include "sandbox/base/clock.hpp"
#include "sandbox/deliveries/deliveries.hpp"

#include <future>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::inline v0::sandbox {

/// Waits between attempts use the sandbox's clock. Timestamps and timeouts use the real clock, as receivers do.
///
/// Threads: the loop's.
class DeliveryRunner {
public:
    DeliveryRunner(net::Loop& loop, const Clock& clock);

    /// Errors: as Deliveries::add, and Problem 400 for an invalid http or https URL.
    void deliver(DeliveryRequest request);
    void enable(std::string_view url);
    void clear();
    /// Call it after the clock was set ahead.
    void on_clock_moved();

    std::optional<Delivery> find(std::string_view id) const { return deliveries_.find(id); }
    std::vector<Delivery> list() const { return deliveries_.list(); }
    const Deliveries::Counters& counters() const noexcept { return deliveries_.counters(); }
    std::size_t pending() const noexcept { return deliveries_.pending(); }
    /// Time until the next attempt; unset during an attempt and if no attempt is left.
    std::optional<std::chrono::milliseconds> wait_of(std::string_view id) const;

    /// `done` is set when the delivery has ended or has had this many attempts (0: only when it has ended).
    struct Waiter {
        std::string id;
        std::size_t attempts = 0;
        std::promise<Delivery> done = {};
    };
    /// Errors: Problem 404 if the delivery does not exist.
    void add_waiter(std::shared_ptr<Waiter> waiter);
    void remove_waiter(const std::weak_ptr<Waiter>& waiter) { waiters_.remove(waiter.lock()); }
    /// Drops pending deliveries and aborts attempts in progress.
    void stop();

    static constexpr auto time_out = std::chrono::seconds(5);

private:
    void post_due();
    void post(const DeliveryRequest& delivery);
    void settle();

    net::Loop& loop_;
    const Clock& clock_;
    Deliveries deliveries_;
    std::unique_ptr<net::HttpClient> http_;  ///< created by the first delivery
    net::Timer timer_;
    std::list<std::shared_ptr<Waiter>> waiters_;
    std::uint64_t generation_ = 0;  ///< of attempts in progress; `clear` starts a new one
};

}  // namespace intent::sandbox
