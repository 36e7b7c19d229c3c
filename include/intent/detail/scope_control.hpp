// What a module does with its scope.
#pragma once

#include <intent/detail/export.hpp>
#include <intent/detail/task_state.hpp>

#include <memory>

namespace intent::inline v0::detail {

/// Until `begin_scope`, only the calling thread runs code of the scope: its handlers take no events, its predicates
/// match nothing, and a coroutine that is resumed on another thread continues after `begin_scope`.
INTENT_API void hold_scope(ScopeState& scope) noexcept;
INTENT_API void begin_scope(ScopeState& scope) noexcept;

/// Ends the scope without waiting for its code that runs, which continues up to its end or its next wait. When none is
/// left (in this call, or later on the thread of the last one), the scope's coroutines and then `kept` are destroyed.
INTENT_API void end_scope_soon(ScopeState& scope, std::shared_ptr<void> kept) noexcept;

}  // namespace intent::detail
