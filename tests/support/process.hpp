// Another program: started, spoken to by lines, and ended with the test.
#pragma once

#include "tests/support/waiting.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

extern char** environ;

namespace intent::test {

/// A program that runs beside the test. Its standard error is the test's.
///
/// Threads: `lines` is safe; the rest on one thread.
class Process {
public:
    /// `arguments` begins with the program's name, which is looked for in PATH.
    Process(std::vector<std::string> arguments, const std::string& directory) {
        int in[2];
        int out[2];
        if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
        posix_spawn_file_actions_addchdir_np(&actions, directory.c_str());
        std::vector<char*> pointers;
        for (auto& argument : arguments)
            pointers.push_back(argument.data());
        pointers.push_back(nullptr);
        const int error = posix_spawnp(&id_, pointers[0], &actions, nullptr, pointers.data(), environ);
        posix_spawn_file_actions_destroy(&actions);
        close(in[0]);
        close(out[1]);
        stdin_ = in[1];
        stdout_ = out[0];
        if (error != 0) {
            close(stdin_);
            close(stdout_);
            throw std::runtime_error("cannot start " + arguments[0] + ": " + std::strerror(error));
        }
        reader_ = std::thread([this] { read(); });
    }

    ~Process() {
        if (!wait(std::chrono::milliseconds(0))) {
            close_stdin();
            if (!wait(std::chrono::seconds(10))) {
                kill(id_, SIGKILL);
                wait(long_enough);
            }
        }
        close_stdin();
        reader_.join();
        close(stdout_);
    }

    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    /// Writes a line to its standard input.
    void tell(std::string line) {
        line.push_back('\n');
        for (std::string_view rest = line; !rest.empty();) {
            const auto written = write(stdin_, rest.data(), rest.size());
            if (written <= 0) throw std::runtime_error("the program does not read");
            rest.remove_prefix(static_cast<std::size_t>(written));
        }
    }

    void close_stdin() {
        if (stdin_ >= 0) close(stdin_);
        stdin_ = -1;
    }

    /// Sends it a signal; no effect once its end was seen.
    void signal(int number) {
        if (!status_) kill(id_, number);
    }

    /// Its exit status once it has ended and all its output is in `lines`; 128 + n if signal n ended it.
    std::optional<int> wait(std::chrono::milliseconds timeout = long_enough) {
        if (status_) return status_;
        if (!ended_.pass(timeout)) return std::nullopt;  // its output has ended: so does it
        int raw = 0;
        while (waitpid(id_, &raw, 0) < 0 && errno == EINTR) {
        }
        status_ = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
        return status_;
    }

    /// Lines of its standard output, as they come.
    Recorder<std::string> lines;

private:
    void read() {
        std::string pending;
        char buffer[4096];
        for (;;) {
            const auto count = ::read(stdout_, buffer, sizeof buffer);
            if (count < 0 && errno == EINTR) continue;
            if (count <= 0) break;
            pending.append(buffer, static_cast<std::size_t>(count));
            for (auto end = pending.find('\n'); end != std::string::npos; end = pending.find('\n')) {
                lines.add(pending.substr(0, end));
                pending.erase(0, end + 1);
            }
        }
        if (!pending.empty()) lines.add(pending);
        ended_.open();
    }

    pid_t id_ = -1;
    int stdin_ = -1;
    int stdout_ = -1;
    std::optional<int> status_;
    Door ended_;
    std::thread reader_;
};

}  // namespace intent::test
