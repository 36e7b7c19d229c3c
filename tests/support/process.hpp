// Another program: started, spoken to by lines, and ended with the test.
#pragma once

#include "tests/support/waiting.hpp"

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace intent::test {

/// A program that runs beside the test. Its standard error is the test's.
///
/// Threads: `lines` is safe; the rest on one thread.
class Process {
public:
    /// `arguments` begins with the program's name, which is looked for in PATH.
    Process(std::vector<std::string> arguments, const std::string& directory);

    ~Process();

    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    /// Writes a line to its standard input.
    void tell(std::string line);

    void close_stdin();

    /// Sends it a signal; no effect once its end was seen.
    void signal(int number);

    /// Its exit status once it has ended and all its output is in `lines`; 128 + n if signal n ended it.
    std::optional<int> wait(std::chrono::milliseconds timeout = long_enough);

    /// Lines of its standard output, as they come.
    Recorder<std::string> lines;

private:
    void read();

    pid_t id_ = -1;
    int stdin_ = -1;
    int stdout_ = -1;
    std::optional<int> status_;
    Door ended_;
    std::thread reader_;
};

}  // namespace intent::test
