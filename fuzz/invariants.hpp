// The tests' session driver outside of a test: a failed expectation ends the program.
#pragma once

#include "tests/support/session_driver.hpp"

#include <csignal>
#include <cstdlib>

/// libFuzzer calls this first.
extern "C" [[gnu::used]] inline int LLVMFuzzerInitialize(int*, char***) {
    testing::GTEST_FLAG(break_on_failure) = true;
    std::signal(SIGTRAP,
                [](int) { std::abort(); });  // raised by a failed expectation; libFuzzer keeps the input of an abort
    return 0;
}
