// What the system does to a client: name look-ups that fail, hang or give bad addresses; clocks that jump.
#include "tests/support/client_world.hpp"
#include "tests/support/raw_gateway.hpp"
#include "tests/support/system_fakes.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <string>
#include <vector>

namespace intent::system_test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using test::FakeNames;

/// The options for a sandbox, its gateway under the name whose look-up is a fake.
ClientOptions by_fake_name(const Sandbox& sandbox) {
    auto options = test::options_for(sandbox);
    const auto colon = options.gateway_url.rfind(':');
    options.gateway_url = std::string("ws://") + FakeNames::fake_host + options.gateway_url.substr(colon);
    return options;
}

std::uint16_t port_of(const Sandbox& sandbox) {
    const auto url = sandbox.gateway_url();
    return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
}

const FakeNames::Answer fails = [] { return std::vector<std::string>{}; };
const FakeNames::Answer works = [] { return std::vector<std::string>{"127.0.0.1"}; };

TEST(NameLookUp, case_001_failure_is_reported_and_retried_until_it_works) {
    Sandbox sandbox{{.allowed_origins = {"*"}}};  // the fake name is no name of this machine
    const FakeNames names({fails, fails, works});
    Client client(by_fake_name(sandbox));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    EXPECT_EQ(names.look_ups(), 3);
    EXPECT_EQ(diary.life().all(), (std::vector<std::string>{"reconnecting 1", "reconnecting 2", "ready bot"}));
    ASSERT_EQ(diary.errors().count(), 2u);
    for (const auto& error : diary.errors().all())
        EXPECT_NE(error.find("the name look-up failed"), std::string::npos) << error;
}

TEST(NameLookUp, case_002_failure_during_a_reconnect_keeps_the_session) {
    Sandbox sandbox{{.allowed_origins = {"*"}}};  // the fake name is no name of this machine
    const FakeNames names({works, fails, fails, works});
    Client client(by_fake_name(sandbox));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    sandbox.drop_connections();
    sandbox.say("alice", sandbox.general(), "meanwhile");
    ASSERT_TRUE(diary.life().wait_contains("resumed"));
    EXPECT_EQ(diary.messages().all(), std::vector<std::string>{"meanwhile"});
    EXPECT_EQ(names.look_ups(), 4);
    EXPECT_EQ(sandbox.identifies(), 1u);
    EXPECT_EQ(sandbox.resumes(), 1u);
}

TEST(NameLookUp, case_001_072_that_hangs_does_not_delay_a_stop_or_the_destructor) {
    Sandbox sandbox{{.allowed_origins = {"*"}}};  // the fake name is no name of this machine
    auto door = std::make_shared<test::Door>();   // of the look-up, which outlives the client
    auto entered = std::make_shared<test::Door>();
    auto left = std::make_shared<test::Door>();
    const FakeNames names({[=] {
        entered->open();
        door->pass(1h);
        left->open();
        return std::vector<std::string>{"127.0.0.1"};
    }});
    {
        Client client(by_fake_name(sandbox));
        test::Diary diary(client);
        client.start();
        ASSERT_TRUE(entered->pass());
        client.stop();
        EXPECT_EQ(client.wait(0ms), 0);
        EXPECT_EQ(diary.life().count(), 0u);
        EXPECT_EQ(diary.errors().count(), 0u);
    }
    EXPECT_FALSE(left->is_open()) << "the stop waited for the look-up";
    door->open();
    ASSERT_TRUE(left->pass());
    EXPECT_EQ(sandbox.connections(), 0u);
}

/// A port of another local address whose queue of connections is full: whoever connects hears nothing.
class BlackHole {
public:
    static constexpr const char* address = "127.0.0.2";

