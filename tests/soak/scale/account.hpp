// What the platform and the notes of the workers prove after a run.
#pragma once

#include "tests/soak/scale/world.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace intent::test {

/// Sums over both applications, except where stated.
struct Account {
    std::size_t messages = 0;        ///< that were posted, once for each application
    std::size_t handled = 0;         ///< at least once
    std::size_t handled_twice = 0;   ///< calls of handlers that ended, beyond the first of each message
    std::size_t begun_again = 0;     ///< calls of handlers beyond the first of each message
    std::size_t lost = 0;            ///< not handled, and in no gap
    std::size_t lost_in_gap = 0;     ///< not handled, but in a gap
    std::size_t gaps = 0;            ///< reports of gaps
    std::size_t holes = 0;           ///< reports of missing sequence numbers
    std::size_t answers = 0;         ///< messages of the bot
    std::size_t answered_twice = 0;  ///< effects that happened twice
    std::size_t answer_missing = 0;  ///< a handler ended without an error, and its answer is not there
    std::size_t unknown = 0;         ///< answers whose outcome the handler could not know
    std::size_t failed = 0;          ///< calls of handlers that ended with an error
    std::size_t out_of_order = 0;    ///< of the ordered application
    std::size_t poisoned = 0;        ///< messages that kill workers
    std::uint64_t dead_letters = 0;
    std::size_t sessions = 0;  ///< of the gateway

    bool good() const { return lost == 0 && answered_twice == 0 && answer_missing == 0 && out_of_order == 0; }
};

/// Messages of the ordered application that were begun too early.
std::vector<std::size_t> out_of_order(const World& world);

/// After `World::end`.
Account account_of(const World& world);

void print(const Account& account);

}  // namespace intent::test
