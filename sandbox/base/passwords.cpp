#include "sandbox/base/passwords.hpp"

#include "sandbox/base/secrets.hpp"

#include <utility>

namespace intent::inline v0::sandbox {

PasswordResult carry_out(const PasswordWork& work) {
    try {
        if (work.hash.empty()) return {.hash = hash_password(work.password)};
        return {.hash = work.hash, .fits = check_password(work.password, work.hash)};
    } catch (...) {
        return {.failure = std::current_exception()};
    }
}

PasswordWorker::~PasswordWorker() {
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

bool PasswordWorker::start(PasswordWork work, Done done) {
    {
        const std::lock_guard lock(mutex_);
        if (waiting_.size() >= max_waiting) return false;
        waiting_.push_back({std::move(work), std::move(done)});
    }
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
    changed_.notify_all();
    return true;
}

void PasswordWorker::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return ended_ || !waiting_.empty(); });
        if (ended_) return;
        const Job job = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        PasswordResult result = carry_out(job.work);
        lock.lock();
        if (ended_) return;
        lock.unlock();
        job.done(std::move(result));
        lock.lock();
    }
}

}  // namespace intent::sandbox
