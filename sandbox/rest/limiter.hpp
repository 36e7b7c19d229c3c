// The platform's rate limits (protocol §10), with time as an input.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace intent::sandbox {

/// One line of the table in protocol §10.
struct LimitRule {
    int limit = 0;
    std::chrono::milliseconds window{0};
    /// How a bucket fills again: all at once when the window that the first request opened is over, or one request at a
    /// time.
    enum class Refill { whole, steady } refill = Refill::whole;
    /// A second limit on the same requests, which counts over a longer time; 0: none.
    int long_limit = 0;
    std::chrono::milliseconds long_window{0};
};

/// What the limiter says to one request.
struct LimitVerdict {
    bool allowed = true;
    bool global = false;  ///< refused by the limit over all requests of the token
    int limit = 0;
    int remaining = 0;
    std::chrono::milliseconds reset{0};        ///< until the bucket is full again
    std::chrono::milliseconds retry_after{0};  ///< if refused: until one request passes
};

/// How a bucket stands.
struct BucketView {
    std::string owner;  ///< as it was given to `Limiter::take`
    std::string name;
    int limit = 0;
    int remaining = 0;
    std::chrono::milliseconds reset{0};
};

/// Counts requests. A request takes from its bucket and from its owner's global window, or, if either is empty, from
/// none.
///
/// Distinct objects: safe. Shared objects: unsafe.
class Limiter {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// `owner`: whose token (or address) it is. `bucket` may be empty: then only the global limit counts, and the
    /// verdict tells of that.
    LimitVerdict take(Time now, std::string_view owner, std::string_view bucket, const LimitRule& rule);

    /// The buckets that are not full, by owner and name.
    std::vector<BucketView> list(Time now) const;

    std::size_t size() const noexcept { return buckets_.size() + owners_.size(); }

    static constexpr int global_limit = 50;
    static constexpr std::chrono::milliseconds global_window{1000};

private:
    struct Bucket {
        LimitRule rule = {};
        int used = 0;
        Time full{};  ///< when all of it is there again; `used` counts while that is to come
    };

    static std::optional<LimitVerdict> refusal(Time now, const Bucket& bucket, const LimitRule& rule);
    static LimitVerdict use(Time now, Bucket& bucket, const LimitRule& rule);

    void forget_idle(Time now);

    std::unordered_map<std::string, Bucket> buckets_;
    std::unordered_map<std::string, std::deque<Time>> owners_;  ///< times of the requests in the sliding window
    std::size_t until_sweep_ = 1024;
};

}  // namespace intent::sandbox
