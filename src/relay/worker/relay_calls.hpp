// A worker's requests to the relay: REST requests and gateway commands.
#pragma once

#include "net/loop.hpp"
#include "relay/broker/connection.hpp"
#include "relay/wire/subjects.hpp"
#include "relay/worker/counters.hpp"
#include "relay/worker/request_retry.hpp"

#include <intent/detail/remote.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

namespace intent::relay {

/// Runs a RequestRetry for each of them.
///
/// Threads: that of the loop. It must outlive the loop's thread.
class RelayCalls {
public:
    struct Settings {
        std::chrono::milliseconds request_timeout;
        std::chrono::milliseconds max_wait;  ///< for the rate limits of requests that have no limit of their own
    };

    RelayCalls(net::Loop& loop, std::shared_ptr<broker::Connection> connection, const Names& names, Settings settings,
               std::shared_ptr<WorkerCounters> counters);

    void request(detail::RemoteRequest request, std::function<void(detail::RemoteAnswer)> done);
    void command(std::uint8_t op, const detail::Payload& data, std::function<void(std::exception_ptr)> done);

    /// Ends all of them.
    void stop();

private:
    struct Call;
    void add(std::shared_ptr<Call> call, std::chrono::milliseconds deadline, RequestRetry::Repeat repeat);
    void take(const std::shared_ptr<Call>& call, const RequestRetry::Step& step);
    void send(const std::shared_ptr<Call>& call, std::chrono::milliseconds timeout);
    void on_answer(std::uint64_t id, broker::Answer answer);
    void fail(const std::shared_ptr<Call>& call, RequestRetry::Fail how);

    net::Loop& loop_;
    const std::shared_ptr<broker::Connection> connection_;
    const Names names_;
    const Settings settings_;
    const std::shared_ptr<WorkerCounters> counters_;
    const std::string own_keys_;  // the beginning of keys of requests that belong to no event
    std::uint64_t last_id_ = 0;
    std::unordered_map<std::uint64_t, std::shared_ptr<Call>> calls_;
};

}  // namespace intent::relay
