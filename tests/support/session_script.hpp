// Scripts for the session machine, and the helper that repeats any script with a fault after each of its steps.
#pragma once

#include "tests/support/session_driver.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace intent::test {

/// One input, the exact actions that it causes, and the time until the next wake-up after it (unset: not
/// checked).
struct Step {
    std::string name;
    std::function<Lines(Driver&)> input;
    Lines actions;
    std::optional<session::Time::duration> wake = std::nullopt;
};

struct Script {
    std::string name;
    session::Settings settings;
    std::vector<Step> steps;
};

enum class Fault {
    cut,       ///< the connection breaks, or the attempt fails
    time_out,  ///< from here on the server says nothing
    cancel,    ///< the user stops
};

inline std::string name_of(Fault fault) {
    return fault == Fault::cut ? "cut" : fault == Fault::time_out ? "time-out" : "cancel";
}

inline void run(const Script& script) {
    Driver driver(script.settings);
    for (const Step& step : script.steps) {
        SCOPED_TRACE(script.name + ": " + step.name);
        EXPECT_EQ(step.input(driver), step.actions);
        if (step.wake) {
            EXPECT_EQ(driver.until_wake(), step.wake);
        }
    }
}

/// After a fault the machine must recover: a server without faults brings it to Ready again.
inline void expect_recovery(Driver& driver) {
    for (int i = 0; i < 1000 && !driver.socket_connecting(); ++i)
        driver.wake();
    ASSERT_TRUE(driver.socket_connecting()) << "no new attempt from " << name_of(driver.state());
    driver.open();
    if (driver.state() == session::State::awaiting_resumed)
        driver.resumed(driver.machine.seq().value_or(0) + 1);
    else
        driver.ready("fresh");
    EXPECT_EQ(driver.state(), session::State::ready);
    driver.event(driver.machine.seq().value_or(0) + 1, "LATER");
    EXPECT_TRUE(driver.find<session::Deliver>()) << "no event after the recovery";
}

inline void expect_silence(Driver& driver) {
    const std::size_t before = driver.log.size();
    driver.actions.clear();
    const auto now = driver.now;
    const codec::Bytes frame = codec::write_frame(codec::Opcode::ready, packed(ready_json("late", 1000)));
    for (int round = 0; round < 2; ++round) {
        driver.machine.on_start(now, driver.actions);
        driver.machine.on_open(now, Driver::token, driver.actions);
        driver.machine.on_binary(now, frame, driver.actions);
        driver.machine.on_text(now, frame, driver.actions);
        driver.machine.on_suspended(now, driver.actions);
        driver.machine.on_connect_failed(now, "late", std::nullopt, driver.actions);
        driver.machine.on_closed(now, 1006, "late", driver.actions);
        driver.machine.on_command(now, 99, codec::Opcode::presence_update, packed("{}"), driver.actions);
        driver.machine.on_backlog(true);
        driver.machine.on_time(now + 1h, driver.actions);
        driver.machine.on_stop(now, driver.actions);
    }
    EXPECT_TRUE(driver.actions.empty());
    EXPECT_EQ(driver.log.size(), before);
    EXPECT_FALSE(driver.machine.next_wake());
}

inline void inflict(Driver& driver, Fault fault) {
    switch (fault) {
        case Fault::cut:
            if (driver.socket_open()) {
                driver.closed(1006);
            } else if (driver.socket_connecting()) {
                driver.fail();
            }
            break;
        case Fault::time_out:
            // 20 s for a Ready, four intervals for a heartbeat; an attempt has the transport's deadline.
            driver.machine.on_backlog(false);
            for (int i = 0; i < 1000 && driver.socket_open(); ++i)
                driver.wake();
            EXPECT_FALSE(driver.socket_open()) << "a mute server is never given up";
            if (driver.socket_connecting()) driver.fail("time-out");
            break;
        case Fault::cancel:
            driver.stop();
            break;
    }
}

/// Runs the script's first steps, injects the fault after them, and asserts the outcome: a retry that ends in a Ready
/// session, or a named end followed by silence. The invariants hold throughout.
inline void run_with_fault(const Script& script, std::size_t steps, Fault fault) {
    Driver driver(script.settings);
    for (std::size_t i = 0; i < steps; ++i)
        script.steps[i].input(driver);
    SCOPED_TRACE(script.name + ": " + name_of(fault) + " behind " + (steps ? script.steps[steps - 1].name : "nothing"));
    const bool begun = driver.state() != session::State::idle;
    const bool ended = driver.state() == session::State::stopped;
    inflict(driver, fault);

    if (ended || fault == Fault::cancel) {
        EXPECT_EQ(driver.state(), session::State::stopped);
        EXPECT_EQ(std::count_if(driver.log.begin(), driver.log.end(),
                                [](const std::string& line) { return line.starts_with("stopped"); }),
                  1);
        expect_silence(driver);
    } else if (begun && driver.state() != session::State::stopped) {
        expect_recovery(driver);
    }
}

/// Runs the script itself, then with a cut, a timeout and a cancel after each of its steps.
inline void run_with_faults(const Script& script) {
    run(script);
    for (std::size_t steps = 0; steps <= script.steps.size(); ++steps)
        for (const Fault fault : {Fault::cut, Fault::time_out, Fault::cancel})
            run_with_fault(script, steps, fault);
}

}  // namespace intent::test
