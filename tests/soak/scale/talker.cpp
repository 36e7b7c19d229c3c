#include "tests/soak/scale/talker.hpp"

#include <algorithm>

namespace intent::test {

using namespace std::chrono_literals;

namespace {

std::int64_t now_us() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

}  // namespace

Talker::Talker(Sandbox& sandbox, std::size_t channels, int per_second)
    : sandbox_(sandbox), pause_(std::chrono::microseconds(1s) / per_second) {
    for (std::size_t i = 0; i < channels; ++i)
        channels_.push_back(sandbox.create_channel("alice", sandbox.server(), "room-" + std::to_string(i)));
    thread_ = std::thread([this] { talk(); });
}

Talker::~Talker() { stop(); }

PostTime Talker::time_of(std::size_t serial) const {
    const std::lock_guard lock(mutex_);
    return times_.at(serial);
}

std::size_t Talker::say(const std::string& text) {
    const std::lock_guard lock(mutex_);  // so that the numbers have the order of the messages
    const std::size_t serial = said_;
    const std::int64_t before = now_us();
    sandbox_.say("alice", channels_[serial % channels_.size()], std::to_string(serial) + " " + text);
    times_.push_back({before, now_us()});
    ++said_;
    return serial;
}

void Talker::stop() {
    over_ = true;
    if (thread_.joinable()) thread_.join();
}

void Talker::talk() {
    auto next = std::chrono::steady_clock::now();
    while (!over_) {
        std::this_thread::sleep_until(next);
        say("said");
        // Nothing is made up for: on a machine that is too slow for the pace, a backlog would grow without limit.
        next = std::max(next + pause_, std::chrono::steady_clock::now());
    }
}

}  // namespace intent::test
