// Hashing and checking passwords takes tens of milliseconds: not on the thread that everyone waits for.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace intent::sandbox {

struct PasswordWork {
    std::string password;
    std::string hash = {};  ///< to check the password against; empty: make one
};

struct PasswordResult {
    std::string hash = {};
    bool fits = false;  ///< the password and the hash given
    std::exception_ptr failure = {};
};

PasswordResult carry_out(const PasswordWork& work);

/// Carries out one work after the other on a thread of its own, which begins with the first.
///
/// Threads: one at a time; `done` is called on the worker's thread.
class PasswordWorker {
public:
    using Done = std::function<void(PasswordResult)>;

    PasswordWorker() = default;
    ~PasswordWorker();  ///< waits for the present work; `done` is not called any more
    PasswordWorker(const PasswordWorker&) = delete;
    PasswordWorker& operator=(const PasswordWorker&) = delete;

    /// More than this are refused: whoever floods the sandbox with them fills no memory.
    static constexpr std::size_t max_waiting = 16;

    /// False if too many wait already; `done` is not called then.
    [[nodiscard]] bool start(PasswordWork work, Done done);

private:
    struct Job {
        PasswordWork work;
        Done done;
    };
    void run();

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Job> waiting_;  // guarded, as is the next
    bool ended_ = false;
    std::thread thread_;
};

}  // namespace intent::sandbox
