// Runs a program as a child process.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace tool {

/// Finds a command's executable file as a shell does; unset if there is none.
std::optional<std::string> program_file(const std::string& name);

/// How a process ended, from waitpid's status: "status 3", "signal 11 (Segmentation fault)".
std::string ending_text(int raw);

/// A child process and its descendants, in their own process group: a terminal's Ctrl-C does not reach them. They are
/// terminated when this process ends.
///
/// Threads: one thread. The thread that calls `start` must outlive the child.
class Child {
public:
    Child() = default;
    ~Child() { kill_all(); }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// Starts `file`. `variables` ("NAME=value") override our environment. The child shares our standard output and
    /// error, and our standard input unless that is a terminal. Returns errno, or 0 on success.
    int start(const std::string& file, std::vector<std::string> words, const std::vector<std::string>& variables);

    bool running() const { return id_ > 0; }

    /// Sends a signal to the process group.
    void signal(int number) const;

    /// Returns waitpid's status if the child has ended, and kills its remaining descendants.
    std::optional<int> reap();

private:
    void kill_all();

    pid_t id_ = 0;
};

}  // namespace tool
