// A limiter with checks: each request ends exactly once, each route keeps its order, and while anything waits an
// answer or a wake-up is pending.
#pragma once

#include "fuzz/support.hpp"
#include "limits/limiter.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace intent::fuzz {

using Headers = std::vector<std::pair<std::string, std::string>>;

class LimiterWatch {
public:
    explicit LimiterWatch(limits::Options options) : limiter_(options) {}

    limits::Time now{std::chrono::seconds(1000)};

    void submit(limits::RequestId id, const limits::Route& route) {
        if (!requests_.contains(id)) requests_[id].route = route;
        limiter_.on_submit(now, id, route, actions_);
        look();
    }
    void answer(limits::RequestId id, int status, const Headers& headers = {}, std::string_view body = {},
                std::chrono::system_clock::time_point received = {}) {
        answered_ = id;
        limiter_.on_answer(now, id, {status, headers, body, received}, actions_);
        landed(id);
    }
    void no_answer(limits::RequestId id, limits::NoAnswer how) {
        answered_ = id;
        limiter_.on_no_answer(now, id, how, actions_);
        landed(id);
    }
    void cancel(limits::RequestId id) {
        limiter_.on_cancel(now, id, actions_);
        look();
        require(!requests_.contains(id), "a cancelled request still exists");
    }
    void change_token() { limiter_.on_token_changed(now); }
    void stop() {
        limiter_.on_stop(now, actions_);
        look();
        stopped_ = true;
        for (const auto& [id, request] : requests_)
            require(request.in_flight, "a request still waits after the stop");
    }

    /// Lets time pass, with a call at each wake-up.
    void pass(limits::Duration duration) {
        const auto end = now + duration;
        while (const auto wake = limiter_.next_wake()) {
            if (*wake > end) break;
            now = std::max(now, *wake);
            on_time();
        }
        now = end;
    }

    /// The request in flight at `position` (wraps around); unset if no request is in flight.
    std::optional<limits::RequestId> in_flight(std::size_t position) const {
        std::vector<limits::RequestId> ids;
        for (const auto& [id, request] : requests_)
            if (request.in_flight) ids.push_back(id);
        if (ids.empty()) return {};
        return ids[position % ids.size()];
    }

    /// From now on the server answers everything at once and successfully: every request must end within the time that
    /// the maximum waits known to the limiter allow.
    void finish() {
        using namespace std::chrono_literals;
        const auto begin = now;
        const auto count = static_cast<long>(requests_.size());
        for (long rounds = 0; !requests_.empty(); ++rounds) {
            require(rounds < 100 * count + 1000, "the limiter runs without end");
            if (const auto id = in_flight(0)) {
                answer(*id, 200);
                continue;
            }
            now = std::max(now, *limiter_.next_wake());  // `look` checked that one is set
            on_time();
        }
        require(now - begin <= (count + 2) * (2h + 15min), "a request is blocked for too long");
    }

private:
    struct Request {
        limits::Route route;
        bool in_flight = false;
        bool started = false;
        bool writes() const { return route.method != "GET" && route.method != "HEAD"; }
    };

    void on_time() {
        limiter_.on_time(now, actions_);
        look();
        const auto wake = limiter_.next_wake();
        require(!wake || *wake > now, "on_time at the wake-up time leaves a wake-up for the same time");
    }

    /// The answered request has ended, or is to be started again.
    void landed(limits::RequestId id) {
        if (const auto found = requests_.find(id); found != requests_.end()) found->second.in_flight = false;
        look();
        answered_.reset();
    }

    void look() {
        for (const auto& action : std::exchange(actions_, {})) {
            if (const auto* start = std::get_if<limits::Start>(&action)) on_start(start->id);
            if (const auto* finish = std::get_if<limits::Finish>(&action)) {
                require(answered_ == finish->id, "a request finishes without an answer");
                require(requests_.erase(finish->id) == 1, "a request ends twice, or never began");
            }
            if (const auto* fail = std::get_if<limits::Fail>(&action))
                require(requests_.erase(fail->id) == 1, "a request ends twice, or never began");
        }
        bool waits = false, flies = false;
        for (const auto& [id, request] : requests_)
            (request.in_flight ? flies : waits) = true;
        require(!waits || flies || limiter_.next_wake(), "a request waits without a wake-up");
    }

    void on_start(limits::RequestId id) {
        const auto found = requests_.find(id);
        require(found != requests_.end(), "a request starts although it has ended or never began");
        auto& request = found->second;
        require(!request.in_flight, "a request starts while it is in flight");
        require(!stopped_, "a request starts after the stop");
        for (const auto& [other, earlier] : requests_) {
            if (other == id || earlier.route.bucket_key != request.route.bucket_key) continue;
            require(other > id || earlier.started || request.started, "a later request starts first");
            if (!request.writes() || !earlier.writes()) continue;
            require(!earlier.in_flight, "two writes of one route are in flight");
            require(other > id, "a write starts before an earlier one has ended");
        }
        request.in_flight = request.started = true;
    }

    limits::Limiter limiter_;
    limits::Actions actions_;
    std::map<limits::RequestId, Request> requests_;
    std::optional<limits::RequestId> answered_;
    bool stopped_ = false;
};

/// One route of every kind that the limiter distinguishes.
inline limits::Route route_of(std::size_t number) {
    static const std::vector<std::string> keys{
        "POST /channels/1/messages",
        "PATCH /channels/1/messages/{message_id}",
        "DELETE /channels/1/messages/{message_id}",
        "GET /channels/1/messages",
        "GET /channels/1/messages/{message_id}",
        "POST /channels/2/messages",
        "DELETE /channels/2/messages/{message_id}",
        "GET /channels/2/messages",
        "POST /servers",
        "GET /servers",
        "GET /users/@me",
        "POST /webhooks/5/{token}",
        "POST /auth/register",
    };
    const auto& key = keys[number % keys.size()];
    const bool token = !key.starts_with("POST /webhooks") && !key.starts_with("POST /auth");
    return {.method = key.substr(0, key.find(' ')), .bucket_key = key, .uses_token = token};
}

}  // namespace intent::fuzz
