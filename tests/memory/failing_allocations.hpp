// Memory that runs out at a place of the test's choice.
#pragma once

namespace intent::test {

/// Lets the `nth` next allocation by this thread (from 0) fail with std::bad_alloc, once.
void fail_allocation(int nth) noexcept;

/// Ends the wait for it; true if it had come.
bool allocation_failed() noexcept;

}  // namespace intent::test