    explicit BlackHole(std::uint16_t port) {
        sockaddr_in place{};
        place.sin_family = AF_INET;
        place.sin_port = htons(port);
        place.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
        listener_ = socket(AF_INET, SOCK_STREAM, 0);
        const auto* where = reinterpret_cast<const sockaddr*>(&place);
        good_ = bind(listener_, where, sizeof place) == 0 && listen(listener_, 0) == 0;
        for (int i = 0; i < 4; ++i) {
            fillers_.push_back(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
            static_cast<void>(connect(fillers_.back(), where, sizeof place));
        }
    }
    ~BlackHole() {
        for (const int filler : fillers_)
            close(filler);
        close(listener_);
    }
    BlackHole(const BlackHole&) = delete;
    BlackHole& operator=(const BlackHole&) = delete;

    bool good() const { return good_; }

private:
    int listener_ = -1;
    std::vector<int> fillers_;
    bool good_ = false;
};

TEST(NameLookUp, case_010_an_address_that_is_a_black_hole_does_not_hide_the_good_one) {
    Sandbox sandbox{{.allowed_origins = {"*"}}};  // the fake name is no name of this machine
    const BlackHole hole(port_of(sandbox));
    ASSERT_TRUE(hole.good());
    const FakeNames names({[] { return std::vector<std::string>{BlackHole::address, "127.0.0.1"}; }});
    Client client(by_fake_name(sandbox));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    EXPECT_EQ(diary.life().all(), std::vector<std::string>{"ready bot"}) << "more than one attempt";
    EXPECT_EQ(diary.errors().count(), 0u);
}

TEST(NameLookUp, case_010_a_host_with_an_ipv6_address_alone_is_reached) {
    std::optional<Sandbox> sandbox;
    try {
        sandbox.emplace(sandbox::Options{.host = "::1", .allowed_origins = {"*"}});
    } catch (const std::exception&) {
        GTEST_SKIP() << "no IPv6 here";
    }
    const FakeNames names({[] { return std::vector<std::string>{"::1"}; }});
    Client client(by_fake_name(*sandbox));
    test::Diary diary(client);
    client.start();
    EXPECT_TRUE(diary.wait_ready());
}

/// An hour ahead and back, 1970, and 2100.
std::vector<std::chrono::seconds> jumps() {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch());
    constexpr auto year_2100 = std::chrono::seconds(4'102'444'800);
    return {3600s, -3600s, -now, year_2100 - now};
}

TEST(ClockJumps, case_135_of_the_wall_clock_do_not_affect_heartbeats_back_off_or_identify_spacing) {
    Sandbox sandbox({.hello = true, .heartbeat_interval = 150ms});
    test::FakeClocks clocks;
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    const auto all = jumps();
    for (const auto jump : all) {
        clocks.move_wall_clock(jump);
        const auto beats = sandbox.heartbeats();
        const auto before = Clock::now();
        ASSERT_TRUE(test::eventually([&] { return sandbox.heartbeats() >= beats + 6; }));
        EXPECT_GT(Clock::now() - before, 600ms) << "no burst";
    }
    EXPECT_EQ(diary.life().all(), std::vector<std::string>{"ready bot"});

    sandbox.drop_connections();
    ASSERT_TRUE(diary.life().wait_contains("reconnecting 1"));
    std::size_t next = 0;
    ASSERT_TRUE(test::eventually([&] {
        clocks.move_wall_clock(all[next++ % all.size()]);
        return sandbox.resumes() == 1;
    }));
    ASSERT_TRUE(diary.life().wait_contains("resumed"));

    const auto resumed = Clock::now();
    sandbox.send_op(8, "false");
    ASSERT_TRUE(diary.life().wait_contains("disconnect 4000"));
    ASSERT_TRUE(test::eventually([&] {
        clocks.move_wall_clock(all[next++ % all.size()]);
        return sandbox.identifies() == 2;
    }));
    EXPECT_GT(Clock::now() - resumed, 4s) << "five seconds behind the Resume";
    ASSERT_TRUE(diary.wait_ready(2));
    EXPECT_EQ(diary.errors().count(), 0u);
}

TEST(ClockJumps, case_135_of_the_wall_clock_neither_block_nor_open_a_bucket) {
    for (const auto jump : jumps()) {
        SCOPED_TRACE(jump.count());
        Sandbox sandbox;
        test::FakeClocks clocks;
        Client client(test::options_for(sandbox));
        std::vector<task<Message>> sending;
        const auto before = Clock::now();
        for (int i = 0; i < 7; ++i)
            sending.push_back(client.rest().create_message(sandbox.general(), std::to_string(i)));
        ASSERT_TRUE(test::eventually([&] { return sending[4].done(); }));
        clocks.move_wall_clock(jump);
        ASSERT_TRUE(test::eventually([&] { return sending[5].done() && sending[6].done(); }));
        for (auto& one : sending)
            one.get();
        EXPECT_GT(Clock::now() - before, 1s);
        EXPECT_EQ(sandbox.rate_limited(), 0u);
    }
}

TEST(ClockJumps, case_136_after_a_suspend_the_connection_gets_time_to_respond) {
    std::atomic<bool> mute = false;
    std::atomic<int> unanswered = 0;
    std::atomic<int> answered = 0;
    test::ScriptedPeer gateway([&](test::PeerConnection& connection) {
        test::take_opening(connection);
        connection.send(test::ready_frame(200));
        test::serve(connection, [&] {
            const bool silent = mute;
            ++(silent ? unanswered : answered);
            return !silent;
        });
    });
    test::FakeClocks clocks;
    Client client(test::options_for(gateway.url()));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    ASSERT_TRUE(test::eventually([&] { return client.gauges().heartbeat_round_trip.has_value(); }));
    clocks.suspend(8h);
    mute = true;
    ASSERT_TRUE(test::eventually([&] { return unanswered >= 6; })) << "three would be the end without the suspend";
    EXPECT_LT(unanswered, 12) << "no burst of missed beats";
    const int before = answered;
    mute = false;
    ASSERT_TRUE(test::eventually([&] { return answered >= before + 4; }));
    EXPECT_EQ(diary.life().all(), std::vector<std::string>{"ready bot"});
    mute = true;
    ASSERT_TRUE(test::eventually([&] { return gateway.connections() == 2; })) << "judged as ever afterwards";
    EXPECT_EQ(diary.life().all().front(), "ready bot");
    EXPECT_TRUE(diary.life().wait_contains("disconnect 1006 resumable"));
}

}  // namespace
}  // namespace intent::system_test
