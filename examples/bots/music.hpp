// The music queue: `!play <title>` plays a track in the voice channel of its author, or appends it to the queue.
// `!skip` ends the current track, `!queue` lists what comes, and `!leave` ends the music. The bot joins and negotiates
// as the protocol has it, but it is silent: where a WebRTC library would stream a track, a timer runs for the track's
// length.
#pragma once

#include <intent/commands.hpp>
#include <intent/intent.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <vector>

struct Track {
    std::string title;
    std::chrono::seconds length;
};

/// Plays in one voice channel at a time: the signals of the negotiation do not name theirs.
class Music {
public:
    Music(intent::Client& client, std::vector<Track> tracks)
        : client_(client), tracks_(std::move(tracks)), scope_(client), commands_(client, "!") {
        commands_.server_only();
        commands_.add("play <title>", "Plays a track in your voice channel, after those in the queue.", &Music::play,
                      this);
        commands_.add("skip", "Ends the current track.", &Music::skip, this);
        commands_.add("queue", "Lists the current track and those to come.", &Music::queue, this);
        commands_.add("leave", "Ends the music.", &Music::leave, this);
        scope_.on(&Music::on_signal, this);
        scope_.on(&Music::on_voice_state, this);
        scope_.on(&Music::on_ready, this);
    }

private:
    struct Place {
        intent::ServerId server;
        intent::ChannelId voice;
        intent::ChannelId text;     // where the tracks are announced
        intent::MessageId request;  // the `!play` that the bot joined for
    };

    // As a WebRTC library makes it: sends Opus, receives nothing (protocol §13).
    static constexpr const char* sdp =
        "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
        "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\na=sendonly\r\n";

    intent::task<> play(intent::Context ctx, intent::Rest title) {
        const auto track = std::ranges::find(tracks_, title.text(), &Track::title);
        if (track == tracks_.end()) throw intent::BadArgument("there is no such track").at("title");
        const auto state = client_.voice_states().get({ctx.server_id(), ctx.author().id});
        if (!state || !state->channel_id) throw intent::CheckFailed("Join a voice channel first.");
        if (place_ && place_->voice != state->channel_id) throw intent::CheckFailed("I am playing elsewhere.");
        queue_.push_back(*track);
        if (place_) {
            co_await ctx.reply(track->title + " is number " + std::to_string(queue_.size()) + " in the queue.");
            co_return;
        }
        const Place place =
            place_.emplace(Place{ctx.server_id(), *state->channel_id, ctx.channel_id(), ctx.message().id});
        const auto joined = co_await intent::attempt(join(place));
        if (!place_ || place_->request != place.request) co_return;  // the music was ended meanwhile
        if (!joined) {
            co_await stop();
            throw intent::CheckFailed(std::string("I cannot join: ") + joined.error().what());
        }
        co_await next_track();
    }

    intent::task<> skip(intent::Context) {
        if (!current_) throw intent::CheckFailed("I am not playing.");
        co_await next_track();
    }

    intent::task<> queue(intent::Context ctx) {
        std::string lines = current_ ? "Now: " + text(*current_) : "Nothing is playing.";
        int number = 0;
        for (const Track& track : queue_)
            lines += "\n" + std::to_string(++number) + ". " + text(track);
        co_await ctx.reply_long(lines);
    }

    intent::task<> leave(intent::Context ctx) {
        if (!place_) throw intent::CheckFailed("I am not playing.");
        co_await stop();
        co_await ctx.reply("The music has ended.");
    }

    intent::task<> join(Place place) {
        const auto make_offer = [](const intent::VoiceServerUpdate&) { return sdp; };
        co_await client_.connect_voice(place.server, place.voice, make_offer, intent::VoiceOptions().deafened());
        // A WebRTC library makes the offer, takes the answer, and connects to the endpoint in the result.
    }

    /// Plays the next track, or leaves if there is none.
    intent::task<> next_track() {
        end_of_track_.cancel();
        if (queue_.empty()) co_return co_await stop();
        current_ = queue_.front();
        queue_.pop_front();
        end_of_track_ = scope_.after(current_->length, &Music::next_track, this);
        co_await client_.rest().create_message(place_->text, "Now: " + text(*current_));
    }

    intent::task<> stop() {
        const intent::ServerId server = place_->server;
        end_of_track_.cancel();
        place_.reset();
        current_.reset();
        queue_.clear();
        co_await client_.leave_voice(server);
    }

    // The server offers a new connection when people come and go.
    intent::task<> on_signal(intent::VoiceSignal signal) {
        if (place_ && signal.type == "renegotiate") co_await client_.send_voice_signal(intent::VoiceAnswer(sdp));
    }

    // Somebody has removed the bot from its voice channel.
    intent::task<> on_voice_state(intent::VoiceStateUpdate event) {
        const auto self = client_.user();
        if (current_ && self && event.state.user_id == self->id && !event.state.channel_id) co_await stop();
    }

    // A new session is in no voice channel.
    intent::task<> on_ready(intent::Ready) {
        if (current_) co_await join(*place_);
    }

    static std::string text(const Track& track) {
        return track.title + " (" + intent::format_duration(track.length) + ")";
    }

    intent::Client& client_;
    const std::vector<Track> tracks_;
    std::optional<Place> place_;    // set from the first `!play` to the end of the music
    std::optional<Track> current_;  // set while a track plays
    std::deque<Track> queue_;
    intent::Job end_of_track_;
    intent::Scope scope_;  // the last members: they end what runs before the rest is destroyed
    intent::Commands commands_;
};
