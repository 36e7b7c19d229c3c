// The loop's implementation, for the other parts of net.
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

/// The loop's address for threads that may outlive it. `loop` is null once the loop is being destroyed.
struct LoopGate {
    std::mutex mutex;
    Loop::Impl* loop = nullptr;

    /// Posts `work` if the loop still exists. Threads: any.
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
    /// An exception that escapes a callback is reported to every share, because its owner is unknown.
    void fail(std::exception_ptr error) noexcept;
    void post(std::function<void()> work);
    bool on_thread() const noexcept;

    /// Runs `work` on the loop's thread and returns when it is done. Runs it directly if the loop's thread is not
    /// running (not started, or ended), or if this is that thread. Threads: any.
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

    // Last: its pending handlers are destroyed with it, while everything above still exists.
    boost::asio::io_context io{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_guard{io.get_executor()};
};

}  // namespace intent::net
