// Outgoing webhook deliveries (protocol §12) as a machine: schedules attempts and evaluates their outcomes.
#pragma once

#include "text/random.hpp"

#include <intent/sandbox/delivery.hpp>
#include <intent/secret.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::inline v0::sandbox {

/// A body to deliver and its destination.
struct DeliveryRequest {
    std::string id;  ///< `X-Intent-Delivery-Id`
    std::string url;
    Secret secret;
    std::string body;
};

/// The outcome of one attempt.
struct DeliveryOutcome {
    std::optional<int> status = {};  ///< unset: no answer
    std::string failure = {};        ///< the reason if there is no answer
    std::string retry_after = {};    ///< the `Retry-After` header of a 429
    std::chrono::milliseconds took{0};
};

/// All deliveries and their endpoints. To drive it: `add` a delivery, post what `on_time` returns, report each outcome
/// with `on_outcome`, and call `on_time` when `next_wake` is reached (extra calls do nothing). Keeps the latest
/// `max_kept` deliveries for queries.
class Deliveries {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// `seed`: the random seed of the jitter.
    explicit Deliveries(std::uint64_t seed) : random_(seed) {}

    /// The first attempt is due at once.
    ///
    /// Errors: Problem 409 if the endpoint is disabled or the id is in use, 503 if `max_kept` deliveries are pending.
    void add(Time now, DeliveryRequest request);
    /// The deliveries with a due attempt. Post each once and report its outcome.
    std::vector<DeliveryRequest> on_time(Time now);
    /// Unknown ids are ignored.
    void on_outcome(Time now, std::string_view id, const DeliveryOutcome& outcome);
    std::optional<Time> next_wake() const;

    std::optional<Delivery> find(std::string_view id) const;
    std::vector<Delivery> list() const;  ///< oldest first
    /// When the next attempt is due; unset during an attempt and if no attempt is left.
    std::optional<Time> due(std::string_view id) const;
    /// Accepts deliveries to this URL again.
    void enable(std::string_view url);
    /// Forgets all deliveries and endpoints. Outcomes of attempts in progress are then ignored.
    void clear();

    struct Counters {
        std::size_t delivered = 0;
        std::size_t dropped = 0;     ///< after the last attempt, or because the endpoint was disabled
        std::size_t accepted = 0;    ///< attempts: the receiver answered with a status below 400
        std::size_t rejected = 0;    ///< attempts: another status
        std::size_t unanswered = 0;  ///< attempts: no answer
    };
    /// Since the start.
    const Counters& counters() const noexcept { return counters_; }
    std::size_t pending() const noexcept;

    static constexpr std::array<std::chrono::milliseconds, 5> delays{std::chrono::seconds(1), std::chrono::seconds(5),
                                                                     std::chrono::seconds(30), std::chrono::minutes(2),
                                                                     std::chrono::minutes(10)};
    static constexpr double max_jitter = 0.2;  ///< fraction that is added to a delay
    static constexpr std::chrono::milliseconds max_retry_after = std::chrono::hours(1);
    static constexpr int failures_until_disabled = 50;
    static constexpr std::size_t max_kept = 1000;

private:
    struct Entry {
        DeliveryRequest request;
        Delivery view;
        std::optional<Time> due;
    };
    struct Endpoint {
        int failures = 0;  ///< consecutive dropped deliveries
        bool disabled = false;
    };

    Entry* entry(std::string_view id);
    const Entry* entry(std::string_view id) const;
    Delivery view_of(const Entry& shown) const;
    void drop(Entry& dropped);
    void count(const DeliveryOutcome& outcome) noexcept;
    std::chrono::milliseconds wait_before(const Entry& retried, const DeliveryOutcome& outcome);

    std::deque<Entry> entries_;
    std::map<std::string, Endpoint, std::less<>> endpoints_;  ///< by URL
    text::Random random_;
    Counters counters_;
};

/// The headers of a delivery: content type, signature, time and id.
std::vector<std::pair<std::string, std::string>> delivery_headers(const DeliveryRequest& request,
                                                                  std::chrono::system_clock::time_point now);

}  // namespace intent::sandbox
