// A server that enforces protocol §10 exactly, in virtual time, and counts the requests that exceed a limit.
#pragma once

#include "limits/limiter.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace intent::inline v0::limits::sim {

using namespace std::chrono_literals;
using Headers = std::vector<std::pair<std::string, std::string>>;
using WallTime = std::chrono::sys_time<std::chrono::nanoseconds>;

/// How a server enforces one limit. All models are in use; the headers do not contain the model.
enum class Model {
    window_from_first,  ///< a window begins with the first request after the end of the previous one
    window_by_clock,    ///< windows begin at whole multiples of their length by the server's clock
    refill_until_full,  ///< a token is added at fixed intervals; `Reset` is when the bucket is full
    refill_next,        ///< likewise; `Reset` is when the next token is added
};

enum class Rounding { up, down, nearest };

/// A limit and its model.
struct Rule {
    std::uint32_t limit = 0;
    Duration window{};
    Model model = Model::window_from_first;
};

/// One limit's counter.
class Counter {
public:
    Counter(Rule rule, Duration wall_offset) : rule_(rule), offset_(wall_offset) {}

    /// The earliest time, `now` or later, at which a request is admitted.
    Time next_allowed(Time now) const {
        if (refills()) return std::max(now, full_at_ - token() * (rule_.limit - 1));
        return now >= end_ || used_ < rule_.limit ? now : end_;
    }

    void take(Time now) {
        if (refills()) {
            full_at_ = std::max(full_at_, now) + token();
        } else if (now >= end_) {
            end_ = rule_.model == Model::window_from_first ? now + rule_.window : next_multiple(now);
            used_ = 1;
        } else {
            ++used_;
        }
    }

    std::uint32_t remaining(Time now) const {
        if (!refills()) return now >= end_ ? rule_.limit : rule_.limit - used_;
        const auto missing = std::max<Duration>(full_at_ - now, Duration{});
        return rule_.limit - static_cast<std::uint32_t>((missing + token() - 1ns) / token());
    }

    Time reset(Time now) const {
        if (!refills()) return end_;
        if (rule_.model == Model::refill_until_full) return std::max(now, full_at_);
        const auto missing = std::max<Duration>(full_at_ - now, Duration{});
        return missing == 0ns ? now : now + (missing - 1ns) % token() + 1ns;
    }

    const Rule& rule() const { return rule_; }

private:
    bool refills() const { return rule_.model == Model::refill_until_full || rule_.model == Model::refill_next; }
    Duration token() const { return rule_.window / rule_.limit; }
    Time next_multiple(Time now) const {
        const auto wall = now.time_since_epoch() + offset_;
        return Time((wall / rule_.window + 1) * rule_.window - offset_);
    }

    Rule rule_;
    Duration offset_;
    Time end_ = Time::min();
    std::uint32_t used_ = 0;
    Time full_at_{};
};

/// At most `limit` in any span, by arrival.
class SlidingCounter {
public:
    SlidingCounter(std::size_t limit, Duration span) : limit_(limit), span_(span) {}

    Time next_allowed(Time now) const {
        return taken_.size() < limit_ ? now : std::max(now, taken_[taken_.size() - limit_] + span_);
    }
    void take(Time now) {
        taken_.push_back(now);
        if (taken_.size() > limit_) taken_.pop_front();
    }

private:
    std::size_t limit_;
    Duration span_;
    std::deque<Time> taken_;
};

struct Reply {
    int status = 200;
    Headers headers;
    std::string body;
};

inline std::string http_date(WallTime at) {
    static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
    const auto days = std::chrono::floor<std::chrono::days>(seconds);
    const std::chrono::year_month_day date{days};
    const std::chrono::hh_mm_ss time{seconds - days};
    char text[64];
    std::snprintf(text, sizeof text, "Thu, %02u %s %04d %02d:%02d:%02d GMT", unsigned(date.day()),
                  months[unsigned(date.month()) - 1], int(date.year()), int(time.hours().count()),
                  int(time.minutes().count()), int(time.seconds().count()));
    return text;
}

class Server {
public:
    /// `wall_offset`: the server's wall clock minus the virtual steady clock.
    Server(Duration wall_offset, Rounding rounding) : offset_(wall_offset), rounding_(rounding) {}

    std::size_t violations = 0;

    WallTime wall(Time at) const { return WallTime(at.time_since_epoch() + offset_); }

    /// A request reaches the server. `name`: the bucket's id, empty for a route without a limit of its own.
    Reply receive(Time now, const std::string& name, const Rule& rule, bool uses_token) {
        Reply reply;
        reply.headers.emplace_back("date", http_date(wall(now)));
        const auto global_opens = uses_token ? global_.next_allowed(now) : now;
        if (global_opens > now) return refuse(reply, global_opens - now, true);
        if (name.empty()) {
            if (uses_token) global_.take(now);
            return reply;
        }
        auto& counter = counters_.try_emplace(name, rule, offset_).first->second;
        const auto opens = counter.next_allowed(now);
        if (opens <= now) {
            counter.take(now);
            if (uses_token) global_.take(now);
        }
        add_headers(reply, name, counter, now);
        return opens > now ? refuse(reply, opens - now, false) : reply;
    }

private:
    void add_headers(Reply& reply, const std::string& name, const Counter& counter, Time now) const {
        const auto at = std::chrono::duration<double>(wall(counter.reset(now)).time_since_epoch()).count();
        const double whole = rounding_ == Rounding::up     ? std::ceil(at)
                             : rounding_ == Rounding::down ? std::floor(at)
                                                           : std::round(at);
        reply.headers.emplace_back("x-ratelimit-limit", std::to_string(counter.rule().limit));
        reply.headers.emplace_back("x-ratelimit-remaining", std::to_string(counter.remaining(now)));
        reply.headers.emplace_back("x-ratelimit-reset", std::to_string(static_cast<long long>(whole)));
        reply.headers.emplace_back("x-ratelimit-bucket", name);
        reply.headers.emplace_back("x-ratelimit-global", "false");
    }

    Reply refuse(Reply reply, Duration wait, bool global) {
        ++violations;
        const auto seconds = std::to_string(std::chrono::duration<double>(wait).count());
        reply.status = 429;
        reply.headers.emplace_back("retry-after", seconds);
        reply.body = R"({"error":"slow down","code":"RATE_LIMITED","retry_after":)" + seconds +
                     (global ? R"(,"global":true})" : R"(,"global":false})");
        return reply;
    }

    Duration offset_;
    Rounding rounding_;
    SlidingCounter global_{50, 1s};
    std::map<std::string, Counter> counters_;
};

}  // namespace intent::limits::sim
