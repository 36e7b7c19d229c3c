// Simulates a lack of memory.
#pragma once

namespace intent::test {

/// From now on, every allocation on this thread throws std::bad_alloc.
void fail_allocations() noexcept;

}  // namespace intent::test
