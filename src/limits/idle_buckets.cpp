// Idle buckets: shrinks them after a moment and forgets them after some minutes.
#include "limits/bucket_table.hpp"

#include <chrono>
#include <utility>

namespace intent::limits {
namespace {

using namespace std::chrono_literals;

constexpr Duration rest_time = 1s;
constexpr Duration idle_time = 2min;
constexpr int steps_per_call = 2;  // each call adds at most one bucket

}  // namespace

void BucketTable::on_idle(Bucket* bucket, Time now) noexcept {
    bucket->idle_since = now;
    idle_.push_back(bucket);
}

void BucketTable::tidy(Time now) {
    tidy_idle(now);
    tidy_long_idle(now);
    tidy_resting(now);
}

void BucketTable::tidy_idle(Time now) {
    for (int i = 0; i < steps_per_call && !idle_.empty(); ++i) {
        auto* bucket = idle_.front();
        if (now - bucket->idle_since < rest_time) return;
        if (can_rest(bucket)) {
            rest(bucket);
        } else {
            idle_.remove(bucket);
            long_idle_.push_back(bucket);
        }
    }
}

void BucketTable::tidy_long_idle(Time now) {
    for (int i = 0; i < steps_per_call && !long_idle_.empty(); ++i) {
        auto* bucket = long_idle_.front();
        if (now - bucket->idle_since < idle_time) return;
        if (bucket->budget.forgettable(now)) {
            forget(bucket);
        } else {
            long_idle_.remove(bucket);
            bucket->idle_since = now;
            long_idle_.push_back(bucket);
        }
    }
}

void BucketTable::tidy_resting(Time now) {
    for (int i = 0; i < steps_per_call && !rests_.empty(); ++i) {
        const Rest rest = rests_.front();
        if (now - rest.idle_since < idle_time) return;
        rests_.pop_front();
        const auto place = resting_.find(rest.route_key);
        if (place == resting_.end() || place->second.idle_since != rest.idle_since) continue;
        auto& bucket = place->second;
        if (bucket.budget.forgettable(now)) {
            if (bucket.name != 0) named_.erase(bucket.name);
            if (bucket.family_key != 0) families_.erase(bucket.family_key);
            resting_.erase(place);
            --bucket_count_;
        } else {
            bucket.idle_since = now;
            rests_.push_back({rest.route_key, now});
        }
    }
}

bool BucketTable::can_rest(const Bucket* bucket) noexcept {
    const auto* route = bucket->routes;
    return route->sibling == nullptr && route->row == bucket->budget.row();
}

void BucketTable::rest(Bucket* bucket) {
    const RouteEntry* route = bucket->routes;
    const std::uint64_t key = route->key;
    rests_.push_back({key, bucket->idle_since});
    resting_.emplace(key, RestingBucket{std::move(bucket->budget), bucket->name, bucket->family_key, bucket->idle_since,
                                        route->named});
    note_place(*bucket, {.bucket = nullptr, .resting = key});
    idle_.remove(bucket);
    delete bucket;
    routes_.erase(key);
}

RouteEntry* BucketTable::wake(std::uint64_t route_key) {
    const auto place = resting_.find(route_key);
    RestingBucket& resting = place->second;
    auto* route = &routes_[route_key];
    auto* bucket = make_bucket(resting.budget.row());
    --bucket_count_;  // it was counted while it rested
    bucket->budget = std::move(resting.budget);
    bucket->name = resting.name;
    bucket->family_key = resting.family_key;
    route->key = route_key;
    route->row = bucket->budget.row();
    route->named = resting.named;
    join(route, bucket);
    note_place(*bucket, {.bucket = bucket});
    on_idle(bucket, resting.idle_since);
    resting_.erase(place);
    return route;
}

Bucket* BucketTable::bucket_at(Place& place) {
    if (place.bucket == nullptr && place.resting != 0) wake(place.resting);
    return place.bucket;
}

void BucketTable::note_place(const Bucket& bucket, Place place) {
    if (bucket.name != 0) named_.find(bucket.name)->second = place;
    if (bucket.family_key != 0) families_.find(bucket.family_key)->second = place;
}

void BucketTable::forget(Bucket* bucket) {
    while (bucket != nullptr) {
        auto* route = bucket->routes;
        if (route->sibling == nullptr) bucket = nullptr;
        leave(route, route->bucket);
        routes_.erase(route->key);
    }
}

}  // namespace intent::limits
