#include <intent/detail/job.hpp>
#include <intent/errors.hpp>
#include <intent/text.hpp>

namespace intent::detail {

namespace {

constexpr std::chrono::milliseconds max_period = std::chrono::days(36'525);  // 100 years

}  // namespace

JobPlan plan_every(std::chrono::milliseconds period) {
    if (period < std::chrono::milliseconds(1) || period > max_period) {
        throw ConfigError("every: period of " + std::to_string(period.count()) + " ms: must be from 1 ms to 100 years");
    }
    return {"every " + format_duration(period), period};
}

JobPlan plan_at(Timestamp time) { return {"at " + format_timestamp(time), time}; }

}  // namespace intent::detail
