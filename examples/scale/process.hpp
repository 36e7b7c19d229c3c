// A program that the demo starts, listens to and kills.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <thread>
#include <vector>

/// A child process. It ends with this object, and if this process dies.
///
/// Threads: one; `line` is called on another.
class Process {
public:
    /// Starts a program. `variables` ("NAME=value") are added to the environment; `line` gets each line of its standard
    /// output and, if `with_errors`, of its standard error.
    ///
    /// Errors: std::runtime_error if it cannot be started.
    Process(std::vector<std::string> words, const std::vector<std::string>& variables, bool with_errors,
            std::function<void(const std::string&)> line);
    ~Process();  ///< SIGTERM, and SIGKILL after 10 s
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    pid_t id() const { return id_; }

    /// Sends a signal and, if it is SIGKILL, waits for the end.
    void signal(int number);

    /// Waits for the end of the program and of its output. Returns its exit status, -1 after a signal.
    int wait();

private:
    void read(const std::function<void(const std::string&)>& line);

    pid_t id_ = -1;
    int output_ = -1;
    int status_ = -1;
    std::thread reader_;
};

/// Where a program is: the value of `variable`, a path, or a name in PATH, /usr/sbin and /usr/local/sbin. Empty if it
/// is not there.
std::string find_program(const char* variable, const std::string& name);
