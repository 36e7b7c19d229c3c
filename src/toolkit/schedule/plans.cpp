#include <intent/detail/job.hpp>
#include <intent/detail/job_times.hpp>
#include <intent/errors.hpp>
#include <intent/text.hpp>

#include <memory>
#include <string>
#include <utility>

namespace intent::inline v0::detail {

namespace {

constexpr std::chrono::milliseconds max_time = std::chrono::days(36'525);  // 100 years

JobPlan plan(std::string name, JobTimes times) {
    return {std::move(name), std::make_shared<const JobTimes>(std::move(times))};
}

}  // namespace

JobPlan plan_every(std::chrono::milliseconds period) {
    if (period < std::chrono::milliseconds(1) || period > max_time) {
        throw ConfigError("every: period of " + std::to_string(period.count()) + " ms: must be from 1 ms to 100 years");
    }
    return plan("every " + format_duration(period), {period});
}

JobPlan plan_at(Timestamp time) { return plan("at " + format_timestamp(time), {time}); }

JobPlan plan_after(std::chrono::milliseconds delay) {
    if (delay < std::chrono::milliseconds(0) || delay > max_time) {
        throw ConfigError("after: delay of " + std::to_string(delay.count()) + " ms: must be from 0 ms to 100 years");
    }
    return plan("after " + format_duration(delay), {JobDelay{delay}});
}

}  // namespace intent::detail
