// Drives a limiter by hand. Each input returns its actions as text: "+1" starts, "=1" finishes, "!1:stopped" fails
// request 1.
#pragma once

#include "limits/limiter.hpp"
#include "tests/support/limits_server.hpp"

#include <string>
#include <vector>

namespace intent::inline v0::limits::sim {

inline Route route_of(const std::string& key) { return {.method = key.substr(0, key.find(' ')), .bucket_key = key}; }

inline const char* const post_message = "POST /channels/7/messages";
inline const char* const get_messages = "GET /channels/7/messages";

class Script {
public:
    explicit Script(Options options = {.seed = 1}) : limiter(options) {}

    Limiter limiter;
    Time now = Time(1000s);
    std::vector<Notice> notices;

    std::string submit(RequestId id, const Route& route) {
        limiter.on_submit(now, id, route, actions_);
        return take_actions();
    }
    std::string submit(RequestId id, const std::string& key) { return submit(id, route_of(key)); }

    std::string answer(RequestId id, int status, const Headers& headers = {}, const std::string& body = {}) {
        limiter.on_answer(now, id, {status, headers, body, our_wall()}, actions_);
        return take_actions();
    }
    std::string no_answer(RequestId id, NoAnswer how) {
        limiter.on_no_answer(now, id, how, actions_);
        return take_actions();
    }
    std::string cancel(RequestId id) {
        limiter.on_cancel(now, id, actions_);
        return take_actions();
    }
    std::string stop() {
        limiter.on_stop(now, actions_);
        return take_actions();
    }

    /// Lets time pass, calling `on_time` at each wake-up on the way.
    std::string pass(Duration duration) {
        const auto end = now + duration;
        for (auto wake = limiter.next_wake(); wake && *wake <= end; wake = limiter.next_wake()) {
            now = std::max(now, *wake);
            limiter.on_time(now, actions_);
        }
        now = end;
        return take_actions();
    }

    /// Headers of a bucket that resets in `reset_in`, from a server whose clock is `skew` ahead of ours.
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
    std::string take_actions() {
        static constexpr const char* reasons[] = {"cancelled", "stopped", "unauthorized", "too_long"};
        std::string text;
        for (const auto& action : std::exchange(actions_, {})) {
            const auto* notice = std::get_if<Notice>(&action);
            if (notice != nullptr) notices.push_back(*notice);
            if (notice != nullptr) continue;
            if (!text.empty()) text += ' ';
            if (const auto* start = std::get_if<Start>(&action)) text += '+' + std::to_string(start->id);
            if (const auto* finish = std::get_if<Finish>(&action)) text += '=' + std::to_string(finish->id);
            if (const auto* fail = std::get_if<Fail>(&action)) {
                text += '!' + std::to_string(fail->id) + ':' + reasons[int(fail->reason)];
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
