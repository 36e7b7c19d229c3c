// The bot: its commands and their state.
#pragma once

#include <intent/commands.hpp>

#include <random>

class Bot {
public:
    explicit Bot(intent::Client& client);
    Bot(const Bot&) = delete;  // the commands refer to this object

private:
    intent::task<> roll(intent::Context ctx, intent::Range<1, 20> times, intent::Range<1, 1000> sides);
    intent::task<> joined(intent::Context ctx, intent::Member member);

    // Commands run on one thread: members need no lock.
    std::mt19937 random_{std::random_device{}()};
    intent::Commands commands_;  // last member: ends the running commands before the rest is destroyed
};
