// Drives a limiter by hand: each input returns what it wished, as text.
#pragma once

#include "limits/limiter.hpp"
#include "tests/support/limits_server.hpp"

#include <string>
#include <vector>

namespace intent::limits::sim {

inline Route route_of(const std::string& key) { return {.method = key.substr(0, key.find(' ')), .bucket_key = key}; }

inline const char* const post_message = "POST /channels/7/messages";
inline const char* const get_messages = "GET /channels/7/messages";

class Script {
public:
    explicit Script(Options options = {.seed = 1}) : limiter(options) {}

    Limiter limiter;
    Time now = Time(1000s);
    std::vector<Notice> notices;

    std::string submit(Ticket ticket, const Route& route) {
        limiter.on_submit(now, ticket, route, actions_);
        return wishes();
    }
    std::string submit(Ticket ticket, const std::string& key) { return submit(ticket, route_of(key)); }

    std::string answer(Ticket ticket, int status, const Headers& headers = {}, const std::string& body = {}) {
        limiter.on_answer(now, ticket, {status, headers, body, our_wall()}, actions_);
        return wishes();
    }
    std::string no_answer(Ticket ticket, NoAnswer how) {
        limiter.on_no_answer(now, ticket, how, actions_);
        return wishes();
    }
    std::string cancel(Ticket ticket) {
        limiter.on_cancel(now, ticket, actions_);
        return wishes();
    }
    std::string stop() {
        limiter.on_stop(now, actions_);
        return wishes();
    }

    /// Lets time pass, calling `on_time` at each wake-up on the way.
    std::string pass(Duration duration) {
        const auto end = now + duration;
        for (auto wake = limiter.next_wake(); wake && *wake <= end; wake = limiter.next_wake()) {
            now = std::max(now, *wake);
            limiter.on_time(now, actions_);
        }
        now = end;
        return wishes();
    }

    /// Headers of a bucket that is reset in `reset_in`, from a server whose clock is `skew` ahead of ours.
    Headers limits(int limit, int remaining, Duration reset_in, const std::string& bucket = "b",
                   Duration skew = 0s) const {
        const auto wall = WallTime(now.time_since_epoch() + 1'700'000'000s + skew);
        const auto reset = std::chrono::ceil<std::chrono::seconds>(wall + reset_in);
        return {{"date", http_date(wall)},
                {"x-ratelimit-limit", std::to_string(limit)},
                {"x-ratelimit-remaining", std::to_string(remaining)},
                {"x-ratelimit-reset", std::to_string(reset.time_since_epoch().count())},
                {"x-ratelimit-bucket", bucket},
                {"x-ratelimit-global", "false"}};
    }

    std::optional<Duration> until_wake() const {
        const auto wake = limiter.next_wake();
        if (!wake) return {};
        return std::max<Duration>(*wake - now, 0s);
    }

private:
    std::string wishes() {
        static constexpr const char* reasons[] = {"cancelled", "stopped", "unauthorized", "too_long"};
        std::string text;
        for (const auto& action : std::exchange(actions_, {})) {
            const auto* notice = std::get_if<Notice>(&action);
            if (notice != nullptr) notices.push_back(*notice);
            if (notice != nullptr) continue;
            if (!text.empty()) text += ' ';
            if (const auto* start = std::get_if<Start>(&action)) text += '+' + std::to_string(start->ticket);
            if (const auto* finish = std::get_if<Finish>(&action)) text += '=' + std::to_string(finish->ticket);
            if (const auto* fail = std::get_if<Fail>(&action)) {
                text += '!' + std::to_string(fail->ticket) + ':' + reasons[int(fail->reason)];
            }
        }
        return text;
    }

    std::chrono::system_clock::time_point our_wall() const {
        return std::chrono::system_clock::time_point(
            std::chrono::duration_cast<std::chrono::system_clock::duration>(now.time_since_epoch() + 1'700'000'000s));
    }

    Actions actions_;
};

}  // namespace intent::limits::sim
