// Messages that a stream has not acknowledged yet: which to send, and when again.
#pragma once

#include "relay/broker/message.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace intent::relay::broker {

/// A machine. It keeps the order of the messages: whenever the broker may have missed one, it and all later ones are
/// sent again; the broker drops those that it has already, by their ids.
///
/// How to drive it: `add` messages; while `next_to_send` returns one, send it and report `on_sent`. Report answers with
/// `on_acknowledged`, `on_refused` and `on_failed`, a new connection with `on_connected`; call `on_time` at
/// `next_wake`. After each of these, send again what `next_to_send` returns.
class PublishWindow {
public:
    using Time = std::chrono::steady_clock::time_point;
    /// Numbers the messages in their order, from 1.
    using Number = std::uint64_t;

    struct Options {
        std::size_t max_messages = 4'096;
        std::size_t max_bytes = 32u << 20;
        std::chrono::milliseconds acknowledge_timeout{2'000};  ///< without any answer, everything is sent again
        std::chrono::milliseconds retry_delay{250};  ///< after a temporary error; doubles up to `max_retry_delay`
        std::chrono::milliseconds max_retry_delay{5'000};
    };

    explicit PublishWindow(const Options& options) : options_(options) {}

    bool full() const noexcept { return entries_.size() >= options_.max_messages || bytes_ >= options_.max_bytes; }
    bool empty() const noexcept { return entries_.empty(); }
    std::size_t size() const noexcept { return entries_.size(); }
    std::size_t bytes() const noexcept { return bytes_; }
    bool connected() const noexcept { return connected_; }
    std::uint64_t resent() const noexcept { return resent_; }      ///< messages that were sent again
    std::uint64_t timeouts() const noexcept { return timeouts_; }  ///< times without any answer

    Number add(Message message);

    /// The first message that has to be sent now; null if there is none. Valid until the next change.
    struct Entry {
        Number number = 0;
        Message message = {};
        std::size_t bytes = 0;
        bool sent_once = false;
        bool done = false;  // acknowledged while an earlier one is not
    };
    const Entry* next_to_send(Time now) const noexcept;
    void on_sent(Time now);
    /// It could not be sent, because there is no connection: everything waits for `on_connected`.
    void on_disconnected() noexcept;
    /// There is a new connection: all that is not acknowledged has to be sent on it.
    void on_connected() noexcept;

    /// False for a number that is not in the window: an answer to a message that was sent twice.
    bool on_acknowledged(Number number, Time now);
    /// The message will never be accepted: it leaves the window. False as above.
    bool on_refused(Number number, Time now);
    /// The broker could not take the message now: it and all later ones are sent again after a delay.
    void on_failed(Number number, Time now);

    void on_time(Time now);
    std::optional<Time> next_wake() const noexcept;

private:
    void resend_from(std::size_t index) noexcept;
    void skip_done() noexcept;
    std::optional<std::size_t> index_of(Number number) const noexcept;
    bool remove(Number number, Time now);

    Options options_;
    std::deque<Entry> entries_;  // by number, without gaps
    std::size_t bytes_ = 0;
    std::size_t next_ = 0;  // index of the first entry that is not sent on this connection
    Number last_number_ = 0;
    std::uint64_t resent_ = 0;
    std::uint64_t timeouts_ = 0;
    bool connected_ = false;
    std::optional<Time> retry_at_;  // after a temporary error: nothing is sent before
    std::chrono::milliseconds delay_{0};
    Time last_progress_{};  // when the first entry was sent, or became the first one
};

}  // namespace intent::relay::broker
