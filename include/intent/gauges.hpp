// Counters and state of a client, for a health check or a metrics page.
#pragma once

#include <intent/detail/chrono.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>

namespace intent::inline v0 {

/// A client's current state, and its counters since the last start. docs/robust-operation.md describes what to watch.
struct Gauges {
    // the connection
    bool ready = false;           ///< a session is up: events and commands flow
    bool reading_paused = false;  ///< the queue is full, so reading has stopped (`ClientOptions::queue_bytes`)
    /// Time from the last acknowledged heartbeat to its ACK. The ACK queues behind earlier events, so it includes our
    /// own backlog.
    std::optional<std::chrono::microseconds> heartbeat_round_trip = {};

    // the queue between the connection and the handlers
    std::size_t queued_events = 0;    ///< waiting for a handler thread; 0 without handler threads
    std::size_t queued_bytes = 0;     ///< of waiting events and of those being handled
    std::chrono::milliseconds lag{};  ///< age of the oldest event that waits or is in a running handler

    // since the last start
    std::uint64_t events = 0;  ///< dispatches accepted, with or without a handler
    /// Dispatches dropped because they had already arrived, or because the session file records that an earlier process
    /// handled them.
    std::uint64_t duplicates = 0;
    /// Invalid frames, which were dropped: undecodable, without a usable opcode, text frames, events without a name.
    std::uint64_t bad_frames = 0;
    std::uint64_t sequence_gaps = 0;  ///< SequenceGap events
    std::uint64_t sessions = 0;       ///< Ready events
    std::uint64_t resumes = 0;        ///< Resumed events
    std::uint64_t gaps = 0;           ///< Gap events: each a span in which events were lost
    std::uint64_t reconnects = 0;     ///< Reconnecting events: attempts after the first

    friend bool operator==(const Gauges&, const Gauges&) = default;
};

}  // namespace intent
