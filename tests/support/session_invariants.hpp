// Invariants of every run of the session machine, whatever the server does.
#pragma once

#include "session/session.hpp"
#include "tests/support/session_describe.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace intent::test {

/// Looks at every action and at the machine after every input: one live socket at most, nothing sent without one,
/// Identify and Resume 5 s apart and once per socket, at most 120 frames in 60 s, sequence numbers that rise within a
/// session, every command ended once, no token outside Identify and Resume, silence after `Stopped`, and always
/// something that wakes the machine again.
class Invariants {
public:
    explicit Invariants(std::string token) : token_(std::move(token)) {}

    bool connecting() const { return socket_ == Socket::connecting; }
    bool open() const { return socket_ == Socket::open; }
    bool stopped() const { return stopped_; }

    void on_opened() { socket_ = Socket::open; }
    void on_ended() { socket_ = Socket::none; }

    void check(session::Time now, const session::Action& action) {
        SCOPED_TRACE(describe(action));
        EXPECT_FALSE(stopped_) << "an action behind Stopped";
        EXPECT_EQ(squeezed(text_of(action)).find(token_.substr(0, 8)), std::string::npos)
            << "the token, or its front, stands in " << text_of(action);
        EXPECT_LE(text_of(action).size(), 600u);
        std::visit([this, now](const auto& each) { on(now, each); }, action);
    }

    void check(const session::Session& machine) {
        if (stopped_) {
            EXPECT_EQ(machine.state(), session::State::stopped);
            EXPECT_FALSE(machine.next_wake());
            EXPECT_EQ(socket_, Socket::none);
            return;
        }
        const bool waits_for_caller = machine.state() == session::State::idle || connecting();
        EXPECT_TRUE(machine.next_wake() || waits_for_caller) << "nothing wakes " << name_of(machine.state());
        if (machine.seq() && last_seq_ && same_session_) {
            EXPECT_GE(*machine.seq(), *last_seq_);
        }
        same_session_ = machine.seq().has_value();
        last_seq_ = machine.seq();
    }

private:
    enum class Socket { none, connecting, open };

    /// Without the replacements for invisible bytes: a token must not be readable with them removed.
    static std::string squeezed(const std::string& text) {
        constexpr std::string_view replacement = "\xef\xbf\xbd";
        std::string out;
        for (std::size_t i = 0; i < text.size(); ++i) {
            if (text.compare(i, replacement.size(), replacement) == 0)
                i += replacement.size() - 1;
            else if (text[i] != ' ' && text[i] != '?')
                out += text[i];
        }
        return out;
    }

    void on(session::Time, const session::OpenSocket&) {
        EXPECT_EQ(socket_, Socket::none) << "a second socket";
        socket_ = Socket::connecting;
        identified_here_ = false;
    }
    void on(session::Time now, const session::SendFrame& send) {
        EXPECT_EQ(socket_, Socket::open) << "a frame without a socket";
        const bool identifies = send.op == codec::Opcode::identify || send.op == codec::Opcode::resume;
        EXPECT_EQ(send.secret, identifies);
        if (!identifies) {
            const std::string bytes(send.bytes.begin(), send.bytes.end());
            EXPECT_EQ(bytes.find(token_), std::string::npos);
            EXPECT_TRUE(identified_here_) << "a frame before Identify";
        } else {
            EXPECT_FALSE(identified_here_) << "a second Identify or Resume on one socket";
            identified_here_ = true;
            if (last_identify_) {
                EXPECT_GE(now - *last_identify_, std::chrono::seconds(5));
            }
            last_identify_ = now;
        }
        sent_.push_back(now);
        while (now - sent_.front() >= std::chrono::seconds(60))
            sent_.pop_front();
        EXPECT_LE(sent_.size(), 120u) << "frames in 60 s";
    }
    void on(session::Time, const session::CloseSocket&) {
        EXPECT_EQ(socket_, Socket::open);
        socket_ = Socket::none;
    }
    void on(session::Time, const session::AbortSocket&) {
        EXPECT_NE(socket_, Socket::none);
        socket_ = Socket::none;
    }
    void on(session::Time, const session::SessionReady& ready) {
        ASSERT_TRUE(ready.ready);
        EXPECT_FALSE(ready.first && had_session_);
        had_session_ = true;
        last_delivered_.reset();
        same_session_ = false;
    }
    void on(session::Time, const session::SessionResumed&) { had_session_ = true; }
    void on(session::Time, const session::Deliver& deliver) {
        if (!deliver.frame.seq) return;
        if (last_delivered_) {
            EXPECT_GT(*deliver.frame.seq, *last_delivered_) << "handed out twice";
        }
        last_delivered_ = deliver.frame.seq;
    }
    void on(session::Time, const session::Disconnected& end) {
        if (!end.will_resume) last_delivered_.reset();
    }
    void on(session::Time, const session::CommandSent& sent) { EXPECT_EQ(commands_[sent.id]++, 0); }
    void on(session::Time, const session::CommandFailed& failed) {
        if (failed.why != session::CommandFailure::refused) {
            EXPECT_EQ(commands_[failed.id]++, 0);
        }
    }
    void on(session::Time, const session::Stopped& stopped) {
        EXPECT_FALSE(stopped.text.empty());
        stopped_ = true;
    }
    template <class Other>
    void on(session::Time, const Other&) {}

    std::string token_;
    Socket socket_ = Socket::none;
    bool identified_here_ = false;
    std::optional<session::Time> last_identify_;
    std::deque<session::Time> sent_;
    std::optional<std::uint64_t> last_delivered_;
    std::optional<std::uint64_t> last_seq_;
    bool same_session_ = false;
    bool had_session_ = false;
    std::map<session::CommandId, int> commands_;
    bool stopped_ = false;
};

}  // namespace intent::test
