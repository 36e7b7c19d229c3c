// How a client is doing, in numbers: for a health check or a metrics page.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace intent {

/// A client's state at one moment, and what it has met since its last start. See docs/robust-operation.md for what to
/// watch.
struct Gauges {
    // the connection
    bool ready = false;           ///< a session is up: events and commands flow
    bool reading_paused = false;  ///< the queue is full, so the server is held up (`ClientOptions::queue_bytes`)
    /// From the last acknowledged heartbeat to its ACK. An ACK stands behind the events before it, so a backlog of
    /// ours shows here too.
    std::optional<std::chrono::microseconds> heartbeat_round_trip = {};

    // the queue between the connection and the handlers
    std::size_t queued_events = 0;    ///< waiting for a handler thread; 0 when there are none
    std::size_t queued_bytes = 0;     ///< of these and of those that are being handled
    std::chrono::milliseconds lag{};  ///< age of the oldest event that waits or whose handler has not returned

    // since the last start
    std::uint64_t events = 0;      ///< dispatches accepted, whether anybody wanted them or not
    std::uint64_t duplicates = 0;  ///< dispatches dropped because they had come before
    /// Frames dropped because they make no sense: undecodable, without a usable opcode, text frames, events without a
    /// name.
    std::uint64_t bad_frames = 0;
    std::uint64_t sequence_gaps = 0;  ///< SequenceGap events
    std::uint64_t sessions = 0;       ///< Ready events
    std::uint64_t resumes = 0;        ///< Resumed events
    std::uint64_t gaps = 0;           ///< Gap events: each a span in which events were lost
    std::uint64_t reconnects = 0;     ///< Reconnecting events: attempts after the first

    friend bool operator==(const Gauges&, const Gauges&) = default;
};

}  // namespace intent
