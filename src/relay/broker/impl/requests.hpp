// Requests that wait for their answers. Only sources of this folder include this.
#pragma once

#include "relay/broker/connection.hpp"

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace intent::relay::broker {

/// Threads: safe. It calls nothing: ended requests are returned.
class RequestTable {
public:
    using Time = std::chrono::steady_clock::time_point;
    using Done = std::function<void(Answer)>;
    /// What to call, and with what.
    using Ended = std::vector<std::pair<Done, Answer>>;

    /// Returns the number of the request; unset after `close`.
    std::optional<std::uint64_t> add(std::string subject, std::uint64_t epoch, std::chrono::milliseconds timeout,
                                     Time now, Done done);
    /// Forgets a request that was not sent.
    void remove(std::uint64_t number);
    /// `expire` ends a request with this error from `now` on.
    void fail(std::uint64_t number, std::exception_ptr error, Time now);

    Ended answer(std::uint64_t number, Message message);
    Ended expire(Time now);
    /// Ends those that were sent on earlier connections; on all connections if there is none now.
    Ended lose(std::uint64_t epoch, bool connected);
    /// Ends those on a subject that the broker forbids.
    Ended forbid(std::string_view subject);
    Ended close();

    std::optional<Time> next_deadline() const;

private:
    struct Pending {
        std::string subject;
        std::uint64_t epoch = 0;
        std::chrono::milliseconds timeout{};
        std::multimap<Time, std::uint64_t>::iterator deadline = {};
        Done done = {};
        std::exception_ptr error = {};  // of `fail`
    };
    using Table = std::unordered_map<std::uint64_t, Pending>;

    void end(Table::iterator request, Answer answer, Ended& ended);

    mutable std::mutex mutex_;
    Table pending_;
    std::multimap<Time, std::uint64_t> deadlines_;
    std::uint64_t last_number_ = 0;
    bool closed_ = false;
};

/// Makes the calls.
void call(RequestTable::Ended ended);

}  // namespace intent::relay::broker
