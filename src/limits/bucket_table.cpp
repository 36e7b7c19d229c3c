#include "limits/bucket_table.hpp"

#include <chrono>
#include <functional>
#include <utility>

namespace intent::inline v0::limits {
namespace {

constexpr Duration idle_time = std::chrono::minutes(2);
constexpr int evictions_per_call = 2;  // each call adds at most one bucket

std::uint64_t hash_of(std::string_view text) {
    const auto hash = static_cast<std::uint64_t>(std::hash<std::string_view>{}(text));
    return hash == 0 ? 1 : hash;
}

}  // namespace

void RequestQueue::insert_before(Request* request, Request* next) noexcept {
    request->after = next;
    request->before = next != nullptr ? next->before : back_;
    (request->before != nullptr ? request->before->after : front_) = request;
    (next != nullptr ? next->before : back_) = request;
    ++size_;
}

void RequestQueue::add_new(Request* request) noexcept {
    auto* earlier = back_;
    while (earlier != nullptr && earlier->id > request->id)
        earlier = earlier->before;
    insert_before(request, earlier != nullptr ? earlier->after : front_);
}

void RequestQueue::add_returned(Request* request) noexcept {
    auto* later = front_;
    while (later != nullptr && later->id < request->id)
        later = later->after;
    insert_before(request, later);
}

void RequestQueue::remove(Request* request) noexcept {
    (request->before != nullptr ? request->before->after : front_) = request->after;
    (request->after != nullptr ? request->after->before : back_) = request->before;
    request->before = request->after = nullptr;
    --size_;
}

Request* next_request(const Bucket& bucket) noexcept {
    auto* first = bucket.queue.front();
    if (bucket.family_key == 0 || bucket.name == 0 || first == nullptr || !first->route->named) return first;
    std::uint32_t unnamed = 0;
    for (const auto* route = bucket.routes; route != nullptr; route = route->sibling) {
        if (!route->named && route->queued > 0 && route->in_flight == 0) ++unnamed;
    }
    const auto left = bucket.budget.remaining().value_or(0);
    if (left == 0 || left > unnamed) return first;
    auto* request = first;
    while (request->route->named || request->route->in_flight > 0)
        request = request->after;
    return request;
}

void BucketList::push_back(Bucket* bucket) noexcept {
    bucket->list = this;
    bucket->before = back_;
    bucket->after = nullptr;
    (back_ != nullptr ? back_->after : front_) = bucket;
    back_ = bucket;
}

void BucketList::remove(Bucket* bucket) noexcept {
    (bucket->before != nullptr ? bucket->before->after : front_) = bucket->after;
    (bucket->after != nullptr ? bucket->after->before : back_) = bucket->before;
    bucket->before = bucket->after = nullptr;
    bucket->list = nullptr;
}

BucketTable::~BucketTable() {
    // Each bucket has at least one route; the last one removes the bucket.
    for (auto& [key, route] : routes_)
        leave(&route, route.bucket);
}

RouteEntry* BucketTable::route(std::string_view bucket_key) {
    const std::uint64_t key = hash_of(bucket_key);
    if (const auto known = routes_.find(key); known != routes_.end()) return &known->second;
    const TableRow* row = table_row(bucket_key);
    Bucket* bucket = first_bucket(bucket_key, row);
    auto* route = &routes_[key];
    route->key = key;
    route->row = row;
    join(route, bucket);
    return route;
}

Bucket* BucketTable::make_bucket(const TableRow* row) {
    auto* bucket = new Bucket{.budget = Budget(row)};
    ++bucket_count_;
    return bucket;
}

Bucket* BucketTable::first_bucket(std::string_view bucket_key, const TableRow* row) {
    const auto family = row != nullptr ? row->family : Family::none;
    std::uint64_t key = 0;
    if (family != Family::none && !family_split_[std::size_t(family)]) {
        key = hash_of(family_key(bucket_key)) + std::uint64_t(family);
        if (const auto found = families_.find(key); found != families_.end()) return found->second;
    }
    auto* bucket = make_bucket(row);
    bucket->family_key = key;
    if (key != 0) families_[key] = bucket;
    return bucket;
}

void BucketTable::join(RouteEntry* route, Bucket* bucket) noexcept {
    route->bucket = bucket;
    route->sibling = bucket->routes;
    bucket->routes = route;
}

const Bucket* BucketTable::find(std::string_view bucket_key) const {
    const auto known = routes_.find(hash_of(bucket_key));
    return known != routes_.end() ? known->second.bucket : nullptr;
}

Bucket* BucketTable::rename(RouteEntry* route, std::string_view name, bool probe) {
    const auto hash = hash_of(name);
    auto* from = route->bucket;
    const bool first_name = !std::exchange(route->named, true);
    if (from->name == hash) return nullptr;
    Bucket*& to = named_[hash];
    if (to == nullptr && from->name == 0) {
        from->name = hash;
        from->budget.set_row(route->row);
        to = from;
        return nullptr;
    }
    if (to == nullptr) {
        to = make_bucket(route->row);
        to->name = hash;
    }
    if (first_name && from->name != 0) note_split(route, from);
    const bool last = from->routes == route && route->sibling == nullptr;
    move_route(route, to, probe);
    return last ? nullptr : from;
}

void BucketTable::move_route(RouteEntry* route, Bucket* to, bool probe) {
    auto* from = route->bucket;
    from->budget.release(route->in_flight, probe);
    to->budget.adopt(route->in_flight);
    if (route->row != nullptr && route->row->second_limit > 0) to->budget.take_second_limit(from->budget);
    move_requests(route, from, to);
    leave(route, from);
    join(route, to);
    if (to->list == &idle_) idle_.remove(to);
}

void BucketTable::split_families(std::vector<Bucket*>& changed) {
    if (!std::exchange(split_pending_, false)) return;
    std::vector<RouteEntry*> unnamed;
    for (const auto& [key, bucket] : families_) {
        if (!family_split_[std::size_t(bucket->budget.row()->family)]) continue;
        changed.push_back(bucket);
        // Named routes, and routes with requests in flight, stay. If there are none, one other route stays.
        const auto may_go = [](const RouteEntry* route) { return !route->named && route->in_flight == 0; };
        bool one_stays = true;
        for (auto* route = bucket->routes; route != nullptr; route = route->sibling)
            one_stays = one_stays && may_go(route);
        for (auto* route = bucket->routes; route != nullptr; route = route->sibling) {
            if (may_go(route) && !std::exchange(one_stays, false)) unnamed.push_back(route);
        }
    }
    for (auto* route : unnamed) {
        auto* bucket = make_bucket(route->row);
        move_route(route, bucket, false);
        changed.push_back(bucket);
    }
}

void BucketTable::note_split(const RouteEntry* route, const Bucket* from) {
    const bool shared = from->routes != route || route->sibling != nullptr;
    const auto* row = from->budget.row();
    if (!shared || from->family_key == 0 || row == nullptr) return;
    auto& split = family_split_[std::size_t(row->family)];
    split_pending_ = split_pending_ || !split;
    split = true;
}

void BucketTable::move_requests(RouteEntry* route, Bucket* from, Bucket* to) {
    from->alive -= route->alive;
    to->alive += route->alive;
    from->writers -= route->writers;
    to->writers += route->writers;
    if (route->alive == 0) return;
    if (to->queue.front() == nullptr && from->routes == route && route->sibling == nullptr) {
        std::swap(from->queue, to->queue);
        std::swap(from->impatient, to->impatient);
        return;
    }
    auto* later = to->queue.front();
    for (auto* request = from->queue.front(); request != nullptr;) {
        auto* next = request->after;
        if (request->route == route) {
            from->queue.remove(request);
            while (later != nullptr && later->id < request->id)
                later = later->after;
            to->queue.insert_before(request, later);
            if (request->max_wait != Duration::max()) {
                --from->impatient;
                ++to->impatient;
            }
        }
        request = next;
    }
}

void BucketTable::leave(RouteEntry* route, Bucket* bucket) noexcept {
    auto** link = &bucket->routes;
    while (*link != route)
        link = &(*link)->sibling;
    *link = route->sibling;
    route->sibling = nullptr;
    if (bucket->routes == nullptr) discard(bucket);
}

void BucketTable::set_ready(Bucket* bucket, bool uses_token) noexcept {
    if (bucket->list != nullptr) bucket->list->remove(bucket);
    waiting_.remove(bucket);
    (uses_token ? ready_with_token_ : ready_without_token_).push_back(bucket);
}

void BucketTable::set_waiting(Bucket* bucket, Time until) {
    if (bucket->list != nullptr) bucket->list->remove(bucket);
    if (until == Time::max())
        waiting_.remove(bucket);
    else
        waiting_.set(bucket, until);
}

void BucketTable::set_idle(Bucket* bucket, Time now) noexcept {
    if (bucket->list != nullptr) bucket->list->remove(bucket);
    waiting_.remove(bucket);
    bucket->idle_since = now;
    idle_.push_back(bucket);
}

Bucket* BucketTable::first_ready(bool uses_token) const noexcept {
    return (uses_token ? ready_with_token_ : ready_without_token_).front();
}

Bucket* BucketTable::first_due(Time now) const noexcept { return next_due() <= now ? waiting_.top() : nullptr; }

Time BucketTable::next_due() const noexcept { return waiting_.empty() ? Time::max() : waiting_.top_time(); }

void BucketTable::evict_idle(Time now) {
    for (int i = 0; i < evictions_per_call; ++i) {
        auto* bucket = idle_.front();
        if (bucket == nullptr || now - bucket->idle_since < idle_time) return;
        if (bucket->budget.forgettable(now))
            forget(bucket);
        else
            set_idle(bucket, now);
    }
}

void BucketTable::forget(Bucket* bucket) {
    while (bucket != nullptr) {
        auto* route = bucket->routes;
        if (route->sibling == nullptr) bucket = nullptr;
        leave(route, route->bucket);
        routes_.erase(route->key);
    }
}

void BucketTable::discard(Bucket* bucket) noexcept {
    if (bucket->list != nullptr) bucket->list->remove(bucket);
    waiting_.remove(bucket);
    if (bucket->name != 0) named_.erase(bucket->name);
    if (bucket->family_key != 0) families_.erase(bucket->family_key);
    delete bucket;
    --bucket_count_;
}

}  // namespace intent::limits
