#include "client/commands/voice_offers.hpp"

#include "codec/convert.hpp"

#include <intent/errors.hpp>

#include <utility>
#include <vector>

namespace intent::client {

namespace {

constexpr std::size_t max_offers = 1'000;

}  // namespace

void VoiceOffers::offer(VoicePlace place, raw::VoiceSignal signal, std::chrono::milliseconds timeout,
                        Reply<std::string> reply) {
    if (queue_.size() == max_offers) {
        return reply(std::make_exception_ptr(
            NetworkError("voice offer: " + std::to_string(max_offers) + " offers are already waiting")));
    }
    queue_.push_back({.place = place,
                      .signal = std::move(signal),
                      .timeout = timeout,
                      .reply = std::move(reply),
                      .call = ++last_call_});
    if (queue_.size() == 1) start();
}

void VoiceOffers::start() {
    const auto call = queue_.front().call;
    const auto id = sender_.send(codec::Opcode::voice_signal, codec::to_msgpack(queue_.front().signal),
                                 [this, call](const auto* failed) { on_ended(call, failed); });
    if (is_first(call)) queue_.front().id = id;
}

void VoiceOffers::on_ended(std::uint64_t call, const session::CommandFailed* failed) {
    if (!is_first(call)) return;
    if (failed != nullptr) return finish(error_of(*failed, "voice offer"));
    queue_.front().sent = true;
    sender_.after(queue_.front().timeout, [this, call] { expire(call); });
}

std::optional<VoicePlace> VoiceOffers::saw_answer(const std::string& sdp) {
    if (queue_.empty() || !queue_.front().sent) return std::nullopt;
    const VoicePlace place = queue_.front().place;
    finish(sdp);
    return place;
}

void VoiceOffers::expire(std::uint64_t call) {
    if (!is_first(call)) return;
    const Offer& offer = queue_.front();
    finish(std::make_exception_ptr(TimeoutError("voice offer: server " + offer.place.server.str() +
                                                " did not answer the offer for channel " + offer.place.channel.str() +
                                                " within " + std::to_string(offer.timeout.count()) + " ms")));
}

bool VoiceOffers::refused(const session::CommandFailed& failed) {
    if (queue_.empty() || queue_.front().id != failed.id) return false;
    finish(error_of(failed, "voice offer"));
    return true;
}

void VoiceOffers::finish(Answer<std::string> answer) {
    const auto reply = std::move(queue_.front().reply);
    queue_.pop_front();
    if (!queue_.empty()) start();
    reply(std::move(answer));
}

void VoiceOffers::end(ServerId server, const std::exception_ptr& error, std::optional<ChannelId> but) {
    if (queue_.empty()) return;
    const auto in_progress = queue_.front().call;
    std::vector<Reply<std::string>> ended;
    std::erase_if(queue_, [&](Offer& offer) {
        if (offer.place.server != server || offer.place.channel == but) return false;
        ended.push_back(std::move(offer.reply));
        return true;
    });
    if (!queue_.empty() && !is_first(in_progress)) start();
    for (const auto& reply : ended)
        reply(error);
}

void VoiceOffers::fail_all(const std::exception_ptr& error) {
    for (const auto& offer : std::exchange(queue_, {}))
        offer.reply(error);
}

}  // namespace intent::client
