#include "run/session_runner.hpp"

#include <algorithm>
#include <utility>

namespace intent::runner {

/// A socket and its link to the machine, which ends when the machine has closed or cut the socket.
class SessionRunner::Connection final : public net::WebSocketHandler {
public:
    explicit Connection(SessionRunner& runner)
        : runner_(runner), socket_(runner.loop_, runner.url_, runner.options_, *this) {
        if (runner.paused_) socket_.pause_reading();
    }

    net::WebSocket& socket() noexcept { return socket_; }
    void detach() noexcept { attached_ = false; }

    void on_open() override {
        if (!attached_) return;
        const Token token = runner_.observer_.token();
        runner_.feed([&](auto now, auto& out) { runner_.session_.on_open(now, token.reveal(), out); });
        runner_.observer_.on_batch_end();
    }

    void on_binary(std::span<const std::uint8_t> message) override {
        if (!attached_) return;
        runner_.receive(message);
    }

    void on_text(std::span<const std::uint8_t> message) override {
        if (!attached_) return;
        runner_.received_bytes_ += message.size();
        runner_.feed([&](auto now, auto& out) { runner_.session_.on_text(now, message, out); });
    }

    void on_batch_end() override { runner_.end_batch(); }  // also if the batch has ended the connection

    void on_connect_failed(const net::ConnectFailure& failure) override {
        if (!attached_) return runner_.destroy_later(this);
        runner_.detach_connection();
        runner_.feed([&](auto now, auto& out) {
            runner_.session_.on_connect_failed(now, failure.text, failure.retry_after, out);
        });
        runner_.observer_.on_batch_end();
        runner_.destroy_later(this);
    }

    void on_closed(const net::CloseInfo& info) override {
        if (!attached_) return runner_.destroy_later(this);
        runner_.detach_connection();
        runner_.feed([&](auto now, auto& out) { runner_.session_.on_closed(now, info.code, info.reason, out); });
        runner_.observer_.on_batch_end();
        runner_.destroy_later(this);
    }

private:
    SessionRunner& runner_;
    bool attached_ = true;
    net::WebSocket socket_;
};

SessionRunner::SessionRunner(net::Loop& loop, net::Url url, net::WebSocketOptions options, session::Settings settings,
                             SessionObserver& observer)
    : loop_(loop),
      url_(std::move(url)),
      options_(std::move(options)),
      session_(std::move(settings)),
      observer_(observer),
      timer_(loop) {}

SessionRunner::~SessionRunner() { *alive_ = false; }

void SessionRunner::start() {
    suspended_ = net::time_suspended();
    feed([&](auto now, auto& out) { session_.on_start(now, out); });
    observer_.on_batch_end();
}

void SessionRunner::stop() {
    feed([&](auto now, auto& out) { session_.on_stop(now, out); });
    observer_.on_batch_end();
}

void SessionRunner::command(session::CommandId id, codec::Opcode op, codec::ByteView data) {
    feed([&](auto now, auto& out) { session_.on_command(now, id, op, data, out); });
    observer_.on_batch_end();
}

void SessionRunner::pause_reading() {
    paused_ = true;
    if (connection_) connection_->socket().pause_reading();
    session_.on_backlog(true);
}

void SessionRunner::resume_reading() {
    paused_ = false;
    session_.on_backlog(false);
    if (connection_) connection_->socket().resume_reading();
}

// One batch shares one time, and the timer is set once after all of it.
void SessionRunner::receive(std::span<const std::uint8_t> message) {
    received_bytes_ += message.size();
    codec::Frame event;
    if (observer_.decodes_ahead() && session_.expects_message(message, event) && observer_.decode_ahead(event)) {
        session_.take_event(event);
        return observer_.on_decoded_ahead(event);
    }
    if (session_.accept_event(message, event)) return observer_.on_dispatch(event);
    if (!batch_time_) batch_time_ = loop_.now();
    session_.on_binary(*batch_time_, message, actions_);
    carry_out();
}

void SessionRunner::end_batch() {
    batch_time_.reset();
    if (armed_ != session_.next_wake()) rearm();
    observer_.on_batch_end();
}

template <class Input>
void SessionRunner::feed(Input input) {
    input(loop_.now(), actions_);
    carry_out();
    if (armed_ != session_.next_wake()) rearm();
}

// Executing actions never calls the machine, so no action is added meanwhile.
void SessionRunner::carry_out() {
    for (session::Action& action : actions_)
        perform(action);
    actions_.clear();
    finish_if_done();
}

void SessionRunner::perform(session::Action& action) {
    if (const auto* deliver = std::get_if<session::Deliver>(&action)) {
        observer_.on_dispatch(deliver->frame);
    } else if (std::holds_alternative<session::OpenSocket>(action)) {
        connection_ = std::make_unique<Connection>(*this);
    } else if (auto* frame = std::get_if<session::SendFrame>(&action)) {
        if (connection_) connection_->socket().send(std::move(frame->bytes));
    } else if (const auto* close = std::get_if<session::CloseSocket>(&action)) {
        if (!connection_) return;
        connection_->socket().close(close->code, close->reason);
        detach_connection();
    } else if (std::holds_alternative<session::AbortSocket>(action)) {
        if (!connection_) return;
        Connection* cut = connection_.get();
        detach_connection();
        destroy_later(cut);
    } else {
        stopped_ = stopped_ || std::holds_alternative<session::Stopped>(action);
        observer_.on_action(action);
    }
}

void SessionRunner::rearm() {
    const auto wake = session_.next_wake();
    if (wake == armed_) return;
    if (!wake) {
        armed_.reset();
        return timer_.cancel();
    }
    timer_.arm(*wake, [this] {
        // Input read in the same turn of the loop goes first: waiting bytes must not count as silence.
        loop_.post([this, alive = alive_] {
            if (*alive) on_timer();
        });
    });
    armed_ = wake;
}

void SessionRunner::on_timer() {
    armed_.reset();
    session_.on_backlog(paused_ || (connection_ && connection_->socket().unread()));
    const bool asleep = woke_up();
    feed([&](auto now, auto& out) {
        if (asleep) session_.on_suspended(now, out);
        session_.on_time(now, out);
    });
    observer_.on_batch_end();
    rearm();
}

// True once after each suspension of the computer that was longer than a heartbeat tolerates. Another clock than the
// system's does not run on during a suspension.
bool SessionRunner::woke_up() {
    if (loop_.clock()) return false;
    const net::Duration before = std::exchange(suspended_, net::time_suspended());
    const auto interval = session_.heartbeat_interval();
    return interval && suspended_ - before > *interval;
}

void SessionRunner::detach_connection() {
    connection_->detach();
    closing_.push_back(std::move(connection_));
}

void SessionRunner::destroy_later(Connection* connection) {
    // Later: this may be inside a call of the same connection.
    loop_.post([this, connection, alive = alive_] {
        if (!*alive) return;
        std::erase_if(closing_, [&](const auto& closing) { return closing.get() == connection; });
        finish_if_done();
    });
}

void SessionRunner::finish_if_done() {
    if (!stopped_ || finished_ || connection_ || !closing_.empty()) return;
    finished_ = true;
    timer_.cancel();
    observer_.on_finished();
}

}  // namespace intent::runner
