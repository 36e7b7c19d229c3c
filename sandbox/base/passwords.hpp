// Hashes and checks passwords on a thread of its own: it takes tens of milliseconds, which would block the loop.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace intent::inline v0::sandbox {

struct PasswordWork {
    std::string password;
    std::string hash = {};  ///< to check the password against; empty: hash the password
};

struct PasswordResult {
    std::string hash = {};
    bool fits = false;  ///< the password matches the given hash
    std::exception_ptr failure = {};
};

PasswordResult carry_out(const PasswordWork& work);

/// Runs one job after the other on its own thread, which starts with the first job.
///
/// Threads: one at a time; `done` is called on the worker's thread.
class PasswordWorker {
public:
    using Done = std::function<void(PasswordResult)>;

    PasswordWorker() = default;
    ~PasswordWorker();  ///< waits for the current job; does not call `done` again
    PasswordWorker(const PasswordWorker&) = delete;
    PasswordWorker& operator=(const PasswordWorker&) = delete;

    /// The maximum number of waiting jobs. More are refused, so that a flood of requests cannot exhaust memory.
    static constexpr std::size_t max_waiting = 16;

    /// Returns false, and never calls `done`, if `max_waiting` jobs wait already.
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
