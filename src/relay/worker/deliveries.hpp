// What a worker has fetched from the broker and not yet finished.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

namespace intent::relay {

/// How an attempt to handle an event ended.
enum class Outcome {
    handled,
    failed,     ///< a handler threw
    abandoned,  ///< the worker stops
};

/// What all workers of an application remember of an event that was delivered before. The broker counts deliveries,
/// also of events that a worker has only fetched; this counts the attempts that began.
struct AttemptRecord {
    enum class State {
        begun,     ///< it was being handled; its worker may have died of it
        failed,    ///< the last attempt ended with an error
        put_back,  ///< a worker has handed it over
    };
    unsigned attempts = 0;
    State state = State::begun;
    friend bool operator==(const AttemptRecord&, const AttemptRecord&) = default;
};

/// A machine: which events begin, and what the broker is told about each of them.
///
/// How to drive it: pass each message of the broker to `on_message`, the end of each attempt to `on_finished`, the end
/// of each LookUp, SaveAttempt with `await` and StoreDeadLetter to its function, and execute the returned actions in
/// order. Call `on_time` at `next_wake`. An event is in hand from its message until its Acknowledge with another kind
/// than `in_progress`, or its Drop.
///
/// Pool: an event that fails goes back to the broker with a delay. Ordered: it stays in hand, and the later events of
/// its channel wait. A partition that another worker owned before is *gathering*: nothing of it begins until all events
/// that the broker has delivered, and nobody has finished, are in hand. Otherwise a new event could overtake one that
/// still belongs to the old owner. It gathers again when the numbers of its deliveries show that the broker has given
/// an event to somebody else, such as an owner that was cut off with a request open.
///
/// A *suspect* is an event whose worker has died in an earlier attempt. Suspects begin one at a time, the next one when
/// the one before has ended or has lasted for a second: so an event that crashes the worker does not use up the
/// attempts of its neighbours.
class Deliveries {
public:
    using Time = std::chrono::steady_clock::time_point;
    using Duration = std::chrono::steady_clock::duration;
    using Milliseconds = std::chrono::milliseconds;

    struct Settings {
        bool ordered = false;
        std::vector<Milliseconds> retry_delays = {};  ///< not empty
        unsigned max_deliveries = 5;
        Milliseconds ack_wait{30'000};
    };

    struct Arrival {
        std::uint64_t sequence = 0;    ///< in the stream
        std::int64_t stored = 0;       ///< when the stream stored it, ns since 1970; a new stream repeats sequences
        std::uint64_t deliveries = 1;  ///< this one included
        std::uint64_t number = 0;      ///< of this delivery among all of its consumer; 0: not known
        unsigned partition = 0;
        std::string channel = {};     ///< events with the same text are in order; only in ordered mode
        std::string unreadable = {};  ///< why it can never be handled; empty: it can
        bool newer = false;           ///< its schema is newer than this library
    };

    /// What the broker says of the consumer of a partition.
    struct Outstanding {
        std::size_t known = 0;         ///< what `known` returned when the broker was asked
        std::uint64_t pending = 0;     ///< events whose acknowledgement the broker waits for
        std::uint64_t deliveries = 0;  ///< so far
    };

    // The actions.

    /// Reads the AttemptRecord of an event.
    struct LookUp {
        std::uint64_t sequence;
        friend bool operator==(const LookUp&, const LookUp&) = default;
    };
    /// Writes it. `await`: and calls `on_saved`.
    struct SaveAttempt {
        std::uint64_t sequence;
        AttemptRecord record;
        bool await;
        friend bool operator==(const SaveAttempt&, const SaveAttempt&) = default;
    };
    /// Removes it.
    struct ForgetAttempts {
        std::uint64_t sequence;
        friend bool operator==(const ForgetAttempts&, const ForgetAttempts&) = default;
    };
    /// Passes the event to the handlers.
    struct Begin {
        std::uint64_t sequence;
        unsigned attempt;
        friend bool operator==(const Begin&, const Begin&) = default;
    };
    struct Acknowledge {
        enum class Kind {
            ack,          ///< handled
            nak,          ///< deliver it again after `delay`
            in_progress,  ///< still in hand
            term,         ///< never deliver it again
        };
        std::uint64_t sequence;
        Kind kind;
        Milliseconds delay{};
        friend bool operator==(const Acknowledge&, const Acknowledge&) = default;
    };
    struct StoreDeadLetter {
        std::uint64_t sequence;
        unsigned attempts;
        std::string reason;
        friend bool operator==(const StoreDeadLetter&, const StoreDeadLetter&) = default;
    };
    /// Forgets an event of a lost partition, without a word to the broker: it is another worker's now.
    struct Drop {
        std::uint64_t sequence;
        friend bool operator==(const Drop&, const Drop&) = default;
    };
    using Action = std::variant<LookUp, SaveAttempt, ForgetAttempts, Begin, Acknowledge, StoreDeadLetter, Drop>;
    using Actions = std::vector<Action>;

