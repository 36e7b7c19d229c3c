// What a schedule's end is measured against: the earliest that the server permits, and the earliest at which a client
// can be sure that it does.
#pragma once

#include "limits/server_clock.hpp"
#include "tests/support/limits_world.hpp"

#include <set>

namespace intent::limits::sim {

/// Owner knowledge the schedule is made with.
enum class Knows {
    everything,          ///< the server's rules and state, and every latency beforehand
    what_answers_prove,  ///< see Optimum
};

/// Plays a plan greedily: each request is sent at the first moment that is allowed; writes of a bucket wait for each
/// other's answers, as keeping their order demands. Under
/// `Knows::everything` nobody ends earlier, but nobody can know it either: it takes a look into the server.
///
/// A client that must not earn a single 429 cannot tell more than this, `Knows::what_answers_prove`:
///
/// - Before a bucket's first answer it knows no limit (servers may have others than the table's): its first request
/// goes
///   alone. Nor does it know whether POST, PATCH and DELETE of a channel's messages are one bucket, in which writes
///   keep their order: they go one after the other until two answers have named two buckets.
/// - A request was counted at some moment between its sending and its answer, and the next may arrive at once. So of a
///   window that begins with its first request, of a token and of a slot of the sliding second, the span counts from
///   the *answer* on. That costs one round trip for each wait. (A client that trusts round trips to stay as they were
///   wins some of it back, and may end before this optimum.)
/// - `Reset` has whole seconds, rounded one way or another, of a clock that `Date` tells to a second at first: it
/// proves
///   a window's end at `Reset` + 1 s by that clock at its latest (limits/server_clock.hpp). That helps where windows
///   begin by the clock; and once a window has ended for certain before one that began with our request could have, it
///   is known that they do, and `Reset` is exact.
/// - That a bucket refills is known when its first wait is over.
class Optimum {
public:
    Optimum(Knows knows, const std::vector<Kind>& kinds, const std::vector<Planned>& plan, Latency up, Latency down,
            Duration wall_offset)
        : all_known_(knows == Knows::everything),
          kinds_(kinds),
          plan_(plan),
          up_(up),
          down_(down),
          offset_(wall_offset) {
        for (std::size_t i = 0; i < plan.size(); ++i) {
            const auto& kind = kinds[plan[i].kind];
            auto& line = lines_.try_emplace(kind.bucket, Line{{}, Counter(kind.law, wall_offset)}).first->second;
            line.tickets.push_back(i + 1);
            line.ordered = kind.route.method != "GET";
            line.name = kind.bucket;
            line.family = family_of(kind);
            families_[line.family].tickets.insert(i + 1);
        }
    }

    Time end() {
        Time last{};
        for (std::size_t left = plan_.size(); left > 0; --left) {
            Line* best = nullptr;
            Time when = Time::max();
            for (auto& [name, line] : lines_) {
                if (line.tickets.empty()) continue;
                const auto arrival = earliest(line);
                if (arrival >= when) continue;
                when = arrival;
                best = &line;
            }
            last = std::max(last, admit(*best, when));
        }
        return last;
    }

private:
    struct Line {
        std::deque<Ticket> tickets;
        Counter counter;
        bool ordered = false;
        std::string name = {};
        std::string family = {};     // of writes to one channel's messages
        Time free = Time::min();     // when the next may be sent, for other reasons than the limit
        Time proven = Time::min();   // when it may be sent, by what is known of the limit
        Time first_answer{};         // in this window
        Time full_at = Time::min();  // of tokens, as far as it is known
        bool waited = false;
        bool by_clock = false;  // is proven
    };

    /// Writes of one channel's messages, before it is known whether they are one bucket.
    struct Family {
        std::set<Ticket> tickets;
        std::string named;  // the bucket of its first answer
        Time free = Time::min();
    };

    static std::string family_of(const Kind& kind) {
        const auto& key = kind.route.bucket_key;
        const auto path = key.find('/'), end = key.find("/messages");
        return end == std::string::npos || kind.route.method == "GET" ? key : key.substr(path, end - path);
    }

    const Law& law(const Line& line) const { return line.counter.law(); }
    bool refills(const Line& line) const {
        return law(line).model == Model::refill_until_full || law(line).model == Model::refill_next;
    }

    Time earliest(const Line& line) const {
        const auto ticket = line.tickets.front();
        auto send = std::max(plan_[ticket - 1].submit, line.free);
        if (all_known_) {
            const auto arrival = send + up_.of(ticket);
            return global_.next_allowed(line.counter.next_allowed(arrival));
        }
        send = std::max(send, line.proven);
        const auto& family = families_.at(line.family);
        const bool first = *family.tickets.begin() == ticket;
        auto in_turn = first ? family.free : Time::max();
        if (line.ordered) send = std::max(send, std::min(in_turn, apart_));
        if (send == Time::max()) return send;
        if (answers_.size() == 50) send = std::max(send, *answers_.begin() + 1s);
        return line.counter.next_allowed(send + up_.of(ticket));
    }

    /// Counts the request and returns when its answer is there.
    Time admit(Line& line, Time arrival) {
        const auto ticket = line.tickets.front();
        line.tickets.pop_front();
        const auto sent = arrival - up_.of(ticket), answered = arrival + down_.of(ticket);
        const bool opens = line.counter.remaining(arrival) == law(line).limit;
        line.counter.take(arrival);
        global_.take(arrival);
        if (line.ordered || (!all_known_ && line.full_at == Time::min())) line.free = answered;
        if (all_known_) return answered;
        answers_.insert(answered);
        if (answers_.size() > 50) answers_.erase(answers_.begin());
        auto& family = families_.at(line.family);
        family.tickets.erase(ticket);
        family.free = std::max(family.free, answered);
        if (family.named.empty()) family.named = line.name;
        if (family.named != line.name) apart_ = std::min(apart_, answered);
        clock_.learn(sent, answered,
                     std::chrono::floor<std::chrono::seconds>(UnixTime(arrival.time_since_epoch() + offset_)));
        learn(line, sent, arrival, answered, opens);
        return answered;
    }

    /// What the answer proves about when the next may go.
    void learn(Line& line, Time sent, Time arrival, Time answered, bool opens) {
        const auto token = law(line).window / law(line).limit;
        const auto reset =
            std::chrono::ceil<std::chrono::seconds>(UnixTime(line.counter.reset(arrival).time_since_epoch() + offset_));
        if (opens || line.full_at == Time::min()) {
            line.first_answer = answered;
            line.by_clock = line.by_clock || (law(line).model == Model::window_by_clock &&
                                              clock_.latest(reset + 1s) < sent + law(line).window);
        }
        line.full_at = std::max(line.full_at, answered) + token;
        if (line.counter.remaining(arrival) > 0) return;
        const auto window_over =
            std::min(line.first_answer + law(line).window, clock_.latest(line.by_clock ? reset : reset + 1s));
        const auto token_there = line.full_at - token * (law(line).limit - 1);
        if (!refills(line)) line.proven = window_over;
        if (refills(line)) line.proven = line.waited ? token_there : std::max(window_over, token_there);
        line.waited = true;
    }

    bool all_known_;
    const std::vector<Kind>& kinds_;
    const std::vector<Planned>& plan_;
    Latency up_, down_;
    Duration offset_;
    std::map<std::string, Line> lines_;
    std::map<std::string, Family> families_;
    Time apart_ = Time::max();     // when it was known that a family's routes are buckets of their own
    std::multiset<Time> answers_;  // the last 50
    SlidingCounter global_{50, 1s};
    ServerClock clock_;
};

}  // namespace intent::limits::sim
