// A bot under load is stopped, killed and started again, many times. After an orderly stop no event may be handled
// twice, and none may be lost, whatever happened.
#include "tests/soak/restarts/bot.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <intent/sandbox.hpp>

#include <signal.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace intent::test {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t channels = 8;

struct Plan {
    int restarts = 200;  ///< orderly ones
    int crashes = 50;
    int rate = 400;  ///< events per second
    std::uint64_t seed = 1;
};

/// Posts messages with consecutive numbers until it is destroyed.
class Talker {
public:
    Talker(Sandbox& sandbox, int rate) : sandbox_(sandbox), pause_(std::chrono::microseconds(1s) / rate) {
        for (std::size_t i = 0; i < channels; ++i)
            rooms_.push_back(sandbox.create_channel("alice", sandbox.server(), "room-" + std::to_string(i)));
        thread_ = std::thread([this] { talk(); });
    }
    ~Talker() { stop(); }
    Talker(const Talker&) = delete;
    Talker& operator=(const Talker&) = delete;

    /// Returns how many there were.
    std::size_t stop() {
        over_ = true;
        if (thread_.joinable()) thread_.join();
        return said_;
    }

private:
    void talk() {
        for (auto next = std::chrono::steady_clock::now(); !over_; next += pause_) {
            std::this_thread::sleep_until(next);
            sandbox_.say("alice", rooms_[said_ % channels], std::to_string(said_));
            ++said_;
        }
    }

    Sandbox& sandbox_;
    const std::chrono::microseconds pause_;
    std::vector<ChannelId> rooms_;
    std::atomic<bool> over_ = false;
    std::size_t said_ = 0;
    std::thread thread_;
};

/// What the processes of the bot have noted: for each event, the numbers of those that handled it.
std::map<std::size_t, std::vector<std::size_t>> read_notes(const std::string& path) {
    std::map<std::size_t, std::vector<std::size_t>> notes;
    std::ifstream lines(path);
    for (std::size_t serial = 0, process = 0; lines >> serial >> process;)
        notes[serial].push_back(process);
    return notes;
}

class Drill {
public:
    Drill(std::string program, const Plan& plan) : program_(std::move(program)), plan_(plan), random_(plan.seed) {}

    bool run() {
        std::vector<bool> crash(static_cast<std::size_t>(plan_.restarts + plan_.crashes), false);
        std::fill_n(crash.begin(), plan_.crashes, true);
        std::shuffle(crash.begin(), crash.end(), random_);
        start();  // first, so that its session has every event
        Talker talker(sandbox_, plan_.rate);
        for (const bool is_crash : crash) {
            std::this_thread::sleep_for(std::chrono::milliseconds(100 + random_() % 400));
            end(is_crash);
            start();
        }
        const std::size_t events = talker.stop();
        const auto all = [&] { return read_notes(notes_).size() >= events; };
        for (const auto deadline = std::chrono::steady_clock::now() + 30s;
             !all() && std::chrono::steady_clock::now() < deadline;)
            std::this_thread::sleep_for(50ms);
        end(false);
        return judge(events);
    }

private:
    void start() {
        crashed_.push_back(false);
        const std::string token(sandbox_.bot_token().reveal());
        bot_ = std::make_unique<Process>(
            std::vector<std::string>{"env", "INTENT_TOKEN=" + token, program_, "--bot", sandbox_.gateway_url(),
                                     folder_.file("session"), notes_, std::to_string(crashed_.size() - 1)},
            ".");
        if (!bot_->lines.wait_contains("up")) throw std::runtime_error("the bot does not connect");
    }

    void end(bool is_crash) {
        crashed_.back() = is_crash;
        const auto begin = std::chrono::steady_clock::now();
        bot_->signal(is_crash ? SIGKILL : SIGTERM);
        const auto status = bot_->wait();
        if (status != (is_crash ? 128 + SIGKILL : 0))
            throw std::runtime_error("the bot ended with status " + std::to_string(status.value_or(-1)));
        if (!is_crash) slowest_ = std::max(slowest_, std::chrono::steady_clock::now() - begin);
        for (const auto& line : bot_->lines.all())
            if (line.starts_with("skipped ")) skipped_ += std::stoull(line.substr(8));
    }

    bool judge(std::size_t events) const {
        std::size_t lost = 0;
        std::size_t after_stop = 0;
        std::size_t after_crash = 0;
        const auto notes = read_notes(notes_);
        for (std::size_t serial = 0; serial < events; ++serial) {
            const auto found = notes.find(serial);
            if (found == notes.end()) {
                ++lost;
                continue;
            }
            // Only a crash of a process that handled an event lets the next one handle it again.
            const auto& processes = found->second;
            for (std::size_t i = 0; i + 1 < processes.size(); ++i) {
                const bool excused = crashed_[processes[i]] && processes[i] != processes[i + 1];
                ++(excused ? after_crash : after_stop);
            }
        }
        const bool good =
            lost == 0 && after_stop == 0 && sandbox_.identifies() == 1 && (plan_.restarts == 0 || skipped_ > 0);
        std::printf("restarts %d, crashes %d, events %zu in %zu channels\n", plan_.restarts, plan_.crashes, events,
                    channels);
        std::printf("handled twice after a restart %zu, after a crash %zu, lost %zu\n", after_stop, after_crash, lost);
        std::printf("dropped from a replay because they were handled %llu, sessions %zu, slowest stop %lld ms\n",
                    static_cast<unsigned long long>(skipped_), static_cast<std::size_t>(sandbox_.identifies()),
                    static_cast<long long>(std::chrono::duration_cast<std::chrono::milliseconds>(slowest_).count()));
        std::printf("drill of restarts: %s\n", good ? "passed" : "FAILED");
        return good;
    }

    const std::string program_;
    const Plan plan_;
    std::mt19937_64 random_;
    const TemporaryFolder folder_;
    const std::string notes_ = folder_.file("notes");
    Sandbox sandbox_;
    std::unique_ptr<Process> bot_;
    std::vector<bool> crashed_;  ///< for each process of the bot
    std::uint64_t skipped_ = 0;  ///< by those that ended in an orderly way
    std::chrono::steady_clock::duration slowest_{};
};

}  // namespace
}  // namespace intent::test

int main(int argc, char** argv) {
    using namespace intent::test;
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    try {
        if (arguments.size() == 5 && arguments[0] == "--bot")
            return run_restarted_bot({arguments.begin() + 1, arguments.end()});
        Plan plan;
        if (arguments.size() > 0) plan.restarts = std::stoi(arguments[0]);
        if (arguments.size() > 1) plan.crashes = std::stoi(arguments[1]);
        if (arguments.size() > 2) plan.rate = std::stoi(arguments[2]);
        if (arguments.size() > 3) plan.seed = std::stoull(arguments[3]);
        if (arguments.size() > 4 || plan.restarts < 0 || plan.crashes < 0 || plan.rate < 1 || plan.rate > 10'000) {
            std::fputs("usage: intent_soak_restarts [RESTARTS [CRASHES [EVENTS per second (1-10000) [SEED]]]]\n",
                       stderr);
            return 2;
        }
        return Drill(std::filesystem::read_symlink("/proc/self/exe"), plan).run() ? 0 : 1;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "drill of restarts: %s\n", error.what());
        return 1;
    }
}