    explicit Deliveries(Settings settings) : settings_(std::move(settings)) {}

    void on_message(Time now, Arrival arrival, Actions& actions);
    /// `record`: unset if there is none, or if it cannot be read.
    void on_looked_up(Time now, std::uint64_t sequence, std::optional<AttemptRecord> record, Actions& actions);
    /// Also if it could not be saved: the attempt begins nevertheless.
    void on_saved(Time now, std::uint64_t sequence, Actions& actions);
    void on_finished(Time now, std::uint64_t sequence, Outcome outcome, Actions& actions);
    void on_dead_letter(Time now, std::uint64_t sequence, bool stored, Actions& actions);
    void on_time(Time now, Actions& actions);

    /// Nothing begins any more. What has not begun goes back to the broker.
    void on_stop(Actions& actions);

    // Ordered mode.

    /// The worker owns a partition from now on; it gathers.
    void on_owned(unsigned partition);
    void on_outstanding(Time now, unsigned partition, const Outstanding& outstanding, Actions& actions);
    /// How many of its events are in hand.
    std::size_t known(unsigned partition) const;
    bool gathering(unsigned partition) const { return gathering_.contains(partition); }
    /// The worker hands over a partition: as `on_stop` for its events.
    void on_release(unsigned partition, Actions& actions);
    /// It keeps the partition that it wanted to hand over.
    void on_keep(unsigned partition) { releasing_.erase(partition); }
    /// It owns the partition no longer. What has not begun is dropped; what has, when it ends.
    void on_lost(unsigned partition, Actions& actions);

    std::optional<Time> next_wake() const;
    std::size_t in_hand() const noexcept { return events_.size(); }
    std::size_t in_hand(unsigned partition) const;
    /// Events that the handlers have.
    std::size_t running() const noexcept { return running_; }

    static constexpr Duration suspect_time = std::chrono::seconds(1);
    static constexpr Duration store_retry = std::chrono::seconds(2);
    static constexpr Milliseconds newer_delay{30'000};
    static constexpr std::size_t max_remembered = 16'384;

private:
    enum class State { looking_up, waiting, saving, running, backing_off, storing, postponed };
    struct Event {
        Arrival arrival;
        State state = State::waiting;
        unsigned attempts = 0;  // that have begun
        AttemptRecord::State last = AttemptRecord::State::put_back;
        bool suspect = false;
        bool orphan = false;      // of a lost partition
        bool unrecorded = false;  // looked up, without a record
        bool behind = false;      // the old owner had an earlier event of the channel: this one cannot have begun
        Time until{};             // of backing_off, and of storing: when it is tried again; max: while it is under way
        Time extended{};
        std::string reason = {};
    };
    using Events = std::map<std::uint64_t, Event>;

    Event* find(std::uint64_t sequence);
    bool ending(const Event& event) const { return stopped_ || releasing_.contains(event.arrival.partition); }
    void check_number(const Arrival& arrival);
    static void acquit(Event& event);
    bool may_begin(Time now, const Event& event) const;
    void proceed(Time now, Event& event, Actions& actions);
    void proceed_channel(Time now, const std::string& channel, Actions& actions);
    void proceed_suspects(Time now, Actions& actions);
    void bury(Event& event, std::string reason, Actions& actions);
    void put_back(Event& event, Actions& actions);
    void put_back_all(std::optional<unsigned> partition, Actions& actions);
    void remove(Time now, std::uint64_t sequence, Actions& actions);
    void drop(Time now, std::uint64_t sequence, Actions& actions);
    void erase(std::uint64_t sequence);
    void close_gate(std::uint64_t sequence);
    void remember(const Arrival& arrival);
    Milliseconds delay_after(unsigned attempts) const;

    Settings settings_;
    Events events_;
    std::set<std::uint64_t> watched_;  // suspects, and what has been backing off or storing: few
    std::unordered_map<std::string, std::set<std::uint64_t>> channels_;  // of ordered mode: what is in hand
    std::map<unsigned, std::size_t> by_partition_;
    std::set<unsigned> gathering_;
    std::map<unsigned, std::uint64_t> last_number_;  // of the deliveries of each partition, in ordered mode
    std::set<unsigned> releasing_;
    bool stopped_ = false;
    std::size_t running_ = 0;
    std::optional<std::uint64_t> suspect_;  // that has begun and closes the gate
    Time gate_opens_{};
    Time next_scan_ = Time::max();                             // for in_progress
    std::unordered_map<std::uint64_t, std::int64_t> handled_;  // when the stream stored it: a lost ack is sent again
    std::deque<std::uint64_t> handled_order_;
};

}  // namespace intent::relay
