// Type-erased scheduled jobs, as `every`, `daily`, `at` and `after` make them.
#pragma once

#include <intent/detail/chrono.hpp>
#include <intent/detail/export.hpp>
#include <intent/detail/keep_function.hpp>
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
class INTENT_API JobFunction {
public:
    JobFunction() noexcept;
    JobFunction(KeptFunction function, void (*run)(void* function)) noexcept;
    JobFunction(KeptFunction function, task<> (*start)(void* function)) noexcept;
    JobFunction(JobFunction&& other) noexcept;
    JobFunction& operator=(JobFunction&&) = delete;
    ~JobFunction();

    /// Returns the coroutine that it has started; no value for a plain function, which has run.
    std::optional<task<>> start() const;

private:
    KeptFunction function_ = {};
    void (*run_)(void* function) = nullptr;      // one of these two
    task<> (*start_)(void* function) = nullptr;  // is set
};

template <class F>
JobFunction make_job(F function) {
    static_assert(!std::is_member_function_pointer_v<F>,
                  "intent: a member function needs its object: every(5min, &Bot::tick, this)");
    static_assert(!is_task<F>::value,
                  "intent: a job is a function that starts the task, as in [this] { return tick(); }, because it runs "
                  "more than once");
    if constexpr (std::is_invocable_v<F&>) {
        using Result = std::invoke_result_t<F&>;
        static_assert(std::is_void_v<Result> || std::is_same_v<Result, task<>>,
                      "intent: a job returns void or intent::task<>");
        if constexpr (is_task<Result>::value) {
            const auto start = [](void* erased) -> task<> { return (*static_cast<F*>(erased))(); };
            return JobFunction(erase_function<F>(std::move(function)), start);
        } else {
            const auto run = [](void* erased) -> void { static_cast<void>((*static_cast<F*>(erased))()); };
            return JobFunction(erase_function<F>(std::move(function)), run);
        }
    } else {
        static_assert(std::is_member_function_pointer_v<F> || is_task<F>::value,
                      "intent: a job is a function without parameters that returns void or intent::task<>");
        return JobFunction();
    }
}

template <class M, class O>
requires std::is_member_function_pointer_v<M> JobFunction make_job(M member, O* object) {
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
