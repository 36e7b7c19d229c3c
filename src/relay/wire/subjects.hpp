// The names of a bot on the broker: streams, subjects, buckets and consumers.
#pragma once

#include <intent/snowflake.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace intent::relay {

/// The number of partitions. It is part of every subject: a stream keeps the number with which it was created.
inline constexpr unsigned partitions = 16;

/// The type of the event that reports a gap. No dispatch has it, because no token of a name begins with '_'.
inline constexpr std::string_view gap_type = "_GAP";

/// The subject of an event: intent.<bot>.evt.<partition>.<type>.<server|_>.<channel|_>
struct EventSubject {
    unsigned partition = 0;
    std::string type = {};  ///< a token (token.hpp), or `gap_type`
    ServerId server = {};
    ChannelId channel = {};
    friend bool operator==(const EventSubject&, const EventSubject&) = default;
};

/// All names of a bot. `bot` and the names of applications must be names (`is_name`).
class Names {
public:
    explicit Names(std::string bot) : bot_(std::move(bot)) {}

    const std::string& bot() const noexcept { return bot_; }

    std::string stream() const { return "INTENT_" + bot_; }
    std::string dead_letter_stream() const { return "INTENT_" + bot_ + "_DLQ"; }
    /// Of the session, the lease and Ready: keys `session_key`, `leader_key`, `ready_key`.
    std::string bucket() const { return "INTENT_" + bot_; }
    /// Of the answers to REST requests, by `answer_key`.
    std::string answer_bucket() const { return "INTENT_" + bot_ + "_REST"; }

    /// Of the workers: leases of partitions, members and attempts.
    std::string work_bucket() const { return "INTENT_" + bot_ + "_WORK"; }

    /// All subjects of the stream.
    std::string events() const { return "intent." + bot_ + ".evt.>"; }
    std::string events_of_partition(unsigned partition) const;
    /// The subjects of one type in all partitions; `type`: the name of a dispatch.
    std::string events_of_type(std::string_view type) const;
    std::string gaps() const;
    std::string event(const EventSubject& subject) const;
    /// No value for a subject of something else.
    std::optional<EventSubject> parse_event(std::string_view subject) const;

    /// All subjects of the stream of dead letters.
    std::string dead_letters() const { return "intent." + bot_ + ".dlq.>"; }
    std::string dead_letters_of(std::string_view application) const;
    /// intent.<bot>.dlq.<application>.<partition>.<type>.<server|_>.<channel|_>
    std::string dead_letter(std::string_view application, const EventSubject& subject) const;
    struct DeadLetterSubject {
        std::string application;
        EventSubject event;
    };
    std::optional<DeadLetterSubject> parse_dead_letter(std::string_view subject) const;

    std::string rest() const { return "intent." + bot_ + ".rest"; }
    std::string gateway() const { return "intent." + bot_ + ".gw"; }

    /// The durable consumer of an application: for events of all partitions, or of one. No application has a name with
    /// a capital letter, so the consumers of two applications never have the same name.
    static std::string consumer(std::string_view application) { return std::string(application); }
    static std::string consumer(std::string_view application, unsigned partition) {
        return std::string(application) + "_P" + std::to_string(partition);
    }

private:
    std::string bot_;
};

inline constexpr std::string_view session_key = "session";
inline constexpr std::string_view leader_key = "leader";
inline constexpr std::string_view ready_key = "ready";
/// When the gap began whose back-fill is not complete, in unix milliseconds; empty: none.
inline constexpr std::string_view backfill_key = "backfill";

/// The queue group of the leader of a term. Each has its own: a leader that was cut off stays subscribed for a while,
/// and would get a part of the requests.
inline std::string relay_group(std::uint64_t term) { return "relay-" + std::to_string(term); }

/// Whether a relay may answer on a subject. Whoever sends a request chooses it, and the answer is published with the
/// rights of the relay: on a subject of the broker ("$KV.…", "$JS.…") or of a bot, it could replace the lease, or be
/// taken for an event.
bool is_inbox(std::string_view subject) noexcept;

/// The key in the bucket of answers for an idempotency key.
std::string answer_key(std::string_view idempotency_key);

}  // namespace intent::relay
