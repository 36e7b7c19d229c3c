// The test program's own operator new.
#include "tests/memory/failing_allocations.hpp"

#include <cstdlib>
#include <new>

namespace {

constexpr int never = -1;
thread_local int allocations_left = never;

bool fails_now() noexcept { return allocations_left != never && allocations_left-- == 0; }

}  // namespace

namespace intent::test {

void fail_allocation(int nth) noexcept { allocations_left = nth; }

bool allocation_failed() noexcept {
    const bool failed = allocations_left == never;
    allocations_left = never;
    return failed;
}

}  // namespace intent::test

void* operator new(std::size_t size) {
    if (fails_now()) throw std::bad_alloc();
    if (void* const memory = std::malloc(size > 0 ? size : 1)) return memory;
    throw std::bad_alloc();
}

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return fails_now() ? nullptr : std::malloc(size > 0 ? size : 1);
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
