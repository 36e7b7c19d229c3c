#include "music.hpp"

#include "world.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

using namespace std::chrono_literals;

namespace {

using Texts = World<Music>::Texts;

/// The client of a person in a voice channel. An offer of another person there arrives as VoiceRenegotiate.
struct Listener {
    Listener(intent::Sandbox& sandbox, std::string_view name, intent::ChannelId channel, bool is_answering = true)
        : client(sandbox.client_options(name)) {
        client.on([this, is_answering](intent::VoiceSignal signal) -> intent::task<> {
            if (std::holds_alternative<intent::VoiceAnswer>(signal.message)) ++answers;
            if (is_answering && std::holds_alternative<intent::VoiceRenegotiate>(signal.message))
                co_await client.send_voice_signal(intent::VoiceAnswer("v=0"));
        });
        client.start();
        voice = client.join_voice(sandbox.server(), channel).get();
        sandbox.clock().settle();
    }

    intent::Client client;
    intent::VoiceServerUpdate voice;
    std::atomic<int> answers = 0;
};

struct Rooms : World<Music> {
    Rooms() : World(std::vector<Track>{{"Short", 60s}, {"Long Song", 180s}}) {}

    intent::ChannelId create_voice_channel(const std::string& name) {
        return owner.create_channel(server, intent::NewChannel(name, intent::ChannelType::voice)).get().id;
    }

    bool is_in_voice() { return client().voice_states().get({server, sandbox.user_id("bot")}).has_value(); }

    intent::RestClient owner{{.token = alice.token(), .rest_url = sandbox.rest_url()}};
    const intent::ChannelId lounge = create_voice_channel("lounge");
};

TEST(Music, plays_one_track_after_the_other_and_leaves) {
    Rooms world;
    const Listener listener(world.sandbox, "alice", world.lounge);
    EXPECT_EQ(world.ask(world.alice, "!play Short"), "Now: Short (1m)");
    EXPECT_TRUE(world.is_in_voice());
    EXPECT_EQ(world.ask(world.alice, "!play Long Song"), "Long Song is number 1 in the queue.");
    EXPECT_EQ(world.ask(world.bob, "!queue"), "Now: Short (1m)\n1. Long Song (3m)");
    world.sandbox.advance(1min - 1ms);
    EXPECT_EQ(world.answers(), Texts{});
    world.sandbox.advance(1ms);
    EXPECT_EQ(world.answers(), Texts{"Now: Long Song (3m)"});
    world.sandbox.advance(3min);
    EXPECT_FALSE(world.is_in_voice());
    EXPECT_EQ(world.ask(world.bob, "!queue"), "Nothing is playing.");
}

TEST(Music, skips_tracks) {
    Rooms world;
    const Listener listener(world.sandbox, "alice", world.lounge);
    world.ask(world.alice, "!play Short");
    world.ask(world.alice, "!play Long Song");
    world.sandbox.advance(10s);
    EXPECT_EQ(world.ask(world.alice, "!skip"), "Now: Long Song (3m)");
    world.sandbox.advance(3min - 1ms);  // also past the end that the first track would have had
    EXPECT_TRUE(world.is_in_voice());
    world.ask(world.alice, "!skip");
    EXPECT_FALSE(world.is_in_voice());
    EXPECT_EQ(world.ask(world.alice, "!skip"), "I am not playing.");
}

TEST(Music, ends_on_request) {
    Rooms world;
    const Listener listener(world.sandbox, "alice", world.lounge);
    world.ask(world.alice, "!play Short");
    world.ask(world.alice, "!play Long Song");
    EXPECT_EQ(world.ask(world.alice, "!leave"), "The music has ended.");
    EXPECT_FALSE(world.is_in_voice());
    world.sandbox.advance(5min);
    EXPECT_EQ(world.answers(), Texts{});
    EXPECT_EQ(world.ask(world.alice, "!play Short"), "Now: Short (1m)");
}

TEST(Music, refuses_what_it_cannot_play) {
    Rooms world;
    const auto attic = world.create_voice_channel("attic");
    const Listener alice(world.sandbox, "alice", world.lounge);
    const Listener bob(world.sandbox, "bob", attic);
    EXPECT_EQ(world.ask(world.sandbox.user("carol"), "!play Short"), "Join a voice channel first.");
    EXPECT_EQ(world.ask(world.alice, "!play Silence"),
              "!play Silence\n      ^^^^^^^ title: there is no such track\nusage: !play <title\u2026>");
    world.ask(world.alice, "!play Short");
    EXPECT_EQ(world.ask(world.bob, "!play Short"), "I am playing elsewhere.");
}

TEST(Music, reports_an_offer_without_an_answer) {
    Rooms world;
    const Listener listener(world.sandbox, "alice", world.lounge, false);
    world.ask(world.alice, "!play Short");
    EXPECT_EQ(world.answers(), Texts{});
    world.sandbox.advance(10s);
    const std::string text = world.answers().at(0);
    EXPECT_TRUE(text.starts_with("I cannot join: voice offer: ")) << text;
    EXPECT_TRUE(text.ends_with(" did not answer the offer for channel " + world.lounge + " within 10000 ms")) << text;
    EXPECT_FALSE(world.is_in_voice());
}

TEST(Music, can_be_ended_while_it_begins) {
    Rooms world;
    const Listener listener(world.sandbox, "alice", world.lounge, false);
    world.ask(world.alice, "!play Short");
    EXPECT_EQ(world.ask(world.alice, "!leave"), "The music has ended.");
    world.sandbox.advance(1min);
    EXPECT_EQ(world.answers(), Texts{});
}

TEST(Music, answers_the_offers_of_others) {
    Rooms world;
    const Listener alice(world.sandbox, "alice", world.lounge);
    world.ask(world.alice, "!play Short");
    Listener bob(world.sandbox, "bob", world.lounge);
    bob.client.send_voice_signal(intent::VoiceOffer("v=0", bob.voice.token)).get();
    world.sandbox.clock().settle();
    EXPECT_EQ(bob.answers, 2);  // those of alice and of the bot
}

TEST(Music, ends_with_its_voice_channel) {
    Rooms world;
    const Listener listener(world.sandbox, "alice", world.lounge);
    world.ask(world.alice, "!play Short");
    world.alice.remove_channel(world.lounge);
    EXPECT_EQ(world.ask(world.alice, "!queue"), "Nothing is playing.");
}

TEST(Music, joins_again_in_a_new_session) {
    Rooms world;
    const Listener listener(world.sandbox, "alice", world.lounge);
    world.ask(world.alice, "!play Long Song");
    world.ask(world.alice, "!play Short");
    world.sandbox.fault(intent::sandbox::fault::invalid_session().user("bot"));
    world.sandbox.advance(1min);
    EXPECT_TRUE(world.is_in_voice());
    world.sandbox.advance(2min);
    EXPECT_EQ(world.answers(), Texts{"Now: Short (1m)"});
}

}  // namespace
