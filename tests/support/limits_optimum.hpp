// The end of a schedule that results are measured against: the earliest that the server permits, and the earliest that
// a client can know to be permitted.
#pragma once

#include "limits/server_clock.hpp"
#include "tests/support/limits_world.hpp"

#include <set>

namespace intent::inline v0::limits::sim {

/// What the planner of the schedule knows.
enum class Knows {
    everything,          ///< the server's rules and state, and every latency in advance
    what_answers_prove,  ///< see Optimum
};

/// Plays a plan greedily: sends each request as soon as it is allowed. Writes of a bucket wait for each other's answers
/// to keep their order. With `Knows::everything` no client can end earlier, but no client has that knowledge.
///
/// A client that must never cause a 429 can know only this (`Knows::what_answers_prove`):
///
/// - Before a bucket's first answer it knows no limit, because servers may have other limits than the table: its first
///   request goes alone. It does not know either whether POST, PATCH and DELETE of a channel's messages are one bucket,
///   in which writes keep their order: they go one after the other until two answers have named two buckets.
/// - A request was counted at some moment between its sending and its answer, and the next may arrive at once. So the
///   span of a window that begins with its first request, of a token, and of a slot of the sliding second counts from
///   the *answer*. That costs one round trip for each wait. (A client that assumes steady round trips regains some of
///   it, and may end before this optimum.)
/// - `Reset` has whole seconds, rounded in an unknown way, of a clock that `Date` gives to a second at first: a window
///   ends at `Reset` + 1 s by that clock at the latest (limits/server_clock.hpp). This helps if windows begin by the
///   clock. Once a window has certainly ended before one that began with our request could have, windows are known to
///   begin by the clock, and `Reset` is exact.
/// - That a bucket refills is known when its first wait is over.
class Optimum {
public:
    Optimum(Knows knows, const std::vector<Kind>& kinds, const std::vector<Planned>& plan, Latency up, Latency down,
            Duration wall_offset)
        : all_known_(knows == Knows::everything), plan_(plan), up_(up), down_(down), offset_(wall_offset) {
        for (std::size_t i = 0; i < plan.size(); ++i) {
            const auto& kind = kinds[plan[i].kind];
            auto& queue = queues_.try_emplace(kind.bucket, Queue{{}, Counter(kind.rule, wall_offset)}).first->second;
            queue.ids.push_back(i + 1);
            queue.ordered = kind.route.method != "GET";
            queue.name = kind.bucket;
            queue.family = family_of(kind);
            families_[queue.family].ids.insert(i + 1);
        }
    }

    Time end() {
        Time last{};
        for (std::size_t left = plan_.size(); left > 0; --left) {
            Queue* best = nullptr;
            Time when = Time::max();
            for (auto& [name, queue] : queues_) {
                if (queue.ids.empty()) continue;
                const auto arrival = earliest(queue);
                if (arrival >= when) continue;
                when = arrival;
                best = &queue;
            }
            last = std::max(last, admit(*best, when));
        }
        return last;
    }

private:
    struct Queue {
        std::deque<RequestId> ids;
        Counter counter;
        bool ordered = false;
        std::string name = {};
        std::string family = {};     // of writes to one channel's messages
        Time free = Time::min();     // when the next may be sent, apart from the limit
        Time proven = Time::min();   // when it may be sent, as far as the limit is known
        Time first_answer{};         // in this window
        Time full_at = Time::min();  // of a bucket that refills, as far as known
        bool waited = false;
        bool by_clock = false;  // proven: windows begin by the clock
    };

    /// Writes of one channel's messages, before it is known whether they are one bucket.
    struct Family {
        std::set<RequestId> ids;
        std::string named;  // the bucket of its first answer
        Time free = Time::min();
    };

    static std::string family_of(const Kind& kind) {
        const auto& key = kind.route.bucket_key;
        const auto path = key.find('/'), end = key.find("/messages");
        return end == std::string::npos || kind.route.method == "GET" ? key : key.substr(path, end - path);
    }

    const Rule& rule(const Queue& queue) const { return queue.counter.rule(); }
    bool refills(const Queue& queue) const {
        return rule(queue).model == Model::refill_until_full || rule(queue).model == Model::refill_next;
    }

    Time earliest(const Queue& queue) const {
        const auto id = queue.ids.front();
        auto send = std::max(plan_[id - 1].submit, queue.free);
        if (all_known_) {
            const auto arrival = send + up_.of(id);
            return global_.next_allowed(queue.counter.next_allowed(arrival));
        }
        send = std::max(send, queue.proven);
        const auto& family = families_.at(queue.family);
        const bool first = *family.ids.begin() == id;
        auto in_turn = first ? family.free : Time::max();
        if (queue.ordered) send = std::max(send, std::min(in_turn, apart_));
        if (send == Time::max()) return send;
        if (answers_.size() == 50) send = std::max(send, *answers_.begin() + 1s);
        return queue.counter.next_allowed(send + up_.of(id));
    }

    /// Counts the request and returns the arrival time of its answer.
    Time admit(Queue& queue, Time arrival) {
        const auto id = queue.ids.front();
        queue.ids.pop_front();
        const auto sent = arrival - up_.of(id), answered = arrival + down_.of(id);
        const bool opens = queue.counter.remaining(arrival) == rule(queue).limit;
        queue.counter.take(arrival);
        global_.take(arrival);
        if (queue.ordered || (!all_known_ && queue.full_at == Time::min())) queue.free = answered;
        if (all_known_) return answered;
        answers_.insert(answered);
        if (answers_.size() > 50) answers_.erase(answers_.begin());
        auto& family = families_.at(queue.family);
        family.ids.erase(id);
        family.free = std::max(family.free, answered);
        if (family.named.empty()) family.named = queue.name;
        if (family.named != queue.name) apart_ = std::min(apart_, answered);
        clock_.learn(sent, answered,
                     std::chrono::floor<std::chrono::seconds>(UnixTime(arrival.time_since_epoch() + offset_)));
        learn(queue, sent, arrival, answered, opens);
        return answered;
    }

    /// What the answer proves about when the next may be sent.
    void learn(Queue& queue, Time sent, Time arrival, Time answered, bool opens) {
        const auto token = rule(queue).window / rule(queue).limit;
        const auto reset = std::chrono::ceil<std::chrono::seconds>(
            UnixTime(queue.counter.reset(arrival).time_since_epoch() + offset_));
        if (opens || queue.full_at == Time::min()) {
            queue.first_answer = answered;
            queue.by_clock = queue.by_clock || (rule(queue).model == Model::window_by_clock &&
                                                clock_.latest(reset + 1s) < sent + rule(queue).window);
        }
        queue.full_at = std::max(queue.full_at, answered) + token;
        if (queue.counter.remaining(arrival) > 0) return;
        const auto window_over =
            std::min(queue.first_answer + rule(queue).window, clock_.latest(queue.by_clock ? reset : reset + 1s));
        const auto token_there = queue.full_at - token * (rule(queue).limit - 1);
        if (!refills(queue)) queue.proven = window_over;
        if (refills(queue)) queue.proven = queue.waited ? token_there : std::max(window_over, token_there);
        queue.waited = true;
    }

    bool all_known_;
    const std::vector<Planned>& plan_;
    Latency up_, down_;
    Duration offset_;
    std::map<std::string, Queue> queues_;
    std::map<std::string, Family> families_;
    Time apart_ = Time::max();     // when it was known that a family's routes have separate buckets
    std::multiset<Time> answers_;  // the last 50
    SlidingCounter global_{50, 1s};
    ServerClock clock_;
};

}  // namespace intent::limits::sim
