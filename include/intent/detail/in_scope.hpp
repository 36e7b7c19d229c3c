// The scope that the current code runs for.
#pragma once

#include <intent/detail/export.hpp>
#include <intent/task.hpp>

#include <cstddef>
#include <memory>

namespace intent::inline v0::detail {

/// A scope guard: while it exists, the code on this thread belongs to the scope, and so do tasks that start in it.
/// Null: no scope.
///
/// Threads: created and destroyed on one thread, in LIFO order.
class INTENT_API InScope {
public:
    explicit InScope(std::shared_ptr<ScopeState> scope, TaskState* resumed = nullptr) noexcept;
    ~InScope();
    InScope(const InScope&) = delete;
    InScope& operator=(const InScope&) = delete;

    /// False if the scope has ended; the code must then not run.
    explicit operator bool() const noexcept { return entered_; }

    /// The scope of the code that runs on this thread; null for no scope.
    static const std::shared_ptr<ScopeState>& current() noexcept;
    /// The number of guards of this scope on this thread.
    static std::size_t count(const ScopeState& scope) noexcept;

private:
    const std::shared_ptr<ScopeState> scope_;
    const InScope* const outer_;
    const bool entered_;
};

}  // namespace intent::detail
