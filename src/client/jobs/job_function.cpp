// The functions of jobs. Compiled once here, and not in each source of a bot.
#include <intent/detail/job.hpp>

#include <optional>
#include <utility>

namespace intent::inline v0::detail {

JobFunction::JobFunction() noexcept = default;
JobFunction::JobFunction(KeptFunction function, void (*run)(void* function)) noexcept
    : function_(function), run_(run) {}
JobFunction::JobFunction(KeptFunction function, task<> (*start)(void* function)) noexcept
    : function_(function), start_(start) {}
JobFunction::JobFunction(JobFunction&& other) noexcept
    : function_(std::exchange(other.function_, {})), run_(other.run_), start_(other.start_) {}
JobFunction::~JobFunction() {
    if (function_.destroy) function_.destroy(function_.function);
}

std::optional<task<>> JobFunction::start() const {
    if (start_) return start_(function_.function);
    run_(function_.function);
    return std::nullopt;
}

}  // namespace intent::detail
