// Posts the deliveries that the machine asks for, and reports what came of them.
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

namespace intent::sandbox {

/// Waits between tries go by the sandbox's clock; time stamps and time-outs by the real one, as receivers have no
/// other.
///
/// Threads: the loop's.
class DeliveryRunner {
public:
    DeliveryRunner(net::Loop& loop, const Clock& clock);

    /// Errors: as Deliveries::add, and Problem 400 for a URL that is neither http nor https.
    void deliver(DeliveryRequest order);
    void enable(std::string_view url);
    void clear();
    /// The clock was set ahead.
    void on_clock_moved();

    std::optional<SandboxDelivery> find(std::string_view id) const { return deliveries_.find(id); }
    std::vector<SandboxDelivery> list() const { return deliveries_.list(); }
    /// Until the next try; unset while one is under way, and when there is none.
    std::optional<std::chrono::milliseconds> wait_of(std::string_view id) const;

    /// Told when the delivery is over, or has had so many tries (0: only when it is over).
    struct Waiter {
        std::string id;
        std::size_t attempts = 0;
        std::promise<SandboxDelivery> done = {};
    };
    /// Errors: Problem 404 if there is no such delivery.
    void add_waiter(std::shared_ptr<Waiter> waiter);
    void remove_waiter(const std::weak_ptr<Waiter>& waiter) { waiters_.remove(waiter.lock()); }
    /// Drops what waits and what is under way.
    void stop();

    static constexpr auto time_out = std::chrono::seconds(5);

private:
    void post_due();
    void post(const DeliveryRequest& order);
    void settle();

    net::Loop& loop_;
    const Clock& clock_;
    Deliveries deliveries_;
    std::unique_ptr<net::HttpClient> http_;  ///< made with the first delivery
    net::Timer timer_;
    std::list<std::shared_ptr<Waiter>> waiters_;
    std::uint64_t generation_ = 0;  ///< of what is under way: a `clear` ends one
};

}  // namespace intent::sandbox
