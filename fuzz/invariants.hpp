// The tests' session driver outside of a test: a broken expectation ends the program.
#pragma once

#include "tests/support/session_driver.hpp"

#include <csignal>
#include <cstdlib>

/// Called by libFuzzer before anything else.
extern "C" [[gnu::used]] inline int LLVMFuzzerInitialize(int*, char***) {
    testing::GTEST_FLAG(break_on_failure) = true;
    std::signal(SIGTRAP, [](int) { std::abort(); });  // that is how it breaks; libFuzzer keeps the input of an abort
    return 0;
}
