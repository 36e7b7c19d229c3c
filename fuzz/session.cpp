// The session machine with any server, network and user at any times: its invariants (tests/support) hold, it can
// always recover, and a stop ends it at once.
#include "fuzz/invariants.hpp"
#include "fuzz/support.hpp"
#include "tests/support/session_script.hpp"

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <limits>

namespace intent::fuzz {
namespace {

using codec::Opcode;
using session::State;

class Play {
public:
    explicit Play(FuzzedDataProvider& input)
        : input_(input),
          // Constant for the run: suddenly faster beats do not fit beside earlier commands.
          interval_(input.ConsumeIntegralInRange(1'200, 600'000)),
          driver(settings(input)) {}

    void run() {
        driver.start();
        while (input_.remaining_bytes() > 0 && driver.state() != State::stopped)
            step();
    }

private:
    static session::Settings settings(FuzzedDataProvider& input) {
        session::Settings settings;
        settings.random_seed = input.ConsumeIntegral<std::uint8_t>();
        if (input.ConsumeBool()) settings.saved = session::SavedSession{"saved", input.ConsumeIntegral<std::uint8_t>()};
        return settings;
    }

    void step() {
        switch (input_.ConsumeIntegralInRange(0, 15)) {
            case 0:
                driver.advance(std::chrono::milliseconds(input_.ConsumeIntegralInRange(0, 70'000)));
                break;
            case 1:
                driver.advance(std::chrono::milliseconds(input_.ConsumeIntegralInRange(0, 3'000)));
                break;
            case 2:  // the process was frozen: no wake-up was kept
                driver.now += std::chrono::milliseconds(input_.ConsumeIntegral<std::uint32_t>() % 4'000'000);
                break;
            case 3:
                driver.tick();
                break;
            case 4:
                command();
                break;
            case 5:
                driver.machine.on_backlog(input_.ConsumeBool());
                break;
            case 6:  // these do not fit a state without a socket; the machine must then ignore them
                if (!driver.socket_open() && !driver.socket_connecting()) stray();
                break;
            default:
                connection();
                break;
        }
    }

    void connection() {
        if (driver.socket_connecting()) {
            if (input_.ConsumeIntegralInRange(0, 3) > 0) {
                driver.open();
            } else if (input_.ConsumeBool()) {
                driver.fail(text());
            } else {
                driver.fail(text(), std::chrono::milliseconds(input_.ConsumeIntegral<std::int64_t>()));
            }
        } else if (driver.socket_open()) {
            server();
        } else if (driver.machine.next_wake()) {
            driver.wake();
        }
    }

    void command() {
        static constexpr Opcode ops[] = {Opcode::presence_update, Opcode::voice_state_update, Opcode::voice_signal,
                                         Opcode::request_members, Opcode::identify};
        const auto op = ops[input_.ConsumeIntegralInRange<std::size_t>(0, std::size(ops) - 1)];
        const int times = input_.ConsumeIntegralInRange(1, 40);
        for (int i = 0; i < times; ++i) {
            ++commands_;
            driver.command(commands_, op, R"({"server_id":")" + std::to_string(1 + commands_ % 3) + "\"}");
        }
    }

    void server() {
        const std::uint64_t next = driver.machine.seq().value_or(0) + 1;
        switch (input_.ConsumeIntegralInRange(0, 15)) {
            case 0:
                driver.hello(interval_);
                break;
            case 1:
                driver.ready(id(), interval_);
                break;
            case 2:
                driver.ready_event(input_.ConsumeBool() ? 1 : sequence(), id(), input_.ConsumeBool() ? interval_ : 0);
                break;
            case 3:
                driver.resumed(sequence());
                break;
            case 4:
                driver.event(sequence());
                break;
            case 5:
                driver.text();
                break;
            case 6:
                driver.bytes(input_.ConsumeBytes<std::uint8_t>(input_.ConsumeIntegralInRange<std::size_t>(0, 16)));
                break;
            case 7: {
                const int times = input_.ConsumeIntegralInRange(1, 120);
                for (int i = 0; i < times && driver.socket_open(); ++i)
                    driver.receive(Opcode::heartbeat);
                break;
            }
            case 8:
                driver.receive(Opcode::reconnect);
                break;
            case 9:
                driver.receive(Opcode::invalid_session, input_.ConsumeBool() ? "false" : "true");
                break;
            case 10:
                driver.closed(input_.ConsumeIntegral<std::uint16_t>(), text());
                break;
            case 11:
                driver.closed(input_.ConsumeIntegralInRange(4000, 4016), text());
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

    void stray() {
        driver.actions.clear();
        const auto frame = codec::write_frame(Opcode::ready, test::packed(test::ready_json("stray", interval_)));
        driver.machine.on_binary(driver.now, frame, driver.actions);
        driver.machine.on_text(driver.now, frame, driver.actions);
        driver.machine.on_open(driver.now, test::Driver::token, driver.actions);
        driver.machine.on_closed(driver.now, 1006, "stray", driver.actions);
        driver.machine.on_connect_failed(driver.now, "stray", {}, driver.actions);
        require(driver.actions.empty(), "an input without a socket has an effect");
    }

    std::uint64_t sequence() {
        return input_.ConsumeBool() ? driver.machine.seq().value_or(0) + input_.ConsumeIntegral<std::uint8_t>()
                                    : input_.ConsumeIntegral<std::uint64_t>();
    }
    std::string id() { return input_.ConsumeBool() ? "s" + std::to_string(input_.ConsumeIntegralInRange(0, 2)) : ""; }
    std::string text() { return input_.ConsumeRandomLengthString(32); }

    FuzzedDataProvider& input_;
    int interval_;
    session::CommandId commands_ = 0;

public:
    test::Driver driver;
};

}  // namespace
}  // namespace intent::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace intent;
    FuzzedDataProvider input(data, size);
    const bool stops = input.ConsumeBool();
    fuzz::Play play(input);
    play.run();
    auto& driver = play.driver;
    if (driver.state() != session::State::stopped && !stops) {
        test::inflict(driver, test::Fault::cut);
        if (driver.state() != session::State::stopped) test::expect_recovery(driver);
    }
    driver.stop();
    fuzz::require(driver.state() == session::State::stopped, "on_stop did not stop the session");
    test::expect_silence(driver);
    return 0;
}
