#include "client/async/thread_context.hpp"
#include "net/virtual_clock.hpp"

#include <intent/clock.hpp>
#include <intent/errors.hpp>

#include <string>
#include <utility>

namespace intent::inline v0 {

namespace {

// Large enough for tests; keeps sums of times far from overflow.
constexpr std::chrono::milliseconds max_elapsed = std::chrono::days(3650);

std::string ms(std::chrono::milliseconds time) { return std::to_string(time.count()) + " ms"; }

}  // namespace

TestClock::TestClock() : TestClock(std::make_shared<net::VirtualClock>(net::system_now())) {}
TestClock::TestClock(Timestamp wall) : TestClock(std::make_shared<net::VirtualClock>(wall)) {}
TestClock::TestClock(std::shared_ptr<net::VirtualClock> clock) noexcept : Clock(std::move(clock)) {}

void TestClock::advance(std::chrono::milliseconds step, std::chrono::milliseconds patience) {
    if (step.count() < 0) throw ConfigError("advance: " + ms(step) + "; the clock only moves forward");
    const auto& clock = detail::ClockAccess::of(*this);
    const auto elapsed = std::chrono::ceil<std::chrono::milliseconds>(clock->elapsed());
    if (step > max_elapsed - elapsed) {
        throw ConfigError("advance: " + ms(step) + "; at most 10 years (" + ms(max_elapsed) +
                          ") after the clock's beginning, already at " + ms(elapsed));
    }
    if (client::ThreadContext::here()) {
        throw UsageError(
            "advance: called on a thread of the SDK, where it would wait for itself; call it on a thread of "
            "your own, such as the test's");
    }
    if (const auto busy = clock->advance_and_wait(step, net::clamped(patience))) {
        throw TimeoutError("advance: still busy after " + ms(patience) + " without progress, at " +
                           format_timestamp(wall_time()) + ": " + *busy);
    }
}

void TestClock::advance_to(Timestamp time, std::chrono::milliseconds patience) {
    const auto now = wall_time();
    if (time < now) {
        throw ConfigError("advance_to: " + format_timestamp(time) + " is in the past; it is " + format_timestamp(now));
    }
    advance(std::chrono::ceil<std::chrono::milliseconds>(time - now), patience);
}

}  // namespace intent
