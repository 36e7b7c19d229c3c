// Which scope the present code runs for.
#pragma once

#include <intent/task.hpp>

#include <cstddef>
#include <memory>

namespace intent::detail {

/// Makes the code that runs while it exists a scope's: tasks that start in it belong to the scope. Null: to none.
///
/// Threads: made and destroyed on one, in the manner of a stack.
class InScope {
public:
    explicit InScope(std::shared_ptr<ScopeState> scope, TaskState* resumed = nullptr) noexcept;
    ~InScope();
    InScope(const InScope&) = delete;
    InScope& operator=(const InScope&) = delete;

    /// False: the scope has ended, and the code must not run.
    explicit operator bool() const noexcept { return entered_; }

    /// The scope of the code that runs on this thread; null: none.
    static const std::shared_ptr<ScopeState>& current() noexcept;
    /// How many there are of a scope on this thread.
    static std::size_t count(const ScopeState& scope) noexcept;

private:
    const std::shared_ptr<ScopeState> scope_;
    const InScope* const outer_;
    const bool entered_;
};

}  // namespace intent::detail
