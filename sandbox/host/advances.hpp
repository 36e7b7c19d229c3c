// Requests that advance a test clock and wait until its users are idle.
#pragma once

#include "net/loop.hpp"
#include "net/virtual_clock.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace intent::inline v0::sandbox {

/// Threads: the loop's. The loop must not run any more when this is destroyed, unless on its thread.
class Advances {
public:
    Advances(net::Loop& loop, std::shared_ptr<net::VirtualClock> clock);
    ~Advances();
    Advances(const Advances&) = delete;
    Advances& operator=(const Advances&) = delete;

    /// Advances and calls `then` with an empty text, or with what is busy if nothing made progress for `patience`.
    void add(std::chrono::milliseconds step, std::function<void(std::string busy)> then);

private:
    static constexpr auto patience = std::chrono::seconds(30);

    struct Advance {
        std::uint64_t id = 0;  ///< of the clock
        std::uint64_t progress = 0;
        std::function<void(std::string)> then;
        std::unique_ptr<net::Timer> timer;
    };
    struct Return;
    void watch(std::uint64_t number);
    void finish(std::uint64_t number, std::string busy);

    net::Loop& loop_;
    const std::shared_ptr<net::VirtualClock> clock_;
    const std::shared_ptr<Return> return_;
    std::map<std::uint64_t, Advance> advances_;
    std::uint64_t last_ = 0;
};

}  // namespace intent::sandbox
