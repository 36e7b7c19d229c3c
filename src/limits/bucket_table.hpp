// Assigns requests to routes and routes to buckets (protocol §10).
#pragma once

#include "limits/budget.hpp"
#include "limits/retry_policy.hpp"
#include "limits/wake_heap.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace intent::limits {

struct Bucket;
struct RouteEntry;

/// One request, from its submission to its end.
struct Request {
    enum class State : std::uint8_t { queued, in_flight, between_tries };

    Ticket ticket = 0;
    RouteEntry* route = nullptr;
    Request* before = nullptr;  // in the bucket's queue
    Request* after = nullptr;
    Time submitted{};
    Time sent{};
    Time not_before = Time::min();  // earliest time of a retry
    Duration max_wait = Duration::max();
    std::uint32_t heap_place = not_in_heap;
    std::uint32_t token_generation = 0;  // when it was started
    State state = State::queued;
    Repeat repeat = Repeat::doubles;
    bool ordered = true;  // a write: alone in the bucket while in flight
    bool uses_token = true;
    bool probe = false;
    std::uint8_t limited_tries = 0;  // tries that ended with 429
    std::uint8_t failed_tries = 0;   // tries that ended without a usable answer
};

/// Requests in ticket order. Does not own them.
class RequestQueue {
public:
    Request* front() const noexcept { return front_; }
    std::size_t size() const noexcept { return size_; }

    /// Searches the place from the back for a new request, from the front for one that returns: each is near that end.
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
    Bucket(const TableRow* row, Habits* habits) : budget(row, habits) {}

    /// The next request to send: the first of the queue. In a family's common bucket the last slots are reserved for
    /// routes without a name from the server, so that it is soon known whether they share the bucket at all.
    Request* next() const noexcept;

    Budget budget;
    RequestQueue queue;
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
    std::uint32_t heap_place = not_in_heap;
};

/// A bucket that has been idle for a while, with its one route, reduced to what its next use needs.
struct RestingBucket {
    Budget budget;
    std::uint64_t name;
    std::uint64_t family_key;
    Time idle_since;
    bool named;  // its route
};

/// Finds a route's bucket, and applies the server's names for buckets. Routes of one family (Family) begin in one
/// bucket, so that the first request of one does not exceed a limit that another has used up. If the server keeps them
/// apart, they are separated, and those of other channels begin apart. Keys and names are kept as 64-bit hashes only:
/// if two collide, their routes share a bucket and are merely slower.
///
/// Threads: distinct objects: safe. Shared objects: unsafe.
class BucketTable {
public:
    BucketTable() = default;
    ~BucketTable();
    BucketTable(const BucketTable&) = delete;
    BucketTable& operator=(const BucketTable&) = delete;

    RouteEntry* route(std::string_view bucket_key);

    struct Found {
        const Budget* budget = nullptr;  ///< null: the route is unknown
        std::uint32_t alive = 0;         ///< requests of the bucket
    };
    Found find(std::string_view bucket_key) const;

    /// The server names the route's bucket. Moves the route with its requests, in ticket order; a bucket without
    /// routes is removed. `probe`: the answered request, already out of flight, was the old bucket's probe. Returns
    /// the old bucket if it still exists.
    Bucket* rename(RouteEntry* route, std::string_view name, bool probe);

    /// Call after `rename` has found that a family's routes have separate buckets: separates all that are not named
    /// yet. Appends the buckets that changed; usually there are none.
    void part_families(std::vector<Bucket*>& changed);

    /// The bucket has nothing left to do.
    void on_idle(Bucket* bucket, Time now) noexcept;

    /// Forgets idle buckets and shrinks others: a few per call, more than a call can add.
    void tidy(Time now);

    std::size_t bucket_count() const noexcept { return bucket_count_; }

    // What buckets wait for. A bucket that is not idle is in one of the lists, in `timed`, or waits for an answer.
    BucketList ready_with_token, ready_without_token;
    WakeHeap<Bucket> timed;

private:
    /// Where a bucket with a name or key of its own is stored.
    struct Place {
        Bucket* bucket = nullptr;
        std::uint64_t resting = 0;  // its route's key, if there is no `bucket`
    };

    Bucket* bucket_at(Place& place);
    static bool can_rest(const Bucket* bucket) noexcept;
    void rest(Bucket* bucket);
    RouteEntry* wake(std::uint64_t route_key);
    void note_place(const Bucket& bucket, Place place);
    void forget(Bucket* bucket);
    void tidy_idle(Time now);
    void tidy_long_idle(Time now);
    void tidy_resting(Time now);

    Bucket* first_bucket(std::string_view bucket_key, const TableRow* row);
    Bucket* make_bucket(const TableRow* row);
    Habits* habits_of(const TableRow* row);
    void join(RouteEntry* route, Bucket* bucket) noexcept;
    void learn_families(const RouteEntry* route, const Bucket* from);
    void move_route(RouteEntry* route, Bucket* to, bool probe);
    void move_requests(RouteEntry* route, Bucket* from, Bucket* to);
    void leave(RouteEntry* route, Bucket* bucket) noexcept;
    void discard(Bucket* bucket) noexcept;

    std::unordered_map<std::uint64_t, RouteEntry> routes_;
    std::unordered_map<std::uint64_t, RestingBucket> resting_;  // by the route's key, which is then not in `routes_`
    std::unordered_map<std::uint64_t, Place> named_;
    std::unordered_map<std::uint64_t, Place> families_;
    std::unordered_map<const TableRow*, Habits> habits_;
    std::array<bool, 3> family_split_{};  // by Family: the server has kept two of its routes apart
    BucketList idle_, long_idle_;         // the second: buckets that cannot rest
    struct Rest {
        std::uint64_t route_key;
        Time idle_since;
    };
    std::deque<Rest> rests_;  // oldest first; void if the bucket no longer rests, or rests again since later
    bool parting_ = false;    // since the last `part_families`
    std::size_t bucket_count_ = 0;
};

}  // namespace intent::limits
