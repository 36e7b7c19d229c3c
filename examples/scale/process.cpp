#include "process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <string_view>

namespace {

std::vector<char*> pointers_to(std::vector<std::string>& words) {
    std::vector<char*> pointers;
    for (auto& word : words)
        pointers.push_back(word.data());
    pointers.push_back(nullptr);
    return pointers;
}

std::vector<std::string> environment_with(const std::vector<std::string>& variables) {
    std::vector<std::string> all = variables;
    for (char** one = environ; *one; ++one) {
        // Variables of a shell in which somebody works on a bot must not reach the programs of the demo.
        if (!std::string_view(*one).starts_with("INTENT_")) all.emplace_back(*one);
    }
    return all;
}

}  // namespace

Process::Process(std::vector<std::string> words, const std::vector<std::string>& variables, bool with_errors,
                 std::function<void(const std::string&)> line) {
    int pipe_ends[2];
    if (pipe2(pipe_ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
    std::vector<std::string> environment = environment_with(variables);
    const auto arguments = pointers_to(words);
    const auto all = pointers_to(environment);
    id_ = fork();
    if (id_ == 0) {
        // Only what is safe after fork in a process with threads.
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(pipe_ends[1], STDOUT_FILENO);
        if (with_errors) dup2(pipe_ends[1], STDERR_FILENO);
        // A Ctrl-C is for the demo, which then ends its programs.
        setpgid(0, 0);
        execve(arguments.front(), arguments.data(), all.data());
        _exit(127);
    }
    close(pipe_ends[1]);
    output_ = pipe_ends[0];
    if (id_ < 0) {
        close(output_);
        throw std::runtime_error("cannot start " + words.front());
    }
    reader_ = std::thread([this, line = std::move(line)] { read(line); });
}

Process::~Process() {
    if (id_ > 0) {
        kill(id_, SIGTERM);
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (waitpid(id_, nullptr, WNOHANG) == 0) {
            if (std::chrono::steady_clock::now() > deadline) kill(id_, SIGKILL);
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    }
    if (reader_.joinable()) reader_.join();
    close(output_);
}

void Process::signal(int number) {
    if (id_ <= 0) return;
    kill(id_, number);
    if (number == SIGKILL) wait();
}

int Process::wait() {
    if (id_ > 0) {
        int raw = 0;
        waitpid(id_, &raw, 0);
        id_ = -1;
        status_ = WIFEXITED(raw) ? WEXITSTATUS(raw) : -1;
    }
    if (reader_.joinable()) reader_.join();
    return status_;
}

void Process::read(const std::function<void(const std::string&)>& line) {
    std::string pending;
    char buffer[4096];
    for (;;) {
        const auto count = ::read(output_, buffer, sizeof buffer);
        if (count <= 0) return;
        pending.append(buffer, static_cast<std::size_t>(count));
        for (auto end = pending.find('\n'); end != std::string::npos; end = pending.find('\n')) {
            line(pending.substr(0, end));
            pending.erase(0, end + 1);
        }
    }
}

std::string find_program(const char* variable, const std::string& name) {
    if (const char* value = std::getenv(variable)) return access(value, X_OK) == 0 ? value : "";
    std::string path = std::getenv("PATH") ? std::getenv("PATH") : "/usr/bin:/bin";
    path += ":/usr/sbin:/usr/local/sbin";
    for (std::size_t begin = 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find(':', begin), path.size());
        std::string file = path.substr(begin, end - begin) + "/" + name;
        if (access(file.c_str(), X_OK) == 0) return file;
        begin = end + 1;
    }
    return {};
}
