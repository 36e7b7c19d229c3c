// The test program's own operator new.
#include "tests/memory/failing_allocations.hpp"

#include <cstdlib>
#include <new>

namespace {

thread_local bool fails = false;

}  // namespace

void intent::test::fail_allocations() noexcept { fails = true; }

void* operator new(std::size_t size) {
    if (!fails)
        if (void* const memory = std::malloc(size > 0 ? size : 1)) return memory;
    throw std::bad_alloc();
}

void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return fails ? nullptr : std::malloc(size > 0 ? size : 1);
}

void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
