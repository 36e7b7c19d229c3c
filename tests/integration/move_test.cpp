// Clients that are moved: the one that is assigned to ends what it had, the other goes on in its place.
#include "tests/support/client_world.hpp"
#include "tests/support/net_peer.hpp"

#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <utility>

namespace intent::move_test {
namespace {

TEST(Move, assigning_to_a_client_stops_it_and_takes_over_the_other) {
    Sandbox mine(sandbox::Options{.bots = {{.name = "mine"}}});
    Sandbox other(sandbox::Options{.bots = {{.name = "other"}}});
    Client target(test::options_for(mine));
    test::Diary of_mine(target);
    target.start();
    ASSERT_TRUE(of_mine.wait_ready());
    auto waiting = target.sleep_for(std::chrono::hours(1));

    Client source(test::options_for(other));
    test::Diary of_other(source);
    source.start();
    ASSERT_TRUE(of_other.wait_ready());

    target = std::move(source);
    EXPECT_THROW(waiting.get(), CancelledError) << "what the old one had under way has ended";
    EXPECT_TRUE(test::eventually([&] { return mine.connections() == 0; })) << "and its connection is closed";
    EXPECT_EQ(target.rest().get_current_user().get().username, "other");
    EXPECT_EQ(target.user()->username, "other");
    other.say("alice", other.general(), "still there");
    EXPECT_TRUE(of_other.messages().wait_contains("still there"));
    mine.say("alice", mine.general(), "unheard");

    Client& itself = target;
    target = std::move(itself);
    EXPECT_EQ(target.rest().get_current_user().get().username, "other") << "assigned to itself nothing changes";
    target.stop();
    EXPECT_TRUE(test::eventually([&] { return other.connections() == 0; }));
    EXPECT_EQ(of_mine.messages().count(), 0u);
}

RestClient client_of(const Sandbox& sandbox) {
    return RestClient(RestOptions{.token = sandbox.bot_token(), .rest_url = sandbox.rest_url()});
}

TEST(Move, assigning_to_a_rest_client_ends_it_and_takes_over_the_other) {
    Sandbox sandbox;
    test::ScriptedPeer silent([](test::PeerConnection& connection) { connection.wait_for_end(); });
    const RestOptions to_nobody{.token = "bot_c2VjcmV0", .rest_url = silent.http_url()};
    RestClient target(to_nobody);
    auto pending = target.get_current_user();

    RestClient source = client_of(sandbox);
    target = std::move(source);
    EXPECT_THROW(pending.get(), CancelledError) << "the old one's thread has ended, and what it had to do";
    EXPECT_EQ(target.get_current_user().get().username, "bot");

    RestClient& itself = target;
    target = std::move(itself);
    EXPECT_EQ(target.get_current_user().get().username, "bot") << "assigned to itself nothing changes";

    std::optional<task<User>> last;
    {
        RestClient assigned = client_of(sandbox);
        assigned = RestClient(to_nobody);
        last.emplace(assigned.get_current_user());
    }
    EXPECT_THROW(std::move(*last).get(), CancelledError) << "it ends what it has taken over";
}

TEST(Move, a_rest_client_taken_from_a_client_does_not_end_it) {
    Sandbox sandbox;
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    {
        RestClient target = client_of(sandbox);
        target = std::move(client.rest());
        EXPECT_EQ(target.get_current_user().get().username, "bot");
    }
    sandbox.say("alice", sandbox.general(), "still there");
    EXPECT_TRUE(diary.messages().wait_contains("still there"));
}

}  // namespace
}  // namespace intent::move_test
