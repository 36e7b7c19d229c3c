// Assigns requests to routes and routes to buckets (protocol §10).
#pragma once

#include "limits/budget.hpp"
#include "limits/retry_policy.hpp"
#include "limits/wake_heap.hpp"

#include <array>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace intent::inline v0::limits {

struct Bucket;
struct RouteEntry;

/// One request, from its submission to its end.
struct Request {
    enum class State : std::uint8_t { queued, in_flight, between_tries };

    RequestId id = 0;
    RouteEntry* route = nullptr;
    Request* before = nullptr;  // in the bucket's queue
    Request* after = nullptr;
    Time submitted{};
    Time sent{};
    Time not_before = Time::min();  // earliest time of a retry
    Duration max_wait = Duration::max();
    std::uint32_t heap_index = not_in_heap;
    std::uint32_t token_generation = 0;  // when it was started
    State state = State::queued;
    Repeat repeat = Repeat::doubles;
    bool ordered = true;  // a write: alone in the bucket while in flight
    bool uses_token = true;
    bool probe = false;
    std::uint8_t limited_tries = 0;  // tries that ended with 429
    std::uint8_t failed_tries = 0;   // tries that ended without a usable answer
};

/// Requests in the order of their ids. Does not own them.
class RequestQueue {
public:
    Request* front() const noexcept { return front_; }
    std::size_t size() const noexcept { return size_; }

    /// Search the position from the back for a new request, from the front for one that returns: each is near that end.
    void add_new(Request* request) noexcept;
    void add_returned(Request* request) noexcept;
    void remove(Request* request) noexcept;
    void insert_before(Request* request, Request* next) noexcept;  ///< null: at the end. The caller ensures the order

private:
    Request* front_ = nullptr;
    Request* back_ = nullptr;
    std::size_t size_ = 0;
};

/// Buckets that wait for the same thing, first come first served.
class BucketList {
public:
    bool empty() const noexcept { return front_ == nullptr; }
    Bucket* front() const noexcept { return front_; }
    void push_back(Bucket* bucket) noexcept;
    void remove(Bucket* bucket) noexcept;

private:
    Bucket* front_ = nullptr;
    Bucket* back_ = nullptr;
};

/// A route pattern with its major ids, and the bucket that counts its requests (in all states, and in flight).
struct RouteEntry {
    std::uint64_t key = 0;
    Bucket* bucket = nullptr;
    const TableRow* row = nullptr;
    RouteEntry* sibling = nullptr;  // the next route of the bucket
    std::uint32_t alive = 0;
    std::uint32_t queued = 0;
    std::uint32_t in_flight = 0;
    std::uint32_t writers = 0;  // writes in flight
    bool named = false;         // the server has named its bucket
};

struct Bucket {
    Budget budget;
    RequestQueue queue = {};
    RouteEntry* routes = nullptr;
    Bucket* before = nullptr;  // in `list`
    Bucket* after = nullptr;
    BucketList* list = nullptr;
    Time idle_since{};
    std::uint64_t name = 0;        // hash of the server's id; 0: not named yet
    std::uint64_t family_key = 0;  // the key that the routes of a family find it by; 0: no family
    std::uint32_t alive = 0;
    std::uint32_t writers = 0;
    std::uint32_t impatient = 0;  // queued requests with a `max_wait`
    std::uint32_t heap_index = not_in_heap;
};

/// The next request to send: the first of the queue; null if the queue is empty. In a family's common bucket the last
/// slots are reserved for routes without a name from the server, so that it is soon known whether they share the bucket
/// at all.
Request* next_request(const Bucket& bucket) noexcept;

/// Finds a route's bucket, and applies the server's names for buckets. Routes of one family (Family) begin in one
/// bucket, so that the first request of one does not exceed a limit that another has used up. If the server keeps them
/// apart, they are separated, and those of other channels begin apart. Keys and names are kept as 64-bit hashes only:
/// if two collide, their routes share a bucket and are merely slower.
class BucketTable {
public:
    BucketTable() = default;
    ~BucketTable();
    BucketTable(const BucketTable&) = delete;
    BucketTable& operator=(const BucketTable&) = delete;

    RouteEntry* route(std::string_view bucket_key);

    /// The bucket of a known route; null if the route is unknown.
    const Bucket* find(std::string_view bucket_key) const;

    /// The server names the route's bucket. Moves the route with its requests, in order; a bucket without routes is
    /// removed. `probe`: the answered request, already out of flight, was the old bucket's probe. Returns the old
    /// bucket if it still exists.
    Bucket* rename(RouteEntry* route, std::string_view name, bool probe);

    /// Call after `rename` has found that a family's routes have separate buckets: separates all that are not named
    /// yet. Appends the buckets that changed; usually there are none.
    void split_families(std::vector<Bucket*>& changed);

    // What a bucket waits for. Each call replaces the previous one.

    /// For the gates. Buckets leave this state first come, first served.
    void set_ready(Bucket* bucket, bool uses_token) noexcept;
    /// For a time; `Time::max()`: for an answer.
    void set_waiting(Bucket* bucket, Time until);
    /// For its next request.
    void set_idle(Bucket* bucket, Time now) noexcept;

    Bucket* first_ready(bool uses_token) const noexcept;  ///< null: none is ready
    Bucket* first_due(Time now) const noexcept;           ///< null: no bucket's time has come
    Time next_due() const noexcept;                       ///< `Time::max()`: no bucket waits for a time

    /// Forgets buckets that have been idle for two minutes, if that loses nothing (`Budget::forgettable`): nothing
    /// blocks them and their window is over, so that a new bucket would be at least as strict. Handles a few per call,
    /// more than a call can add.
    void evict_idle(Time now);

    std::size_t bucket_count() const noexcept { return bucket_count_; }

private:
    Bucket* first_bucket(std::string_view bucket_key, const TableRow* row);
    Bucket* make_bucket(const TableRow* row);
    void join(RouteEntry* route, Bucket* bucket) noexcept;
    void note_split(const RouteEntry* route, const Bucket* from);
    void move_route(RouteEntry* route, Bucket* to, bool probe);
    void move_requests(RouteEntry* route, Bucket* from, Bucket* to);
    void leave(RouteEntry* route, Bucket* bucket) noexcept;
    void forget(Bucket* bucket);
    void discard(Bucket* bucket) noexcept;

    std::unordered_map<std::uint64_t, RouteEntry> routes_;
    std::unordered_map<std::uint64_t, Bucket*> named_;
    std::unordered_map<std::uint64_t, Bucket*> families_;
    std::array<bool, 3> family_split_{};  // by Family: the server has kept two of its routes apart
    bool split_pending_ = false;          // since the last `split_families`
    BucketList ready_with_token_, ready_without_token_, idle_;
    WakeHeap<Bucket> waiting_;
    std::size_t bucket_count_ = 0;
};

}  // namespace intent::limits
