#include "tests/soak/scale/talker.hpp"

namespace intent::test {

using namespace std::chrono_literals;

Talker::Talker(Sandbox& sandbox, std::size_t channels, int per_second)
    : sandbox_(sandbox), pause_(std::chrono::microseconds(1s) / per_second) {
    for (std::size_t i = 0; i < channels; ++i)
        channels_.push_back(sandbox.create_channel("alice", sandbox.server(), "room-" + std::to_string(i)));
    thread_ = std::thread([this] { talk(); });
}

Talker::~Talker() { stop(); }

std::int64_t Talker::time_of(std::size_t serial) const {
    const std::lock_guard lock(mutex_);
    return times_.at(serial);
}

std::size_t Talker::say(const std::string& text) {
    const std::lock_guard lock(mutex_);  // so that the numbers have the order of the messages
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    times_.push_back(std::chrono::duration_cast<std::chrono::microseconds>(now).count());
    const std::size_t serial = said_;
    sandbox_.say("alice", channels_[serial % channels_.size()], std::to_string(serial) + " " + text);
    ++said_;
    return serial;
}

void Talker::stop() {
    over_ = true;
    if (thread_.joinable()) thread_.join();
}

void Talker::talk() {
    for (auto next = std::chrono::steady_clock::now(); !over_; next += pause_) {
        std::this_thread::sleep_until(next);
        say("said");
    }
}

}  // namespace intent::test
