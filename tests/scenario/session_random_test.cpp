// Random servers, networks and users: with any input in any order, the invariants hold and the session can recover.
#include "tests/support/session_script.hpp"
#include "text/random.hpp"

namespace intent::test::session_random_test {
namespace {

using codec::Opcode;
using session::State;

class Chaos {
public:
    explicit Chaos(std::uint64_t seed) : random_(seed), driver(settings(seed)) {}

    void run(int steps) {
        driver.start();
        for (int i = 0; i < steps && driver.state() != State::stopped; ++i)
            step();
    }

private:
    static session::Settings settings(std::uint64_t seed) {
        session::Settings settings;
        settings.random_seed = seed;
        if (seed % 3 == 0) settings.saved = session::SavedSession{"saved", seed};
        return settings;
    }

    std::uint64_t pick(std::uint64_t bound) { return random_.next() % bound; }

    void step() {
        const auto choice = pick(100);
        if (choice < 20) {
            driver.advance(std::chrono::milliseconds(pick(choice < 5 ? 60'000 : 3'000)));
        } else if (choice < 28) {
            command();
        } else if (choice < 30) {
            driver.machine.on_backlog(pick(2) == 0);
        } else if (driver.socket_connecting()) {
            pick(3) == 0 ? driver.fail() : driver.open();
        } else if (driver.socket_open()) {
            server();
        } else {
            driver.wake();
        }
    }

    void command() {
        static constexpr Opcode ops[] = {Opcode::presence_update, Opcode::voice_state_update, Opcode::voice_signal,
                                         Opcode::request_members};
        driver.command(++commands_, ops[pick(4)], R"({"server_id":")" + std::to_string(1 + pick(3)) + "\"}");
    }

    void server() {
        const std::string id = "s" + std::to_string(pick(3));
        const std::uint64_t next = driver.machine.seq().value_or(0) + 1;
        switch (pick(20)) {
            case 0:
                driver.hello(static_cast<int>(500 + pick(50'000)));
                break;
            case 1:
            case 2:
                driver.ready(pick(3) == 0 ? "" : id, static_cast<int>(1'000 + pick(50'000)));
                break;
            case 3:
                driver.ready_event(next, id);
                break;
            case 4:
                driver.resumed(next);
                break;
            case 5:
                driver.event(pick(next + 3));
                break;
            case 6:
                driver.text();
                break;
            case 7:
                driver.bytes({0xc1});
                break;
            case 8:
                driver.receive(Opcode::heartbeat);
                break;
            case 9:
                pick(4) == 0 ? driver.receive(Opcode::reconnect) : driver.ack();
                break;
            case 10:
                driver.receive(Opcode::invalid_session, pick(3) == 0 ? "false" : "true");
                break;
            case 11:
                driver.closed(static_cast<int>(pick(2) == 0 ? 1000 + pick(20) : 4005 + pick(4)));
                break;
            case 12:
            case 13:
                driver.ack();
                break;
            default:
                driver.event(next);
                break;
        }
    }

    text::Random random_;
    session::CommandId commands_ = 0;

public:
    Driver driver;
};

TEST(SessionRandom, invariants_hold_and_the_session_can_recover) {
    std::size_t ready = 0;
    for (std::uint64_t seed = 0; seed < 400 && !testing::Test::HasFailure(); ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Chaos chaos(seed);
        chaos.run(400);
        ready += static_cast<std::size_t>(std::count(chaos.driver.log.begin(), chaos.driver.log.end(), "ready"));
        if (chaos.driver.state() == State::stopped) {
            expect_silence(chaos.driver);
            continue;
        }
        inflict(chaos.driver, seed % 2 == 0 ? Fault::cut : Fault::time_out);
        expect_recovery(chaos.driver);
        chaos.driver.stop();
        expect_silence(chaos.driver);
    }
    EXPECT_GT(ready, 1'000u) << "too little of it happens in sessions";
}

}  // namespace
}  // namespace intent::test::session_random_test
