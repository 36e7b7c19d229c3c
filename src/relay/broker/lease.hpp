// The lease that decides which of several processes leads.
#pragma once

#include "relay/broker/key_value.hpp"
#include "relay/broker/lease_state.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace intent::relay::broker {

struct LeaseOptions {
    std::string key = "leader";
    std::string holder;  ///< unique for each process, e.g. host, process id and a random part; without spaces, 1 to 128
    std::chrono::milliseconds ttl{10'000};  ///< 1 s to 10 min; the other times follow from it
};

struct LeaseEvents {
    /// This process leads. `term` is larger than that of all earlier leaders: a fencing token.
    std::function<void(std::uint64_t term)> acquired = {};
    /// It leads no longer: the lease has expired, was taken over, or was released. Called before anybody else can lead,
    /// unless the callbacks are delayed; check `leads` before what only the leader may do.
    std::function<void(const std::string& reason)> lost = {};
};

/// Takes part in the election for a key of a bucket, from its construction until `release`.
///
/// A leader that is killed is replaced within `ttl` and about a second; one that releases the lease at once, if another
/// process waits for it.
///
/// Callbacks run on a thread of the library, one at a time. The account must be allowed to subscribe to the key's
/// subject,
/// `$KV.<bucket>.<key>`; without that, a hand-over takes a tenth of `ttl`.
///
/// Threads: safe; the destructor not in a callback.
class Lease {
public:
    /// Errors: ConfigError for options out of range.
    Lease(std::shared_ptr<Connection> connection, const KeyValue& bucket, const LeaseOptions& options,
          LeaseEvents events);
    ~Lease();  ///< releases the lease without waiting for the broker; no callback is called afterwards
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    /// Whether this process leads now, by its monotonic clock.
    bool leads() const noexcept;
    /// The term in which it leads or has led last; 0 if it never has.
    std::uint64_t term() const noexcept;
    /// The holder that was seen last, for reports; empty if there is none.
    std::string holder() const;

    /// Leaves the election and gives the lease up, so that another process takes it without waiting. `lost` is called
    /// first if this process leads. False if the broker did not confirm it in time. Not on a thread of the library.
    bool release(std::chrono::milliseconds timeout);

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace intent::relay::broker
