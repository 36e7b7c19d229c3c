// The gateway's commands: presence, member lists and voice, over the platform.
#pragma once

#include "sandbox/platform/command_handler.hpp"
#include "sandbox/platform/platform.hpp"
#include "sandbox/platform/presences.hpp"
#include "sandbox/platform/voice_rooms.hpp"

#include <functional>

namespace intent::inline v0::sandbox {

class Fields;

/// Decodes commands, refuses invalid ones (protocol §4; close code 4002 with the name of the field), and passes the
/// others to their machine. A command that fails for another reason closes the connection with 1011. Does not change
/// the platform.
class GatewayCommands final : public CommandHandler, private VoicePlaces {
public:
    /// `date`: the current time, for credentials. `new_secret`: returns an unguessable text.
    GatewayCommands(Platform& platform, Store& store, std::function<Timestamp()> date,
                    std::function<std::string()> new_secret);

    /// The address of the media server in VOICE_SERVER_UPDATE.
    void set_voice_endpoint(std::string endpoint) { voice_.set_endpoint(std::move(endpoint)); }

    Reactions on_attached(Time now, Caller caller) override;
    Reactions on_detached(Time now, Caller caller) override;
    Reactions on_ended(Time now, Caller caller, Ending how) override;
    Reactions on_time(Time now) override { return voice_.on_time(now); }
    std::optional<Time> next_wake() const override { return voice_.next_wake(); }
    Reactions on_command(Time now, Caller caller, codec::Opcode op, codec::ByteView data) override;
    /// For Platform::on_access_change.
    Reactions on_access_change() { return voice_.on_access_change(); }

    std::string_view status(UserId user) const { return presences_.of(user); }
    std::vector<raw::VoiceState> voice_states(ServerId server) const { return voice_.states(server); }

    static constexpr std::size_t members_per_chunk = 100;
    /// Of the members in a chunk: a quarter of the maximum frame size of clients (protocol §3).
    static constexpr std::size_t max_chunk_bytes = 1u << 20;

private:
    Reactions carry_out(Time now, Caller caller, codec::Opcode op, const Fields& fields);
    Reactions show(UserId user, Presences::Change change);
    Reactions set_presence(Caller caller, const Fields& fields);
    Reactions send_members(Caller caller, const Fields& fields);
    Reactions set_voice_state(Time now, Caller caller, const Fields& fields);
    Reactions send_voice_signal(Time now, Caller caller, const Fields& fields);
    std::vector<codec::Bytes> chunks(ServerId server, const std::vector<raw::Member>& members, bool presences);

    std::optional<VoiceRefusal> refusal(UserId user, ServerId server, ChannelId id) override;
    bool may_speak(UserId user, ServerId server) override;
    std::vector<UserId> audience(ServerId server) override;
    std::vector<raw::IceServer> ice_servers(UserId user) override;
    std::string new_secret() override { return new_secret_(); }

    Platform& platform_;
    Store& store_;
    std::function<Timestamp()> date_;
    std::function<std::string()> new_secret_;
    Presences presences_;
    VoiceRooms voice_;
};

}  // namespace intent::sandbox
