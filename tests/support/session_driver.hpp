// Drives a session machine in virtual time, as a runner and a server would.
#pragma once

#include "codec/convert.hpp"
#include "codec/frame.hpp"
#include "session/session.hpp"
#include "tests/support/session_describe.hpp"
#include "tests/support/session_invariants.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::test {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

/// `json` as MessagePack.
inline codec::Bytes packed(std::string_view json) {
    auto bytes = codec::json_to_msgpack(json);
    EXPECT_TRUE(bytes) << json;
    return bytes ? std::move(*bytes) : codec::Bytes{};
}

/// `d` of a Ready as JSON; an empty session id is left out, and so is an interval of 0.
inline std::string ready_json(std::string_view session_id, int interval_ms) {
    std::string json = R"({"user":{"id":"1","username":"bot"},"servers":[])";
    if (!session_id.empty()) json += R"(,"session_id":")" + std::string(session_id) + "\"";
    if (interval_ms != 0) json += ",\"heartbeat_interval\":" + std::to_string(interval_ms);
    return json + "}";
}

/// A machine, a clock that only this class moves, and the invariants that watch both. Each input returns its actions,
/// described, and keeps them in `actions` until the next one.
class Driver {
public:
    static constexpr std::string_view token = "bot_c2VjcmV0LXRva2Vu";

    explicit Driver(session::Settings settings = {}) : machine(knowing_the_token(std::move(settings))) {}

    session::Session machine;
    session::Time now{1000s};
    session::Actions actions;
    Lines log;  ///< every action so far

    // the user
    Lines start() {
        return input([this] { machine.on_start(now, actions); });
    }
    Lines stop() {
        return input([this] { machine.on_stop(now, actions); });
    }
    Lines command(session::CommandId id, codec::Opcode op, std::string_view json) {
        const codec::Bytes data = packed(json);
        return input([&] { machine.on_command(now, id, op, data, actions); });
    }
    Lines presence(session::CommandId id, std::string_view status = "online") {
        return command(id, codec::Opcode::presence_update,
                       R"({"status":")" + std::string(status) + R"(","afk":false})");
    }

    // the connection
    Lines open(std::string_view with_token = token) {
        invariants_.on_opened();
        return input([&] { machine.on_open(now, with_token, actions); });
    }
    Lines fail(std::string_view text = "connection refused", std::optional<session::Duration> retry_after = {}) {
        invariants_.on_ended();
        return input([&] { machine.on_connect_failed(now, text, retry_after, actions); });
    }
    Lines closed(int code, std::string_view reason = "") {
        invariants_.on_ended();
        return input([&] { machine.on_closed(now, code, reason, actions); });
    }
    Lines text(std::string_view said = "{}") {
        const codec::Bytes message(said.begin(), said.end());
        return input([&] { machine.on_text(now, message, actions); });
    }
    Lines bytes(const codec::Bytes& message) {
        received_ = message;
        return input([this] { machine.on_binary(now, received_, actions); });
    }

    // the server
    Lines receive(codec::Opcode op, std::string_view json = "null", std::optional<std::string_view> type = {},
                  std::optional<std::uint64_t> seq = {}) {
        return bytes(codec::write_frame(op, packed(json), type, seq));
    }
    Lines hello(int interval_ms) {
        return receive(codec::Opcode::hello, "{\"heartbeat_interval\":" + std::to_string(interval_ms) + "}");
    }
    Lines ready(std::string_view session_id = "s1", int interval_ms = 40'000) {
        return receive(codec::Opcode::ready, ready_json(session_id, interval_ms));
    }
    Lines ready_event(std::uint64_t seq = 1, std::string_view session_id = "s1", int interval_ms = 0) {
        return receive(codec::Opcode::dispatch, ready_json(session_id, interval_ms), "READY", seq);
    }
    Lines event(std::uint64_t seq, std::string_view name = "TEST") {
        return receive(codec::Opcode::dispatch, "{}", name, seq);
    }
    Lines resumed(std::uint64_t seq) { return event(seq, "RESUMED"); }
    Lines ack() { return receive(codec::Opcode::heartbeat_ack); }

    // time
    /// Lets time pass and calls the machine at each wake-up. Returns all its actions.
    Lines advance(session::Time::duration span) {
        const session::Time end = now + span;
        Lines all;
        for (int wakes = 0; machine.next_wake() && *machine.next_wake() <= end; ++wakes) {
            now = std::max(now, *machine.next_wake());
            for (std::string& line : tick())
                all.push_back(std::move(line));
            if (wakes > 200'000) {
                ADD_FAILURE() << "the machine wakes without end";
                break;
            }
        }
        now = end;
        return all;
    }
    /// Advances to the next wake-up.
    Lines wake() {
        EXPECT_TRUE(machine.next_wake());
        if (machine.next_wake()) now = std::max(now, *machine.next_wake());
        return tick();
    }
    /// The computer was suspended; the clock did not count that time.
    Lines suspended() {
        return input([this] { machine.on_suspended(now, actions); });
    }
    /// Calls `on_time` now.
    Lines tick() {
        return input([this] { machine.on_time(now, actions); });
    }
    /// From now to the next wake-up.
    std::optional<session::Time::duration> until_wake() const {
        const auto wake_at = machine.next_wake();
        return wake_at ? std::optional(*wake_at - now) : std::nullopt;
    }

    session::State state() const { return machine.state(); }
    bool socket_open() const { return invariants_.open(); }
    bool socket_connecting() const { return invariants_.connecting(); }

    template <class Kind>
    const Kind* find() const {
        for (const session::Action& action : actions)
            if (const auto* found = std::get_if<Kind>(&action)) return found;
        return nullptr;
    }

    // shortcuts to a state
    void to_awaiting_ready() {
        start();
        open();
    }
    void to_ready(std::string_view session_id = "s1", int interval_ms = 40'000) {
        to_awaiting_ready();
        ready(session_id, interval_ms);
        EXPECT_EQ(state(), session::State::ready);
    }
    /// From any state with a socket or an attempt to just after the `on_open` of the next OpenSocket.
    Lines reopen() {
        for (int i = 0; i < 100 && !socket_connecting(); ++i)
            wake();
        return open();
    }

private:
    /// As a client does: the machine redacts the token from its first connection attempt on.
    static session::Settings knowing_the_token(session::Settings settings) {
        settings.secrets.set_token(token);
        return settings;
    }

    template <class Call>
    Lines input(Call call) {
        actions.clear();
        call();
        Lines lines;
        for (const session::Action& action : actions) {
            invariants_.check(now, action);
            lines.push_back(describe(action));
        }
        invariants_.check(machine);
        log.insert(log.end(), lines.begin(), lines.end());
        return lines;
    }

    codec::Bytes received_;  // what views in `actions` point into
    Invariants invariants_{std::string(token)};
};

}  // namespace intent::test
