// Counters that the I/O thread publishes for other threads.
#pragma once

#include "net/clock.hpp"
#include "session/session.hpp"

#include <intent/connection_state.hpp>
#include <intent/gauges.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

namespace intent::client {

/// The session's part of the gauges, as of the last batch of bytes or timer.
///
/// Threads: `publish` on one thread at a time; `read` on any. Each number is up to date, but they are not read at a
/// single moment.
class GaugeBoard {
public:
    void publish(const session::Session& session, bool reading_paused, std::uint64_t received_bytes) noexcept {
        const auto& counters = session.counters();
        if (const auto state = state_of(session.state())) set(state_, *state);
        if (reading_paused && !get(reading_paused_)) set(pauses_, get(pauses_) + 1);
        set(reading_paused_, reading_paused);
        set(received_bytes_, received_bytes);
        const auto latency = session.latency();
        set(round_trip_, latency ? latency->count() : no_latency);
        set(events_, counters.dispatches);
        set(duplicates_, counters.duplicates);
        set(bad_frames_, counters.undecodable_frames + counters.text_frames + counters.nameless_dispatches);
        set(sequence_gaps_, counters.gaps);
        set(sessions_, counters.sessions);
        set(resumes_, counters.resumed);
        set(gaps_, counters.losses);
        set(reconnects_, counters.reconnects);
    }

    /// `start` was called: published before the session takes its first step.
    void starting() noexcept {
        set(state_, ConnectionState::connecting);
        set(skipped_, 0);
    }

    /// For a client without a session of its own. Threads: that of `publish`.
    void relayed(ConnectionState state) noexcept { set(state_, state); }
    void relayed_event() noexcept { set(events_, get(events_) + 1); }
    void relayed_session() noexcept { set(sessions_, get(sessions_) + 1); }

    /// A dispatch that an earlier process handled was dropped. Threads: that of `publish`.
    void skipped() noexcept { set(skipped_, get(skipped_) + 1); }

    ConnectionState state() const noexcept { return get(state_); }
    bool reading_paused() const noexcept { return get(reading_paused_); }
    std::uint64_t received_bytes() const noexcept { return get(received_bytes_); }
    std::uint64_t pauses() const noexcept { return get(pauses_); }

    // When the connection has become unready, and reading was paused last. Written when that happens.
    void unready_at(net::Time now) noexcept { set(unready_since_, now.time_since_epoch().count()); }
    void paused_at(net::Time now) noexcept { set(paused_since_, now.time_since_epoch().count()); }
    net::Time unready_since() const noexcept { return net::Time(net::Duration(get(unready_since_))); }
    net::Time paused_since() const noexcept { return net::Time(net::Duration(get(paused_since_))); }

    Gauges read() const noexcept {
        Gauges gauges;
        gauges.ready = state() == ConnectionState::ready;
        gauges.reading_paused = get(reading_paused_);
        if (const auto trip = get(round_trip_); trip != no_latency)
            gauges.heartbeat_round_trip =
                std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::nanoseconds(trip));
        gauges.events = get(events_);
        gauges.duplicates = get(duplicates_) + get(skipped_);
        gauges.bad_frames = get(bad_frames_);
        gauges.sequence_gaps = get(sequence_gaps_);
        gauges.sessions = get(sessions_);
        gauges.resumes = get(resumes_);
        gauges.gaps = get(gaps_);
        gauges.reconnects = get(reconnects_);
        return gauges;
    }

private:
    static constexpr std::int64_t no_latency = -1;
    using Count = std::atomic<std::uint64_t>;

    /// Does nothing for a session that has not been started: the values of `starting` stay.
    static std::optional<ConnectionState> state_of(session::State state) noexcept {
        switch (state) {
            case session::State::idle:
                return std::nullopt;
            case session::State::waiting:
                return ConnectionState::backing_off;
            case session::State::connecting:
                return ConnectionState::connecting;
            case session::State::awaiting_ready:
                return ConnectionState::identifying;
            case session::State::awaiting_resumed:
            case session::State::replaying:
                return ConnectionState::resuming;
            case session::State::ready:
                return ConnectionState::ready;
            case session::State::stopped:
                break;
        }
        return ConnectionState::stopped;
    }

    template <class T, class V>
    static void set(std::atomic<T>& place, V value) noexcept {
        place.store(static_cast<T>(value), std::memory_order_relaxed);
    }
    template <class T>
    static T get(const std::atomic<T>& place) noexcept {
        return place.load(std::memory_order_relaxed);
    }

    std::atomic<ConnectionState> state_ = ConnectionState::stopped;
    std::atomic<bool> reading_paused_ = false;
    std::atomic<std::int64_t> round_trip_ = no_latency;
    Count events_ = 0;
    Count duplicates_ = 0;
    Count skipped_ = 0;
    Count bad_frames_ = 0;
    Count sequence_gaps_ = 0;
    Count sessions_ = 0;
    Count resumes_ = 0;
    Count gaps_ = 0;
    Count reconnects_ = 0;
    Count received_bytes_ = 0;
    Count pauses_ = 0;
    std::atomic<net::Duration::rep> unready_since_ = 0;
    std::atomic<net::Duration::rep> paused_since_ = 0;
};

}  // namespace intent::client
