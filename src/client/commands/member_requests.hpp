// Requests for members: chunks are combined, one request at a time per server (protocol §4, §7).
#pragma once

#include "client/commands/sender.hpp"

#include <intent/raw/member_events.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string_view>
#include <vector>

namespace intent::client {

/// Driven by `Commands`. A chunk names its server but not its request, so requests for one server run one after the
/// other. A request made while the session is not ready waits until it is, within its timeout.
///
/// Threads: the I/O thread.
class MemberRequests {
public:
    explicit MemberRequests(Sender& sender) : sender_(sender) {}

    void request(raw::MemberRequest what, std::chrono::milliseconds timeout, Reply<std::vector<raw::Member>> reply);

    /// True if a request waits for an answer.
    bool wants() const noexcept { return !queues_.empty(); }
    void saw(const raw::MembersChunk& chunk);

    /// The server closed the connection because of this command; false if it is not a member request.
    bool refused(const session::CommandFailed& failed);

    /// The session accepts commands: sends the requests that waited for that.
    void on_ready();

    /// Ends the requests that were sent: their answers will not arrive.
    void fail_sent(const std::exception_ptr& error);

    /// Ends all requests.
    void fail_all(const std::exception_ptr& error);

private:
    struct Request {
        raw::MemberRequest what;
        std::chrono::milliseconds timeout{};
        Reply<std::vector<raw::Member>> reply;
        std::uint64_t call = 0;
        session::CommandId id = 0;
        bool sent = false;
        bool waits_for_session = false;
        std::uint64_t timer = 0;  // the current one; an earlier timer has no effect
        std::map<int, std::vector<raw::Member>> chunks = {};
        std::size_t chunk_count = 0;  // 0: no chunk has arrived
    };
    using Queue = std::deque<Request>;

    void start(ServerId server);
    void on_ended(ServerId server, std::uint64_t call, const session::CommandFailed* failed);
    void arm(ServerId server, Request& request);
    void expire(ServerId server, std::uint64_t call, std::uint64_t timer);
    void finish(ServerId server, Answer<std::vector<raw::Member>> answer);
    Request* under_way(ServerId server, std::uint64_t call);

    Sender& sender_;
    std::map<ServerId, Queue> queues_;  // never empty; the first request is in progress
    std::uint64_t last_id_ = 0;         // for requests and timers
};

}  // namespace intent::client
