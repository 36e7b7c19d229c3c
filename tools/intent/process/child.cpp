#include "tools/intent/process/child.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string_view>

extern char** environ;

namespace tool {

namespace {

bool can_be_run(const std::string& file) {
    struct stat status {};
    return stat(file.c_str(), &status) == 0 && S_ISREG(status.st_mode) && access(file.c_str(), X_OK) == 0;
}

std::vector<std::string> environment_with(const std::vector<std::string>& variables) {
    std::vector<std::string> all = variables;
    for (char** one = environ; *one; ++one) {
        const std::string_view text(*one);
        const auto name = text.substr(0, text.find('=') + 1);
        bool replaced = false;
        for (const auto& variable : variables)
            replaced = replaced || std::string_view(variable).starts_with(name);
        if (!replaced) all.emplace_back(text);
    }
    return all;
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
    std::vector<char*> pointers;
    pointers.reserve(words.size() + 1);
    for (auto& word : words)
        pointers.push_back(word.data());
    pointers.push_back(nullptr);
    return pointers;
}

/// Runs in the new process: only calls functions that are safe after fork in a process with threads.
[[noreturn]] void become(const char* file, char* const* words, char* const* variables, int silence, int report) {
    setpgid(0, 0);
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGTERM);
#endif
    if (silence >= 0) dup2(silence, STDIN_FILENO);
    ::signal(SIGPIPE, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    execve(file, words, variables);
    const int error = errno;
    [[maybe_unused]] const auto written = write(report, &error, sizeof error);
    _exit(127);
}

}  // namespace

std::optional<std::string> program_file(const std::string& name) {
    if (name.find('/') != std::string::npos) return can_be_run(name) ? std::optional(name) : std::nullopt;
    const char* variable = std::getenv("PATH");
    std::string_view path = variable ? variable : "/usr/bin:/bin";
    while (!name.empty()) {
        const auto folder = path.substr(0, path.find(':'));
        std::string file = (folder.empty() ? "." : std::string(folder)) + "/" + name;
        if (can_be_run(file)) return file;
        if (folder.size() == path.size()) break;
        path.remove_prefix(folder.size() + 1);
    }
    return std::nullopt;
}

std::string ending_text(int raw) {
    if (!WIFSIGNALED(raw)) return "status " + std::to_string(WEXITSTATUS(raw));
    const int number = WTERMSIG(raw);
    return "signal " + std::to_string(number) + " (" + strsignal(number) + ")";
}

int Child::start(const std::string& file, std::vector<std::string> words, const std::vector<std::string>& variables) {
    auto all = environment_with(variables);
    const auto environment = pointers_to(all);
    const auto arguments = pointers_to(words);
    const int silence = isatty(STDIN_FILENO) ? open("/dev/null", O_RDONLY | O_CLOEXEC) : -1;
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) return errno;
    const pid_t id = fork();
    if (id == 0) become(file.c_str(), arguments.data(), environment.data(), silence, report[1]);
    int error = id < 0 ? errno : 0;
    close(report[1]);
    if (silence >= 0) close(silence);
    // The pipe is closed by a successful exec, or carries the error.
    if (id > 0) {
        id_ = id;
        setpgid(id, id);
        while (read(report[0], &error, sizeof error) < 0 && errno == EINTR) {
        }
        if (error != 0) {
            waitpid(id, nullptr, 0);
            id_ = 0;
        }
    }
    close(report[0]);
    return error;
}

void Child::signal(int number) const {
    if (id_ > 0) kill(-id_, number);
}

std::optional<int> Child::reap() {
    int raw = 0;
    if (id_ <= 0 || waitpid(id_, &raw, WNOHANG) != id_) return std::nullopt;
    kill(-id_, SIGKILL);
    id_ = 0;
    return raw;
}

void Child::kill_all() {
    if (id_ <= 0) return;
    kill(-id_, SIGKILL);
    waitpid(id_, nullptr, 0);
    id_ = 0;
}

}  // namespace tool
