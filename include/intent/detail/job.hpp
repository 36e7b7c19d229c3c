// Type-erased scheduled jobs, as `every`, `daily`, `at` and `after` make them.
#pragma once

#include <intent/detail/chrono.hpp>
#include <intent/detail/export.hpp>
#include <intent/task.hpp>
#include <intent/timestamp.hpp>

#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace intent::inline v0::detail {

/// A job with its place in the schedule of its client.
class ScheduledJob;

/// The function of a job.
class JobFunction {
public:
    virtual ~JobFunction() = default;
    /// Returns the coroutine that it has started; no value for a plain function, which has run.
    virtual std::optional<task<>> start() = 0;
};

template <class F>
class JobFunctionOf final : public JobFunction {
public:
    explicit JobFunctionOf(F function) : function_(std::move(function)) {}
    std::optional<task<>> start() override {
        if constexpr (is_task<std::invoke_result_t<F&>>::value) {
            return function_();
        } else {
            function_();
            return std::nullopt;
        }
    }

private:
    F function_;
};

template <class F>
std::unique_ptr<JobFunction> make_job(F function) {
    static_assert(!std::is_member_function_pointer_v<F>,
                  "intent: a member function needs its object: every(5min, &Bot::tick, this)");
    static_assert(!is_task<F>::value,
                  "intent: a job is a function that starts the task, as in [this] { return tick(); }, because it runs "
                  "more than once");
    if constexpr (std::is_invocable_v<F&>) {
        using Result = std::invoke_result_t<F&>;
        static_assert(std::is_void_v<Result> || std::is_same_v<Result, task<>>,
                      "intent: a job returns void or intent::task<>");
        return std::unique_ptr<JobFunction>(new JobFunctionOf<F>(std::move(function)));
    } else {
        static_assert(std::is_member_function_pointer_v<F> || is_task<F>::value,
                      "intent: a job is a function without parameters that returns void or intent::task<>");
        return nullptr;
    }
}

template <class M, class O>
requires std::is_member_function_pointer_v<M> std::unique_ptr<JobFunction> make_job(M member, O* object) {
    return make_job([member, object] { return (object->*member)(); });
}

/// When a job runs (detail/job_times.hpp).
struct JobTimes;

struct JobPlan {
    std::string name;  ///< for errors, until the bot gives one
    std::shared_ptr<const JobTimes> times;
};

/// Errors: ConfigError for a period outside 1 ms to 100 years.
INTENT_API JobPlan plan_every(std::chrono::milliseconds period);
INTENT_API JobPlan plan_at(Timestamp time);
/// Errors: ConfigError for a delay outside 0 to 100 years.
INTENT_API JobPlan plan_after(std::chrono::milliseconds delay);

}  // namespace intent::detail
