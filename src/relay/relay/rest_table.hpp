// Which REST requests are under way, and the answers to those that have ended, by idempotency key.
#pragma once

#include "relay/wire/rest_messages.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace intent::relay {

/// A machine. It makes sure that a request with a key takes effect at most once, also across relays: before such a
/// request is sent, a record of it is created on the broker, and its answer replaces the record. A record without an
/// answer therefore means that the outcome is unknown.
///
/// How to drive it: `on_request` for each request, then execute the actions in order, and report their outcomes. Call
/// `on_time` at `next_wake`. Requests that change nothing, or that have no key, are sent at once and not remembered.
class RestTable {
public:
    using Time = std::chrono::steady_clock::time_point;
    using Caller = std::uint64_t;  ///< whoever waits for an answer
    using Number = std::uint64_t;  ///< of a request under way

    struct Options {
        std::string relay = {};                   ///< the name of this relay in records
        std::chrono::milliseconds kept{600'000};  ///< how long answers are remembered
        std::size_t max_under_way = 1'000;
        std::size_t max_copies = 16;             ///< of a request that wait for its answer; the earliest are refused
        std::size_t max_kept = 10'000;           ///< answers in memory; the broker has the others
        std::size_t max_kept_bytes = 32u << 20;  ///< of these answers
        std::size_t max_answer_bytes = 0;        ///< an encoded answer over this is not passed on; 0: no limit
        std::chrono::milliseconds store_retry{500};
        unsigned store_attempts = 5;
    };

    /// Create the record of a key, unless it has one. Report `on_begun`, `on_found` or `on_begin_failed`.
    struct Begin {
        Number number = 0;
        std::string key;
        RestRecord record;
    };
    /// Send the request to the server. Report `on_answer`.
    struct Send {
        Number number = 0;
        RestRequest request;
        std::optional<std::chrono::milliseconds> time_left = {};  ///< to its deadline; above 0
    };
    /// Replace the record of a key. Report `on_stored`.
    struct Store {
        Number number = 0;
        std::string key;
        RestRecord record;
    };
    /// Remove the record of a key: the request certainly had no effect, so it may be sent again.
    struct Forget {
        std::string key;
    };
    struct Reply {
        Caller caller = 0;
        RestAnswer answer;
    };
    using Action = std::variant<Begin, Send, Store, Forget, Reply>;
    using Actions = std::vector<Action>;

    explicit RestTable(Options options) : options_(std::move(options)) {}

    void set_max_answer_bytes(std::size_t bytes) noexcept { options_.max_answer_bytes = bytes; }

    /// `wall_ms`: the present unix time, to which the request's deadline refers.
    void on_request(Time now, std::int64_t wall_ms, Caller caller, RestRequest request, Actions& actions);

    void on_begun(Time now, Number number, Actions& actions);
    /// The key has a record already.
    void on_found(Time now, Number number, RestRecord record, Actions& actions);
    /// It is unknown whether the record exists; nothing is sent.
    void on_begin_failed(Number number, const std::string& why, Actions& actions);
    void on_answer(Time now, Number number, RestAnswer answer, Actions& actions);
    void on_stored(Time now, Number number, bool stored);

    void on_time(Time now, Actions& actions);
    std::optional<Time> next_wake() const noexcept;

    /// This relay leads no longer: replies to everybody, and forgets everything.
    void on_end(Actions& actions);

    std::size_t under_way() const noexcept { return under_way_.size(); }
    std::size_t kept() const noexcept { return kept_.size(); }

private:
    enum class Phase : std::uint8_t { beginning, sending, storing };

    struct Execution {
        RestRequest request;
        std::uint64_t fingerprint = 0;
        std::vector<Caller> callers;
        std::optional<Time> deadline;
        Phase phase = Phase::beginning;
        RestAnswer repeated_answer;  // while storing: for later requests with this key
        unsigned attempts = 0;       // to store
        std::optional<Time> retry_at;
    };
    using Executions = std::map<Number, Execution>;

    struct Kept {
        std::uint64_t fingerprint = 0;
        RestAnswer answer;
        std::size_t bytes = 0;
        std::uint64_t order = 0;  // identifies its entry in `expiry_`
    };
    struct Expiry {
        Time when;
        std::string key;
        std::uint64_t order = 0;
    };

    bool join(Caller caller, const RestRequest& request, Actions& actions);
    void send(Number number, const Execution& execution, Time now, Actions& actions);
    void store(Number number, Execution& execution, Actions& actions);
    void reply(Execution& execution, const RestAnswer& answer, Actions& actions);
    void finish(Executions::iterator execution, const RestAnswer& answer, Actions& actions);
    void keep(Time now, const std::string& key, std::uint64_t fingerprint, RestAnswer answer);
    void drop_oldest();

    Options options_;
    Number last_number_ = 0;
    Executions under_way_;
    std::unordered_map<std::string, Number> by_key_;  // of those under way
    std::unordered_map<std::string, Kept> kept_;
    std::deque<Expiry> expiry_;  // by time
    std::size_t kept_bytes_ = 0;
    std::uint64_t last_order_ = 0;
};

/// Whether a request with this outcome certainly changed nothing, so that it may be sent again. 5xx and 429 count, as
/// they do for the retries of the SDK (protocol §11).
bool had_no_effect(const RestAnswer& answer) noexcept;

}  // namespace intent::relay
