// A limiter, a server and the network between them, in virtual time.
#pragma once

#include "tests/support/limits_server.hpp"

#include <functional>
#include <queue>
#include <random>

namespace intent::inline v0::limits::sim {

/// One kind of request of a schedule.
struct Kind {
    Route route;
    std::string bucket;  ///< the server's id
    Rule rule;
};

struct Planned {
    Time submit;
    std::size_t kind = 0;
};

/// The latency of a message, one way. A message of a schedule has the same latency in every run of it.
struct Latency {
    Duration min{}, max{};
    std::uint64_t seed = 0;
    Duration of(RequestId id) const {
        auto mixed = (seed * 0x9E3779B97F4A7C15u) ^ ((id + 1) * 0xBF58476D1CE4E5B9u);
        mixed = (mixed ^ (mixed >> 31)) * 0x94D049BB133111EBu;
        mixed ^= mixed >> 30;
        return min + Duration(static_cast<Duration::rep>(mixed % static_cast<std::uint64_t>((max - min).count() + 1)));
    }
};

struct Outcome {
    Time finished{};
    std::size_t violations = 0;
    std::size_t completed = 0;
    std::size_t refused = 0;  ///< ended with a 429
    std::size_t ended_twice = 0;
    bool orderly = true;  ///< writes of each route were admitted in the order of their ids
    bool wedged = false;  ///< requests were left, but no wake-up was scheduled
};

/// Plays a schedule against a server and returns the outcome. Ids are the positions in the plan, from 1 on.
class World {
public:
    World(Server& server, std::vector<Kind> kinds, Latency up, Latency down, std::uint64_t seed)
        : server_(server), kinds_(std::move(kinds)), up_(up), down_(down), limiter_({.seed = seed}) {}

    /// Called for each arriving request, before the server. May answer in its place, to inject a fault.
    std::function<std::optional<Reply>(Time now, RequestId id)> intercept;

    /// Called with each answer as the server sends it.
    std::function<void(Time now, RequestId id, const Reply& reply)> observe;

    /// Schedules another event, such as a request of another client.
    void at(Time when, std::function<void()> event) { push(when, std::move(event)); }

    Outcome play(const std::vector<Planned>& plan) {
        left_ = plan.size();
        ended_.assign(plan.size() + 1, false);
        plan_ = &plan;
        for (std::size_t i = 0; i < plan.size(); ++i) {
            push(plan[i].submit,
                 [this, i] { limiter_.on_submit(now_, i + 1, kinds_[(*plan_)[i].kind].route, actions_); });
        }
        while (left_ > 0) {
            const auto wake = limiter_.next_wake();
            if (events_.empty() && !wake) {
                outcome_.wedged = true;
                break;
            }
            if (wake && (events_.empty() || *wake < events_.top().when)) {
                now_ = std::max(now_, *wake);
                limiter_.on_time(now_, actions_);
            } else {
                auto event = events_.top();
                events_.pop();
                now_ = event.when;
                event.run();
            }
            carry_out();
        }
        outcome_.violations = server_.violations;
        return outcome_;
    }

    Limiter& limiter() { return limiter_; }
    Time now() const { return now_; }

private:
    struct Event {
        Time when;
        std::uint64_t order;
        std::function<void()> run;
        bool operator<(const Event& other) const {
            return when != other.when ? when > other.when : order > other.order;
        }
    };

    void push(Time when, std::function<void()> run) { events_.push({when, next_order_++, std::move(run)}); }

    void carry_out() {
        for (const auto& action : std::exchange(actions_, {})) {
            if (const auto* start = std::get_if<Start>(&action)) send(start->id);
            if (const auto* finish = std::get_if<Finish>(&action)) end(finish->id);
            if (const auto* fail = std::get_if<Fail>(&action)) end(fail->id);
        }
    }

    void send(RequestId id) {
        push(now_ + up_.of(id), [this, id] { arrive(id); });
    }

    void arrive(RequestId id) {
        const auto& kind = kinds_[(*plan_)[id - 1].kind];
        auto reply = intercept ? intercept(now_, id) : std::nullopt;
        if (!reply) reply = server_.receive(now_, kind.bucket, kind.rule, kind.route.uses_token);
        if (reply->status == 200 && kind.route.method != "GET") {
            auto& last = last_admitted_[kind.route.bucket_key];
            if (id < last) outcome_.orderly = false;
            last = id;
        }
        if (observe) observe(now_, id, *reply);
        push(now_ + down_.of(id), [this, id, answer = *reply] {
            last_status_ = answer.status;
            limiter_.on_answer(now_, id, {answer.status, answer.headers, answer.body, our_wall()}, actions_);
        });
    }

    void end(RequestId id) {
        if (ended_[id]) ++outcome_.ended_twice;
        if (ended_[id]) return;
        ended_[id] = true;
        if (last_status_ == 429) ++outcome_.refused;
        ++outcome_.completed;
        outcome_.finished = now_;
        --left_;
    }

    std::chrono::system_clock::time_point our_wall() const {
        return std::chrono::system_clock::time_point(
            std::chrono::duration_cast<std::chrono::system_clock::duration>(now_.time_since_epoch() + 1'700'000'000s));
    }

    Server& server_;
    std::vector<Kind> kinds_;
    Latency up_, down_;
    Limiter limiter_;
    const std::vector<Planned>* plan_ = nullptr;
    std::priority_queue<Event> events_;
    std::uint64_t next_order_ = 0;
    Time now_{};
    Actions actions_;
    std::vector<bool> ended_;
    std::map<std::string, RequestId> last_admitted_;
    std::size_t left_ = 0;
    int last_status_ = 0;
    Outcome outcome_;
};

}  // namespace intent::limits::sim
