#include "tests/support/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string_view>

extern char** environ;

namespace intent::test {

Process::Process(std::vector<std::string> arguments, const std::string& directory) {
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

Process::~Process() {
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

void Process::tell(std::string line) {
    line.push_back('\n');
    for (std::string_view rest = line; !rest.empty();) {
        const auto written = write(stdin_, rest.data(), rest.size());
        if (written <= 0) throw std::runtime_error("the program does not read");
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
}

void Process::close_stdin() {
    if (stdin_ >= 0) close(stdin_);
    stdin_ = -1;
}

void Process::signal(int number) {
    if (!status_) kill(id_, number);
}

std::optional<int> Process::wait(std::chrono::milliseconds timeout) {
    if (status_) return status_;
    if (!ended_.pass(timeout)) return std::nullopt;  // its output has ended: so does it
    int raw = 0;
    while (waitpid(id_, &raw, 0) < 0 && errno == EINTR) {
    }
    status_ = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
    return status_;
}

void Process::read() {
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

}  // namespace intent::test
