#include "client/commands/voice_calls.hpp"

#include "codec/convert.hpp"

#include <intent/errors.hpp>

#include <string>
#include <utility>

namespace intent::client {

void VoiceCalls::join(const raw::VoiceStateRequest& wanted, std::chrono::milliseconds timeout,
                      Reply<raw::VoiceServerUpdate> reply) {
    const ServerId server = wanted.server_id;
    const ChannelId channel = wanted.channel_id.value_or(ChannelId{});
    Seat& seat = seats_[server];
    const auto replaced = std::make_exception_ptr(ReplacedError("voice: replaced by a later join"));
    end_joins(seat, replaced, channel);
    offers_.end(server, replaced, channel);
    seat.wanted = wanted;
    seat.joins.push_back({.channel = channel, .timeout = timeout, .reply = std::move(reply), .call = ++last_id_});
    say(server, nullptr);
}

void VoiceCalls::leave(ServerId server, Reply<Done> reply) {
    Seat& seat = seats_[server];
    const auto replaced = std::make_exception_ptr(ReplacedError("voice: the bot left before the server answered"));
    end_joins(seat, replaced);
    offers_.end(server, replaced);
    seat.wanted = {.server_id = server};
    say(server, std::move(reply));
}

void VoiceCalls::mute(ServerId server, bool muted, bool deafened, Reply<Done> reply) {
    const auto seat = seats_.find(server);
    if (seat == seats_.end() || !seat->second.wanted.channel_id) {
        return reply(std::make_exception_ptr(
            UsageError("voice: the bot is in no voice channel of server " + server.str() + "; join one first")));
    }
    seat->second.wanted.self_mute = muted;
    seat->second.wanted.self_deaf = deafened;
    say(server, std::move(reply));
}

void VoiceCalls::say(ServerId server, Reply<Done> reply) {
    Seat& seat = seats_.at(server);
    const std::uint64_t version = seat.version = ++last_id_;
    seat.sent = false;
    seat.id = 0;
    const auto id = sender_.send(codec::Opcode::voice_state_update, codec::to_msgpack(seat.wanted),
                                 [this, server, version, reply = std::move(reply)](const auto* failed) {
                                     on_ended(server, version, failed);
                                     if (!reply) return;
                                     // A replaced command is done: the later one has the bot's desired state.
                                     if (failed == nullptr || failed->why == session::CommandFailure::superseded)
                                         return reply(Done{});
                                     reply(error_of(*failed, "voice state"));
                                 });
    if (const auto still = seats_.find(server); still != seats_.end() && still->second.version == version)
        still->second.id = id;
}

void VoiceCalls::on_ended(ServerId server, std::uint64_t version, const session::CommandFailed* failed) {
    const auto found = seats_.find(server);
    if (found == seats_.end() || found->second.version != version) return;
    if (failed != nullptr) return give_up(server, error_of(*failed, "voice state"));
    Seat& seat = found->second;
    if (!seat.wanted.channel_id) {
        seats_.erase(found);
        return;
    }
    seat.sent = true;
    for (auto& join : seat.joins) {
        if (std::exchange(join.timed, true)) continue;
        sender_.after(join.timeout, [this, server, call = join.call] { expire(server, call); });
    }
}

void VoiceCalls::saw(const raw::VoiceServerUpdate& update) {
    const auto found = seats_.find(update.server_id);
    if (found == seats_.end()) return;
    std::vector<Reply<raw::VoiceServerUpdate>> answered;
    std::erase_if(found->second.joins, [&](Join& join) {
        if (join.channel != update.channel_id) return false;
        answered.push_back(std::move(join.reply));
        return true;
    });
    for (const auto& reply : answered)
        reply(update);
}

void VoiceCalls::saw_own(const raw::VoiceState& state) {
    const auto found = seats_.find(state.server_id);
    // While a join is in progress, arriving data may belong to an earlier state.
    if (found == seats_.end() || !found->second.sent || !found->second.joins.empty()) return;
    if (!state.channel_id) {
        seats_.erase(found);
        offers_.end(state.server_id,
                    std::make_exception_ptr(VoiceError("voice: the server removed the bot from the channel", 0)));
    } else {
        found->second.wanted.channel_id = state.channel_id;
    }
}

std::optional<VoicePlace> VoiceCalls::only_channel() const {
    std::optional<VoicePlace> only;
    for (const auto& [server, seat] : seats_) {
        if (!seat.wanted.channel_id) continue;
        if (only) return std::nullopt;
        only = VoicePlace{server, *seat.wanted.channel_id};
    }
    return only;
}

void VoiceCalls::expire(ServerId server, std::uint64_t call) {
    const auto found = seats_.find(server);
    if (found == seats_.end()) return;
    auto& joins = found->second.joins;
    for (auto join = joins.begin(); join != joins.end(); ++join) {
        if (join->call != call) continue;
        const Join late = std::move(*join);
        joins.erase(join);
        late.reply(std::make_exception_ptr(TimeoutError("voice: server " + server.str() +
                                                        " did not answer the join of channel " + late.channel.str() +
                                                        " within " + std::to_string(late.timeout.count()) + " ms")));
        return;
    }
}

bool VoiceCalls::refused(const session::CommandFailed& failed) {
    for (const auto& [server, seat] : seats_) {
        if (seat.id != failed.id) continue;
        const bool waited_for = !seat.joins.empty();
        give_up(server, error_of(failed, "voice state"));
        return waited_for;
    }
    return false;
}

void VoiceCalls::on_new_session() {
    std::vector<ServerId> gone;
    for (const auto& [server, seat] : seats_)
        if (seat.sent) gone.push_back(server);
    for (const ServerId server : gone) {
        give_up(server, std::make_exception_ptr(NetworkError(
                            "voice: the session ended before the server answered the join; it is not repeated")));
    }
}

void VoiceCalls::fail_all(const std::exception_ptr& error) {
    for (auto& [server, seat] : std::exchange(seats_, {}))
        end_joins(seat, error);
}

void VoiceCalls::give_up(ServerId server, const std::exception_ptr& error) {
    auto seat = seats_.extract(server);
    if (!seat.empty()) end_joins(seat.mapped(), error);
}

void VoiceCalls::end_joins(Seat& seat, const std::exception_ptr& error, std::optional<ChannelId> but) {
    std::vector<Join> ended;
    std::erase_if(seat.joins, [&](Join& join) {
        if (join.channel == but) return false;
        ended.push_back(std::move(join));
        return true;
    });
    for (const auto& join : ended)
        join.reply(error);
}

}  // namespace intent::client
