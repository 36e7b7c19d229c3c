// Tests the bot in a sandbox: the whole platform inside this process, on a clock that only the test advances.
#include "bot.hpp"

#include <intent/sandbox.hpp>

#include <chrono>
#include <cstdio>
#include <string>

int main() {
    intent::Sandbox sandbox({.limits = false, .clock = intent::TestClock()});
    intent::Client client(sandbox.client_options());
    const Bot bot(client);
    client.start();

    bool passed = true;
    auto reader = sandbox.reader("bot");
    const auto alice = sandbox.user("alice");
    const auto expect = [&](const std::string& line, const std::string& expected) {
        const std::string answer = reader.answer_to(alice, sandbox.general(), line);
        if (answer.find(expected) != std::string::npos) return;
        std::printf("%s\nexpected: %s\nanswer:   %s\n", line.c_str(), expected.c_str(), answer.c_str());
        passed = false;
    };

    expect("!roll 0", "times: expected a whole number from 1 to 20");
    expect("!roll many", "usage: !roll <times> [sides=6]");
    expect("!joined alice", "Alice joined 20");
    for (int i = 0; i < 3; ++i)
        expect("!roll 2 1", "1, 1");
    expect("!roll 1", "Try this again in 10 s.");
    sandbox.advance(std::chrono::seconds(10));
    expect("!roll 2 1", "1, 1");
    return passed ? 0 : 1;
}
