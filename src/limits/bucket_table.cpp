#include "limits/bucket_table.hpp"

#include <functional>

namespace intent::limits {
namespace {

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
    while (earlier != nullptr && earlier->ticket > request->ticket)
        earlier = earlier->before;
    insert_before(request, earlier != nullptr ? earlier->after : front_);
}

void RequestQueue::add_returned(Request* request) noexcept {
    auto* later = front_;
    while (later != nullptr && later->ticket < request->ticket)
        later = later->after;
    insert_before(request, later);
}

void RequestQueue::remove(Request* request) noexcept {
    (request->before != nullptr ? request->before->after : front_) = request->after;
    (request->after != nullptr ? request->after->before : back_) = request->before;
    request->before = request->after = nullptr;
    --size_;
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
    // Each bucket has at least one route; its last one takes it along.
    for (auto& [key, route] : routes_)
        leave(&route, route.bucket);
}

RouteEntry* BucketTable::route(std::string_view bucket_key) {
    const auto [place, is_new] = routes_.try_emplace(hash_of(bucket_key));
    auto* route = &place->second;
    if (is_new) {
        auto* bucket = new Bucket(table_row(bucket_key));
        ++bucket_count_;
        route->key = place->first;
        route->bucket = bucket;
        bucket->routes = route;
    }
    return route;
}

const RouteEntry* BucketTable::find(std::string_view bucket_key) const {
    const auto found = routes_.find(hash_of(bucket_key));
    return found == routes_.end() ? nullptr : &found->second;
}

Bucket* BucketTable::rename(RouteEntry* route, std::string_view name, bool probe) {
    const auto hash = hash_of(name);
    auto* from = route->bucket;
    if (from->name == hash) return nullptr;
    auto& named = named_[hash];
    if (named == nullptr && from->name == 0) {
        from->name = hash;
        named = from;
        return nullptr;
    }
    if (named == nullptr) {
        named = new Bucket(from->budget.row());
        ++bucket_count_;
        named->name = hash;
    }
    auto* to = named;
    from->budget.release(route->in_flight, probe);
    to->budget.adopt(route->in_flight);
    move_requests(route, from, to);
    const bool last = from->routes == route && route->sibling == nullptr;
    leave(route, from);
    route->bucket = to;
    route->sibling = to->routes;
    to->routes = route;
    if (to->list == &idle) idle.remove(to);
    return last ? nullptr : from;
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
    auto* place = to->queue.front();
    for (auto* request = from->queue.front(); request != nullptr;) {
        auto* next = request->after;
        if (request->route == route) {
            from->queue.remove(request);
            while (place != nullptr && place->ticket < request->ticket)
                place = place->after;
            to->queue.insert_before(request, place);
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
    timed.remove(bucket);
    if (bucket->name != 0) named_.erase(bucket->name);
    delete bucket;
    --bucket_count_;
}

}  // namespace intent::limits
