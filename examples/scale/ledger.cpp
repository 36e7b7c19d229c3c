#include "ledger.hpp"

#include <algorithm>
#include <sstream>

void Ledger::add(const std::string& line) {
    std::istringstream words(line);
    std::string what;
    int number = 0;
    int attempt = 0;
    if (!(words >> what >> number >> attempt)) return;
    const std::lock_guard lock(mutex_);
    Message& message = messages_[number];
    message.attempts = std::max(message.attempts, attempt);
    if (what == "begins") return;
    if (what == "unknown") ++message.unknown;
    if (++message.handled == 1) message.first_end = std::chrono::steady_clock::now();
    changed_.notify_all();
}

bool Ledger::wait_handled(int count, std::chrono::seconds timeout) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, timeout, [&] {
        return std::ranges::count_if(messages_, [](const auto& one) { return one.second.handled > 0; }) >= count;
    });
}

std::optional<Ledger::Time> Ledger::first_after(int number) const {
    const std::lock_guard lock(mutex_);
    std::optional<Time> first;
    for (const auto& [each, message] : messages_)
        if (each > number && message.handled > 0)
            first = std::min(first.value_or(message.first_end), message.first_end);
    return first;
}

std::map<int, Ledger::Message> Ledger::all() const {
    const std::lock_guard lock(mutex_);
    return messages_;
}
