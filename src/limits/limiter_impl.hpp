// The limiter's implementation: the gates that all buckets share, and the life of a request.
#pragma once

#include "limits/bucket_table.hpp"
#include "limits/limiter.hpp"
#include "text/random.hpp"

#include <unordered_map>

namespace intent::inline v0::limits {

/// The waits that affect every bucket: the token's sliding window, a 429 with `global: true`, a 429 without a
/// duration.
class Gates {
public:
    explicit Gates(const Options& options)
        : window_(options.global_limit, options.global_window),
          spacing_(options.global_window / static_cast<Duration::rep>(std::max<std::size_t>(options.global_limit, 1))),
          span_(options.global_window) {}

    /// When the gates let the next request start. `Time::max()`: after an answer.
    Time opens_at(bool uses_token) const noexcept;

    /// The same without the window, which always opens soon.
    Time blocked_until(bool uses_token) const noexcept;

    void started(Time now, bool uses_token);
    void answered(Time now, bool uses_token, Duration certain);
    void not_sent(bool uses_token) noexcept;

    void block_token(Time until);

    /// A 429 without a duration, to a request sent at `sent`. Returns the end of the host's pause.
    Time block_host(Time now, Time sent);
    void host_answers() noexcept { host_refusals_ = 0; }

private:
    SlidingWindow window_;
    Duration spacing_, span_;
    Time token_blocked_until_ = Time::min();
    Time host_blocked_until_ = Time::min();
    Time host_blocked_since_ = Time::min();
    Time spaced_until_ = Time::min();  // after a pause requests start one by one for a while, not in a burst
    Time last_start_ = Time::min();
    int host_refusals_ = 0;
};

struct Limiter::Impl {
    explicit Impl(const Options& options) : gates(options), random(options.seed) {}

    BucketTable table;
    std::unordered_map<RequestId, Request> requests;
    WakeHeap<Request> retries;  // reads between two tries; writes wait at the front of their queue
    Gates gates;
    ServerClock clock;
    RoundTrips round_trips;
    text::Random random;
    bool token_refused = false;
    bool stopped = false;
    std::uint32_t token_generation = 0;
    Time refusals_since{};
    int refusals = 0;

    // The outcomes of a try. Each returns the request to its bucket or ends it.
    void on_rate_limited(Time now, Request& request, const RateLimitInfo& info, Actions& out);
    void on_failure(Time now, Request& request, Ending ending, Actions& out);

    void take_out_of_flight(Request& request) noexcept;
    void finish(Request& request, Actions& out);
    void fail(Request& request, FailReason reason, Actions& out);
    void erase(Request& request);
    void unqueue(Request& request) noexcept;
    void requeue(Request& request);
    void fail_waiting(Time now, bool only_token, FailReason reason, Actions& out);
    void refuse_token(Time now, const Request& request, Actions& out);
    void count_refusal(Time now, RequestId id, Actions& out);

    /// Moves a bucket to the right list after any change to it.
    void settle(Time now, Bucket* bucket, Actions& out);
    void fail_impatient(Bucket* bucket, Time ready, Actions& out);

    /// Starts the requests that the gates allow.
    void drain(Time now, Actions& out);
    void start_first(Time now, Bucket* bucket, Actions& out);
};

}  // namespace intent::limits
