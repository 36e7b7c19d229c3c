// Requests, routes and buckets, and which of them belong together (protocol §10).
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
    Time not_before = Time::min();  // a retry waits until then
    Duration max_wait = Duration::max();
    std::uint32_t heap_place = not_in_heap;
    std::uint32_t token_generation = 0;  // when it was started
    State state = State::queued;
    Repeat repeat = Repeat::doubles;
    bool ordered = true;  // writes: alone in the bucket while in flight
    bool uses_token = true;
    bool probe = false;
    std::uint8_t limited_tries = 0;  // that ended with 429
    std::uint8_t failed_tries = 0;   // that ended without use
};

/// Requests in ticket order. Owns nothing.
class RequestQueue {
public:
    Request* front() const noexcept { return front_; }
    std::size_t size() const noexcept { return size_; }

    /// Finds the place from the back for a new request, from the front for one that returns: both are near it.
    void add_new(Request* request) noexcept;
    void add_returned(Request* request) noexcept;
    void remove(Request* request) noexcept;
    void insert_before(Request* request, Request* next) noexcept;  ///< null: at the end. The caller keeps the order

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

/// A route pattern with its major ids. Where its requests are counted, in all states and in flight.
struct RouteEntry {
    std::uint64_t key = 0;
    Bucket* bucket = nullptr;
    const TableRow* row = nullptr;
    RouteEntry* sibling = nullptr;  // the next route of the bucket
    std::uint32_t alive = 0;
    std::uint32_t queued = 0;
    std::uint32_t in_flight = 0;
    std::uint32_t writers = 0;  // of those in flight
    bool named = false;         // the server has said which bucket it belongs to
};

struct Bucket {
    Bucket(const TableRow* row, Habits* habits) : budget(row, habits) {}

    /// The request to go next: the first of the queue. In a family's common bucket the last slots are kept for routes
    /// that the server has not named yet, so that it is soon known whether they share the bucket at all.
    Request* next() const noexcept;

    Budget budget;
    RequestQueue queue;
    RouteEntry* routes = nullptr;
    Bucket* before = nullptr;  // in `list`
    Bucket* after = nullptr;
    BucketList* list = nullptr;
    Time idle_since{};
    std::uint64_t name = 0;        // hash of the server's id; 0: not named yet
    std::uint64_t family_key = 0;  // under which the routes of a family find it; 0: none
    std::uint32_t alive = 0;
    std::uint32_t writers = 0;
    std::uint32_t impatient = 0;  // queued requests with a `max_wait`
    std::uint32_t heap_place = not_in_heap;
};

/// A bucket that has been idle for a while, with its one route: what has to be known when it is used again.
struct RestingBucket {
    Budget budget;
    std::uint64_t name;
    std::uint64_t family_key;
    Time idle_since;
    bool named;  // its route
};

/// Finds a route's bucket, and follows the server's names for buckets. Routes of one family (Family) begin in one
/// bucket, lest the first request of one meets a limit that another has used up; when a server turns out to keep them
/// apart, each goes its way, and those of other channels begin apart. Keys and names are kept as 64-bit hashes only:
/// should two collide, their routes share a bucket and are merely slower.
///
/// Threads: Distinct objects: safe. Shared objects: unsafe.
class BucketTable {
public:
    BucketTable() = default;
    ~BucketTable();
    BucketTable(const BucketTable&) = delete;
    BucketTable& operator=(const BucketTable&) = delete;

    RouteEntry* route(std::string_view bucket_key);

    struct Found {
        const Budget* budget = nullptr;  ///< null: nothing is known of the route
        std::uint32_t alive = 0;         ///< requests of the bucket
    };
    Found find(std::string_view bucket_key) const;

    /// The server says that the route belongs to this bucket. Moves the route with its requests, in ticket order; a
    /// bucket without a route is gone. `probe`: the answered request, already out of flight, was the old bucket's
    /// probe. Returns the bucket that was left if it is still there.
    Bucket* rename(RouteEntry* route, std::string_view name, bool probe);

    /// After `rename` has found out that a family's routes are apart: parts all that are not named yet. Appends the
    /// buckets that have changed; usually there are none.
    void part_families(std::vector<Bucket*>& changed);

    /// Nothing is to be done for the bucket any more.
    void on_idle(Bucket* bucket, Time now) noexcept;

    /// Forgets idle buckets, and makes others small: a few with each call, more than each call can add.
    void tidy(Time now);

    std::size_t bucket_count() const noexcept { return bucket_count_; }

    // What buckets wait for. A bucket that is not idle is in one of the lists, in `timed`, or waits for an answer.
    BucketList ready_with_token, ready_without_token;
    WakeHeap<Bucket> timed;

private:
    /// Where a bucket is that is found by a name or key of its own.
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
    std::unordered_map<std::uint64_t, RestingBucket> resting_;  // by the route's key, which `routes_` has not then
    std::unordered_map<std::uint64_t, Place> named_;
    std::unordered_map<std::uint64_t, Place> families_;
    std::unordered_map<const TableRow*, Habits> habits_;
    std::array<bool, 3> family_split_{};  // by Family: the server has told two routes of one apart
    BucketList idle_, long_idle_;         // the second: those that cannot rest
    struct Rest {
        std::uint64_t route_key;
        Time idle_since;
    };
    std::deque<Rest> rests_;  // the oldest first; void if the bucket does not rest any more, or again since later
    bool parting_ = false;    // since the last `part_families`
    std::size_t bucket_count_ = 0;
};

}  // namespace intent::limits
