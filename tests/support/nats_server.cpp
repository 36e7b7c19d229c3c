#include "tests/support/nats_server.hpp"

#include "tests/support/loopback.hpp"
#include "tests/support/waiting.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <future>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <stop_token>
#include <string_view>
#include <thread>
#include <utility>

namespace intent::test {
namespace {

std::string program() {
    if (const char* chosen = std::getenv("NATS_SERVER"); chosen != nullptr && *chosen != '\0') return chosen;
    const char* path = std::getenv("PATH");
    std::istringstream folders(std::string(path == nullptr ? "" : path) + ":/usr/sbin:/usr/local/sbin");
    for (std::string folder; std::getline(folders, folder, ':');) {
        const auto file = std::filesystem::path(folder) / "nats-server";
        if (access(file.c_str(), X_OK) == 0) return file.string();
    }
    return {};
}

bool can_listen(std::uint16_t port) {
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const auto address = loopback(port);
    const bool bound = bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    close(descriptor);
    return bound;
}

void replace_all(std::string& text, std::string_view from, const std::string& to) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
}

/// Starts servers on a thread that lives as long as this process: the system ends them with the thread.
class Launcher {
public:
    struct Job {
        std::string program;
        std::string config_file;
        std::string log_file;
    };

    static Launcher& instance() {
        static Launcher launcher;
        return launcher;
    }

    pid_t launch(const Job& job) {
        std::packaged_task<pid_t()> task([&job] { return start(job); });
        auto result = task.get_future();
        {
            const std::lock_guard lock(mutex_);
            tasks_.push_back(std::move(task));
            changed_.notify_all();
        }
        return result.get();
    }

private:
    static pid_t start(const Job& job) {
        const pid_t child = fork();
        if (child < 0) throw std::runtime_error("cannot start nats-server");
        if (child > 0) return child;
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        const int output = open(job.log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        dup2(output, STDOUT_FILENO);
        dup2(output, STDERR_FILENO);
        execl(job.program.c_str(), "nats-server", "-c", job.config_file.c_str(), nullptr);
        _exit(127);
    }

    void run(const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        while (changed_.wait(lock, stop, [&] { return !tasks_.empty(); })) {
            auto task = std::move(tasks_.front());
            tasks_.pop_front();
            lock.unlock();
            task();
            lock.lock();
        }
    }

    std::mutex mutex_;
    std::condition_variable_any changed_;
    std::deque<std::packaged_task<pid_t()>> tasks_;
    std::jthread thread_{[this](const std::stop_token& stop) { run(stop); }};
};

}  // namespace

/// A port below those that the system gives to connections, so that it stays free while the server is down. The lock
/// keeps other tests from choosing it.
ReservedPort::ReservedPort() {
    constexpr unsigned first = 20'000;
    constexpr unsigned count = 12'000;
    const auto folder = std::filesystem::temp_directory_path();
    for (unsigned i = 0; i < count; ++i) {
        const auto port = static_cast<std::uint16_t>(first + (static_cast<unsigned>(getpid()) * 31 + i) % count);
        const auto file = folder / ("intent-test-port-" + std::to_string(port));
        lock_ = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (lock_ >= 0 && flock(lock_, LOCK_EX | LOCK_NB) == 0 && can_listen(port)) {
            number_ = port;
            return;
        }
        if (lock_ >= 0) close(lock_);
    }
    throw std::runtime_error("no free port");
}

ReservedPort::~ReservedPort() { close(lock_); }

NatsServer::NatsServer(const std::string& config) {
    configure(config);
    start();
}

NatsServer::~NatsServer() { kill(); }

bool NatsServer::installed() { return !program().empty(); }

void NatsServer::configure(const std::string& config) {
    config_ = "listen: \"127.0.0.1:" + std::to_string(port_.number()) + "\"\n";
    if (config.find("jetstream {") == std::string::npos) config_ += "jetstream { store_dir: \"$DIR\" }\n";
    config_ += config + "\n";
    replace_all(config_, "$DIR", folder_.path());
}

void NatsServer::start() {
    if (running()) return;
    const auto file = folder_.write("nats.conf", config_);
    const auto log_file = folder_.file("nats.log");
    const auto path = program();
    process_ = Launcher::instance().launch({path, file, log_file});
    eventually([&] {
        if (waitpid(process_, nullptr, WNOHANG) != 0) process_ = -1;
        return !running() || ready();
    });
    if (running() && ready()) return;
    const auto text = log();
    kill();
    throw std::runtime_error("nats-server does not start:\n" + text);
}

void NatsServer::kill() { end(SIGKILL); }

void NatsServer::stop() { end(SIGTERM); }

void NatsServer::suspend() { ::kill(process_, SIGSTOP); }

void NatsServer::resume() { ::kill(process_, SIGCONT); }

void NatsServer::end(int signal) {
    if (!running()) return;
    ::kill(process_, signal);
    if (signal != SIGKILL) ::kill(process_, SIGCONT);
    while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR)
        continue;
    process_ = -1;
}

bool NatsServer::ready() const {
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto address = loopback(port_.number());
    const bool connected = connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    // Its first line; before that, another program may have the port.
    std::array<char, 5> first{};
    const bool greets = connected && recv(descriptor, first.data(), first.size(), MSG_WAITALL) == 5 &&
                        std::string_view(first.data(), first.size()) == "INFO ";
    close(descriptor);
    return greets;
}

std::string NatsServer::log() const {
    constexpr std::size_t most = 4'000;
    const auto text = content_of(folder_.file("nats.log"));
    return text.size() > most ? text.substr(text.size() - most) : text;
}

}  // namespace intent::test
