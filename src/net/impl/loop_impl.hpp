// What the other parts of net know of the loop.
#pragma once

#include "net/loop.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace boost::asio::ssl {
class context;
}

namespace intent::net {

/// The way back to the loop for threads that may outlive it. `loop` is null once the loop is going away.
struct LoopGate {
    std::mutex mutex;
    Loop::Impl* loop = nullptr;

    /// Posts `work` if the loop still lives. Threads: any.
    void post(std::function<void()> work);
};

/// One of several users of a loop's thread.
struct Loop::Share {
    std::shared_ptr<Loop> host;
    std::function<void(std::exception_ptr)> on_error;
    std::atomic<bool> open = true;

    void fail(std::exception_ptr error) noexcept;
};

struct Loop::Impl {
    explicit Impl(std::function<void(std::exception_ptr)> error_handler);
    ~Impl();

    void run();
    /// What escapes a callback is everybody's, because nobody knows whose callback it was.
    void fail(std::exception_ptr error) noexcept;
    void post(std::function<void()> work);
    bool on_thread() const noexcept;

    /// Runs `work` on the loop's thread and returns when it is done. Runs it here when the loop's thread does not run
    /// (not started, or ended), or when this is that thread. Threads: any.
    void call_and_wait(const std::function<void()>& work);

    std::function<void(std::exception_ptr)> on_error;
    std::shared_ptr<LoopGate> gate = std::make_shared<LoopGate>();
    std::map<std::string, std::shared_ptr<boost::asio::ssl::context>> tls_contexts;  // by options; loop's thread only

    std::mutex mutex;  // guards running
    std::condition_variable ended;
    bool running = false;
    std::atomic<bool> stopped = false;
    std::mutex join_mutex;
    std::thread thread;
    std::mutex shares_mutex;
    std::vector<std::weak_ptr<Share>> shares;

    // Last: what its pending handlers hold is destroyed with it, while everything above still lives.
    boost::asio::io_context io{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_guard{io.get_executor()};
};

}  // namespace intent::net
