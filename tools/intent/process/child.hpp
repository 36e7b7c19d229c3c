// A program that is run on somebody's behalf.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace tool {

/// The file that a command's name stands for, as a shell finds it; nothing if there is none that can be run.
std::optional<std::string> program_file(const std::string& name);

/// "status 3", "signal 11 (Segmentation fault)": how a process ended, of waitpid's number.
std::string ending_text(int raw);

/// A process and its own, in a process group of their own: a terminal's Ctrl-C does not reach them. They are ended when
/// this process is.
///
/// Threads: one thread, and the same for `start` as for the process's whole life.
class Child {
public:
    Child() = default;
    ~Child() { kill_all(); }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// Starts `file`. `variables` ("NAME=value") stand over those of our environment. Standard output and error are
    /// ours; standard input is, unless it is a terminal. The error of the system's, 0 if there was none.
    int start(const std::string& file, std::vector<std::string> words, const std::vector<std::string>& variables);

    bool running() const { return id_ > 0; }

    /// To the process and its own.
    void signal(int number) const;

    /// How it ended, of waitpid's kind, if it has. What it left running is killed then.
    std::optional<int> reap();

private:
    void kill_all();

    pid_t id_ = 0;
};

}  // namespace tool
