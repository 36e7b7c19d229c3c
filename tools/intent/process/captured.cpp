#include "tools/intent/process/captured.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

extern char** environ;

namespace tool {

namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

[[noreturn]] void fail(int error, const std::string& what) {
    throw std::system_error(error, std::generic_category(), what);
}

/// An unnamed file that is deleted when it is closed.
File temporary_file() {
    File file(std::tmpfile(), std::fclose);
    if (!file) fail(errno, "temporary file");
    fcntl(fileno(file.get()), F_SETFD, FD_CLOEXEC);
    return file;
}

std::string content_of(std::FILE* file) {
    std::string content;
    char part[16 * 1024];
    std::rewind(file);
    while (const auto size = std::fread(part, 1, sizeof part, file))
        content.append(part, size);
    return content;
}

}  // namespace

Captured run_captured(const std::string& file, std::vector<std::string> words) {
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (auto& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);

    // Files instead of pipes: two pipes would have to be read concurrently.
    const File output = temporary_file();
    const File errors = temporary_file();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, fileno(output.get()), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, fileno(errors.get()), STDERR_FILENO);
    pid_t id = 0;
    const int error = posix_spawn(&id, file.c_str(), &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) fail(error, file);

    int raw = 0;
    while (waitpid(id, &raw, 0) < 0 && errno == EINTR) {
    }
    return {.status = WIFSIGNALED(raw) ? 128 + WTERMSIG(raw) : WEXITSTATUS(raw),
            .output = content_of(output.get()),
            .errors = content_of(errors.get())};
}

}  // namespace tool
