#include "stage.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdio>

void Stage::print(std::string_view who, std::string_view what) {
    const std::lock_guard lock(mutex_);
    const auto at = std::chrono::steady_clock::now() - start_;
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(at).count();
    std::printf("%6lld ms  %-8.*s %.*s\n", static_cast<long long>(ms), static_cast<int>(who.size()), who.data(),
                static_cast<int>(what.size()), what.data());
    std::fflush(stdout);
    record_.push_back({std::string(who), std::string(what)});
    changed_.notify_all();
}

std::size_t Stage::now() const {
    const std::lock_guard lock(mutex_);
    return record_.size();
}

bool Stage::wait(std::size_t since, std::string_view who, std::string_view what, std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, timeout, [&] {
        return std::any_of(record_.begin() + static_cast<std::ptrdiff_t>(since), record_.end(),
                           [&](const Happening& one) { return one.who == who && one.what.starts_with(what); });
    });
}
