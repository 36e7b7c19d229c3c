// The server side of protocol §3-§6 as a machine: all connections and sessions, without a socket or a clock.
#pragma once

#include "codec/frame.hpp"
#include "sandbox/base/event.hpp"
#include "sandbox/faults/faults.hpp"
#include "sandbox/gateway/gateway_session.hpp"
#include "sandbox/platform/command_handler.hpp"

#include <intent/log.hpp>
#include <intent/raw/gateway.hpp>
#include <intent/sandbox/journal.hpp>
#include <intent/sandbox/options.hpp>

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace intent::inline v0::sandbox {

struct GatewayOptions {
    bool hello = false;  ///< Hello, `READY` and `RESUMED` as events
    bool resume = true;  ///< false: sessions have no id and cannot be resumed
    std::chrono::milliseconds heartbeat_interval{41250};
    Refusal refusal = Refusal::invalid_session;  ///< how invalid tokens are refused
};

/// What the gateway needs from the platform.
class Directory {
public:
    virtual ~Directory() = default;
    virtual std::optional<UserId> authenticate(std::string_view token) = 0;
    virtual raw::User user(UserId id) = 0;
    virtual std::vector<raw::Server> servers(UserId id) = 0;
    virtual std::string new_session_id() = 0;
};

/// The session and user that a connection belongs to.
struct Owner {
    std::uint64_t session = 0;  ///< key of the session; 0: not identified
    UserId user = {};
};

struct SendFrame {
    ConnectionId connection;
    codec::Bytes bytes;
    Owner owner = {};
    Session::SharedEvent event = {};  ///< the event in `bytes`, if other sessions may share it
    std::uint64_t seq = 0;            ///< sequence number of `event`; 0: it has none
};

/// Sends a text frame, which is invalid in the protocol. Only faults send one.
struct SendText {
    ConnectionId connection;
    std::string text;
    Owner owner = {};
};

/// For the journal: a fault was applied.
struct FaultApplied {
    std::uint64_t fault;
    FaultKind kind;
    ConnectionId connection;
    Owner owner;
};

/// Closes with a handshake. The gateway takes no further input of the connection.
struct CloseSocket {
    ConnectionId connection;
    std::uint16_t code;
    std::string reason;
    Owner owner = {};
};

/// Cuts without a close frame. The gateway takes no further input of the connection.
struct CutSocket {
    ConnectionId connection;
    Owner owner = {};
};

/// For the journal: the connection now belongs to a session.
struct Attached {
    ConnectionId connection;
    Owner owner;
    bool resumed;
};

/// A line for the log.
struct Note {
    LogLevel level;
    std::string text;
};

using GatewayAction = std::variant<SendFrame, SendText, CloseSocket, CutSocket, Attached, FaultApplied, Note>;
using GatewayActions = std::vector<GatewayAction>;

/// The public state of a session.
struct SessionView {
    std::uint64_t key = 0;
    UserId user;
    std::optional<ConnectionId> connection;
    bool is_over = false;  ///< it gets no more events; its client has yet to close the connection
    std::uint64_t seq = 0;
    std::optional<Time> last_heartbeat;  ///< until the first one, when the connection was attached
    std::size_t kept_events = 0;
    Time since;
};

/// Selects sessions by users or keys; all if both are unset.
struct SessionChoice {
    std::optional<std::vector<UserId>> users = {};
    std::optional<std::vector<std::uint64_t>> sessions = {};
    bool holds(const Session& session) const;
};

/// All gateway connections and sessions. To drive it: report every socket event by the `on_` functions and every change
/// of the platform by `dispatch`, execute the actions in order, and call `on_time` when `next_wake` is reached (earlier
/// or extra calls do nothing). The caller assigns connection ids and uses each once; unknown ones are ignored.
class Gateway {
public:
    /// `faults`: the active faults; null: no faults. `command_handler`: handles opcodes 4, 7, 10 and 12; null: they are
    /// ignored.
    Gateway(GatewayOptions options, Directory& directory, Faults* faults = nullptr,
            CommandHandler* command_handler = nullptr);

    /// `times_out`: false if the client has another clock than the one that `now` comes from.
    GatewayActions on_open(Time now, ConnectionId id, std::string_view peer, bool times_out = true);
    GatewayActions on_message(Time now, ConnectionId id, codec::ByteView message, bool binary);
    GatewayActions on_too_large(Time now, ConnectionId id);
    /// The peer closed the connection or was lost. After 1000 and 1001 its session cannot be resumed.
    GatewayActions on_closed(Time now, ConnectionId id, int code);
    GatewayActions on_time(Time now);
    std::optional<Time> next_wake() const;

    GatewayActions dispatch(Time now, Event event);
    /// Executes reactions of the command handler that no gateway input caused.
    GatewayActions on_reactions(Time now, Reactions reactions);
    /// Dispatches to the chosen sessions, with or without a connection; sets `reached` to their number.
    GatewayActions dispatch_to(Time now, Event event, const SessionChoice& choice, std::size_t& reached);
    /// Sends a frame other than a dispatch to the chosen sessions with a connection; sets `reached` to their number.
    GatewayActions send_to(codec::Opcode op, codec::ByteView data, const SessionChoice& choice, std::size_t& reached);
    GatewayActions close_all(Time now, std::uint16_t code, std::string_view reason);
    GatewayActions cut_all(Time now);
    /// Cuts a connection that no longer reads.
    GatewayActions cut(Time now, ConnectionId id, std::string_view why);
    GatewayActions forget_detached(Time now);
    /// Applies a fault that takes effect at once to every session; sets `hits` to the number of affected sessions.
    GatewayActions apply_now(Time now, std::uint64_t fault, std::size_t& hits);
    /// Closes every connection and forgets every session.
    GatewayActions start_over(Time now, std::uint16_t code, std::string_view reason);
    /// The clock was set ahead by `step`: extends the deadlines of connections, because their clients' clocks were not.
    void on_clock_moved(Time::duration step);

    struct Counters {
        std::size_t identifies = 0;
        std::size_t resumes = 0;
        std::size_t heartbeats = 0;
        std::size_t opened = 0;             ///< connections
        std::size_t closed_by_sandbox = 0;  ///< connections, with or without a close frame
        std::size_t closed_by_client = 0;   ///< connections, with or without a close frame
    };
    const Counters& counters() const noexcept { return counters_; }
    const std::deque<Close>& closes() const noexcept { return closes_; }
    std::size_t connections() const noexcept { return connections_.size(); }
    std::size_t attached_sessions() const noexcept;
    std::vector<SessionView> sessions() const;  ///< by age
    Owner owner(ConnectionId id) const;

    static constexpr auto identify_time = std::chrono::seconds(20);
    static constexpr std::size_t max_frame_bytes = 64u << 10;
    static constexpr std::size_t frames_per_window = 120;
    static constexpr auto frame_window = std::chrono::seconds(60);

private:
    struct Connection {
        bool times_out = true;
        Session* session = nullptr;    ///< unset until identified
        Time deadline{};               ///< for Identify, then for the next heartbeat
        Time last_heartbeat{};         ///< until the first one, when it was attached
        std::deque<Time> frames = {};  ///< arrivals within the frame window
    };
    using Connections = std::map<ConnectionId, Connection>;

    void handle(Time now, Connections::iterator at, const codec::Frame& frame);
    void handle_heartbeat(Time now, Connections::iterator at);
    void handle_identify(Time now, Connections::iterator at, codec::ByteView data);
    void handle_resume(Time now, Connections::iterator at, codec::ByteView data);
    void send_ready(Time now, Connections::iterator at);
    /// RESUMED has no number: it is never replayed, so the next replay would have a hole in its place (protocol §5).
    enum class Numbering {
        kept,   ///< the next number; a Resume can request the event again
        taken,  ///< the next number, of an event of the session itself
        none,   ///< of an event of the connection
    };
    void send_event(Time now, Session& session, Event event, Numbering numbering);
    void give(Time now, Session& session, const Session::SharedEvent& event);
    void number_and_send(Time now, Session& session, const Session::SharedEvent& event, Numbering numbering);
    void broadcast(Time now, Event event);
    void react(Time now, Reactions reactions);
    void send_dispatch(const Session& session, const Session::SharedEvent& event, std::uint64_t seq);
    void send_frame(ConnectionId id, const Session* session, codec::Opcode op, codec::ByteView data);
    static Owner owner(const Session* session);
    std::optional<Faults::Hit> apply(Time now, FaultPoint::Kind kind, const Session& session,
                                     std::string_view event = {});
    void note_hit(const Faults::Hit& hit, ConnectionId id, const Owner& owner);
    void dispatch_with_fault(Session& session, const Session::SharedEvent& event, std::uint64_t seq,
                             const Faults::Hit& hit);
    bool apply_to_connection(Session& session, const Faults::Hit& hit);
    void end_session(Session& session);
    void end_faulted_connections(Time now);
    void apply_at_ready(Time now, Connections::iterator at);
    /// Called after the frames that begin a session: applies faults, then notifies the command handler.
    void announce_ready(Time now, Connections::iterator at, bool resumed);
    bool refuse_identify(Time now, Connections::iterator at, UserId user);
    void refuse_token(Time now, Connections::iterator at);
    void send_invalid_session(Time now, Connections::iterator at, std::string_view why);
    void attach(Time now, Connections::iterator at, Session& session);
    void set_deadline(Connections::iterator at, Time deadline);
    void end(Time now, Connections::iterator at, int code, bool by_sandbox, bool resumable);
    void close(Time now, Connections::iterator at, std::uint16_t code, std::string reason);
    void cut_off(Time now, Connections::iterator at, std::string_view why);
    void drop_session(Time now, Session& session, Ending how);
    void note(LogLevel level, ConnectionId id, std::string_view text);
    Time heartbeat_deadline(Time now) const;
    GatewayActions take() { return std::exchange(actions_, {}); }

    GatewayOptions options_;
    Directory& directory_;
    CommandHandler* command_handler_;
    Faults* faults_;
    std::vector<std::pair<ConnectionId, Faults::Hit>> ending_;  ///< connections that a fault will end
    Connections connections_;
    std::set<std::pair<Time, ConnectionId>> deadlines_;
    std::map<std::uint64_t, Session> sessions_;                     ///< by age
    std::unordered_map<std::string, std::uint64_t> session_names_;  ///< session_id to key of `sessions_`
    std::multimap<UserId, Session*> by_user_;
    std::set<std::pair<Time, std::uint64_t>> expiries_;  ///< of sessions without a connection
    std::uint64_t next_session_ = 1;
    GatewayActions actions_;
    Counters counters_;
    std::deque<Close> closes_;
};

}  // namespace intent::sandbox
