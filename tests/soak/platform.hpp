// The platform's process of the soak: a sandbox behind a proxy, that talks, breaks things, and tells what it did.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace intent::test {

struct SoakPlan {
    int clients = 200;
    std::chrono::seconds duration{30 * 60};
    std::uint64_t seed = 1;

    static constexpr auto warm_up = std::chrono::seconds(60);  ///< resources are first measured at its end
    static constexpr auto calm = std::chrono::seconds(25);     ///< without faults, before each measurement
    static constexpr int serials_per_round = 4;                ///< tick, answer, custom event, edit
    static constexpr auto round_time = std::chrono::milliseconds(200);

    int rounds() const { return static_cast<int>(duration / round_time); }
};

/// What happens in a round, told apart by the serial number `round * serials_per_round + kind` that each carries.
enum class Kind { tick, answer, custom, edit };

/// Runs in a process of its own, spoken to by lines: `go` begins the rounds, `report` the account, the end of the input
/// ends it. Says on standard output:
///
///     port NUMBER         of the proxy, for gateway and REST alike
///     token TOKEN         one for each bot, in order
///     calm, faults        no faults for a while, faults again
///     done                the rounds are over, no fault any more
///     reported            the account is whole
///
/// and keeps its account in a file, so that nobody has to hold it in memory meanwhile:
///
///     sent SERIAL BEFORE AFTER    around the dispatch of an event; µs since 1970
///     stored SERIAL TIME          a message of a bot, and when it was posted
///     fault NAME                  one was played
///     counted NAME NUMBER         what the sandbox has counted
int run_platform(const SoakPlan& plan, const std::string& account_file);

}  // namespace intent::test
