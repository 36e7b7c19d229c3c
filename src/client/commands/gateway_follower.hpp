// Passes dispatches to the bot's pending requests, and to the fetch of channels.
#pragma once

#include "client/commands/channel_fetch.hpp"
#include "client/commands/commands.hpp"
#include "client/dispatch/follower.hpp"

#include <optional>
#include <variant>
#include <vector>

namespace intent::client {

/// `fetch` is null if channels are not fetched.
///
/// Threads: the I/O thread.
class GatewayFollower final : public Follower {
public:
    GatewayFollower(Commands& commands, ChannelFetch* fetch) : commands_(commands), fetch_(fetch) {}

    bool wants_members() const noexcept override { return commands_.members().wants(); }
    bool wants_voice() const noexcept override { return commands_.voice().wants(); }
    bool wants_servers() const noexcept override { return fetch_ != nullptr; }
    bool wants_signals() const noexcept override { return commands_.offers().wants(); }

    void on_members(const raw::MembersChunk& chunk) override { commands_.members().saw(chunk); }
    void on_voice_server(const raw::VoiceServerUpdate& update) override { commands_.voice().saw(update); }
    void on_own_voice_state(const raw::VoiceState& state) override { commands_.voice().saw_own(state); }
    std::optional<VoicePlace> on_signal(const VoiceMessage& signal) override {
        const auto* const answer = std::get_if<VoiceAnswer>(&signal);
        const auto place = answer != nullptr ? commands_.offers().saw_answer(answer->sdp) : std::nullopt;
        return place ? place : commands_.voice().only_channel();
    }
    void on_server(ServerId server) override {
        if (fetch_ != nullptr) fetch_->on_server(server);
    }
    void on_server_gone(ServerId server) override {
        if (fetch_ != nullptr) fetch_->on_server_gone(server);
    }
    bool on_new_session(const std::vector<raw::Server>& servers) override {
        commands_.on_new_session();
        if (fetch_ != nullptr) fetch_->on_new_session(servers);
        return fetch_ != nullptr;
    }

private:
    Commands& commands_;
    ChannelFetch* const fetch_;
};

}  // namespace intent::client
