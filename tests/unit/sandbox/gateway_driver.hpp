// Drives the sandbox's gateway in virtual time: frames in as JSON, actions out as lines of text.
#pragma once

#include "codec/convert.hpp"
#include "sandbox/base/packer.hpp"
#include "sandbox/gateway/gateway.hpp"

#include <intent/snowflake.hpp>

#include <string>
#include <variant>
#include <vector>

namespace intent::inline v0::sandbox {

using Lines = std::vector<std::string>;

/// Two users: `bot` with the token "good" (1), `eve` with "evil" (2).
class FakeDirectory final : public Directory {
public:
    std::optional<UserId> authenticate(std::string_view token) override {
        if (token == "good") return UserId{1};
        if (token == "evil") return UserId{2};
        return std::nullopt;
    }
    raw::User user(UserId id) override {
        return {.id = id, .username = id.value == 1 ? "bot" : "eve", .display_name = "shown"};
    }
    std::vector<raw::Server> servers(UserId) override {
        return {{.id = ServerId{5}, .name = "Home", .owner_id = UserId{9}}};
    }
    std::string new_session_id() override { return "s" + std::to_string(++sessions_); }

private:
    int sessions_ = 0;
};

class GatewayDriver {
public:
    explicit GatewayDriver(GatewayOptions options = {}, Faults* faults = nullptr)
        : gateway(options, directory_, faults) {}

    /// `EVENT #seq d` of a Dispatch, `op d` of another frame.
    static std::string frame_text(const codec::Bytes& bytes) {
        const auto read = codec::peek_frame(bytes);
        if (!read) return "broken";
        const auto& frame = *read;
        const std::string data = *codec::msgpack_to_json(frame.data);
        if (frame.op == 0)
            return std::string(frame.type.value()) + (frame.seq ? " #" + std::to_string(*frame.seq) : "") + " " + data;
        return std::to_string(frame.op.value()) + " " + data;
    }

    /// The actions as text; notes are left out.
    static Lines text(const GatewayActions& actions) {
        Lines lines;
        for (const auto& action : actions) {
            if (const auto* send = std::get_if<SendFrame>(&action))
                lines.push_back(std::to_string(send->connection) + " " + frame_text(send->bytes));
            if (const auto* send = std::get_if<SendText>(&action))
                lines.push_back(std::to_string(send->connection) + " text " + send->text);
            if (const auto* close = std::get_if<CloseSocket>(&action))
                lines.push_back(std::to_string(close->connection) + " close " + std::to_string(close->code) + " " +
                                close->reason);
            if (const auto* cut = std::get_if<CutSocket>(&action))
                lines.push_back(std::to_string(cut->connection) + " cut");
        }
        return lines;
    }

    Lines open(ConnectionId id) { return text(gateway.on_open(now, id, "127.0.0.1")); }
    Lines frame(ConnectionId id, std::string_view json) {
        return text(gateway.on_message(now, id, *codec::json_to_msgpack(json), true));
    }
    Lines identify(ConnectionId id, const std::string& token = "good") {
        return frame(id, R"({"op":2,"d":{"token":")" + token + "\"}}");
    }
    Lines resume(ConnectionId id, const std::string& session, std::uint64_t seq, const std::string& token = "good") {
        return frame(id, R"({"op":5,"d":{"token":")" + token + R"(","session_id":")" + session + R"(","seq":)" +
                             std::to_string(seq) + "}}");
    }
    Lines heartbeat(ConnectionId id) { return frame(id, R"({"op":1,"d":null})"); }
    Lines closed(ConnectionId id, int code) { return text(gateway.on_closed(now, id, code)); }
    Lines dispatch(std::string name, std::optional<std::vector<UserId>> audience = {}) {
        return text(gateway.dispatch(now, {.name = std::move(name), .data = {0x80}, .audience = std::move(audience)}));
    }
    /// Lets time pass, waking the gateway whenever it asks to.
    Lines pass(std::chrono::milliseconds time) {
        const Time end = now + time;
        Lines lines;
        for (auto wake = gateway.next_wake(); wake && *wake <= end; wake = gateway.next_wake()) {
            now = *wake;
            for (auto& line : text(gateway.on_time(now)))
                lines.push_back(std::move(line));
        }
        now = end;
        return lines;
    }
    /// Opens and identifies.
    void up(ConnectionId id, const std::string& token = "good") {
        open(id);
        identify(id, token);
    }

private:
    FakeDirectory directory_;

public:
    Gateway gateway;
    Time now{};
};

}  // namespace intent::sandbox
