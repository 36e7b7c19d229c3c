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

namespace intent::inline v0::sandbox {

/// A row of the table in protocol §10.
struct LimitRule {
    int limit = 0;
    std::chrono::milliseconds window{0};
    /// How a bucket fills again: completely when the window of its first request ends, or one request at a time.
    enum class Refill { whole, steady } refill = Refill::whole;
    /// A second limit on the same requests, which counts over a longer time; 0: none.
    int long_limit = 0;
    std::chrono::milliseconds long_window{0};
};

/// The limiter's answer to one request.
struct LimitVerdict {
    bool allowed = true;
    bool global = false;  ///< refused by the limit over all requests of the token
    int limit = 0;
    int remaining = 0;
    std::chrono::milliseconds reset{0};        ///< until the bucket is full again
    std::chrono::milliseconds retry_after{0};  ///< if refused: until one request passes
};

/// The state of a bucket.
struct BucketView {
    std::string owner;  ///< as passed to `Limiter::take`
    std::string name;
    int limit = 0;
    int remaining = 0;
    std::chrono::milliseconds reset{0};
};

/// Counts requests. A request takes one from its bucket and one from its owner's global window, or none if either is
/// empty.
class Limiter {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// `owner`: the user of the token, or the address. `bucket` may be empty: then only the global limit counts, and
    /// the verdict describes that.
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
        Time full{};  ///< when it is full again; `used` is valid until then
    };

    static std::optional<LimitVerdict> refusal(Time now, const Bucket& bucket, const LimitRule& rule);
    static LimitVerdict use(Time now, Bucket& bucket, const LimitRule& rule);

    void forget_idle(Time now);

    std::unordered_map<std::string, Bucket> buckets_;
    std::unordered_map<std::string, std::deque<Time>> owners_;  ///< times of the requests in the sliding window
    std::size_t until_sweep_ = 1024;
};

}  // namespace intent::sandbox
