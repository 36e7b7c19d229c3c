// Requests for members: chunks put together, one request at a time for each server (protocol §4, §7).
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

/// Driven by `Commands`. Chunks name a server and no request, so what is asked of one server waits its turn. A request
/// that is made while the session is not ready waits until it is, within its timeout.
///
/// Threads: the I/O thread.
class MemberRequests {
public:
    explicit MemberRequests(Sender& sender) : sender_(sender) {}

    void request(raw::MemberRequest what, std::chrono::milliseconds timeout, Reply<std::vector<raw::Member>> reply);

    /// Is an answer awaited?
    bool wants() const noexcept { return !lines_.empty(); }
    void saw(const raw::MembersChunk& chunk);

    /// The server closed because of this command; false if it is none of ours.
    bool refused(const session::CommandFailed& failed);

    /// The session takes commands: what waited for that is sent.
    void on_ready();

    /// Ends those that were sent: their answers will not come.
    void fail_sent(const std::exception_ptr& error);

    /// Ends them all.
    void fail_all(const std::exception_ptr& error);

private:
    struct Request {
        raw::MemberRequest what;
        std::chrono::milliseconds timeout{};
        Reply<std::vector<raw::Member>> reply;
        std::uint64_t ticket = 0;
        session::CommandId id = 0;
        bool sent = false;
        bool waits_for_session = false;
        std::uint64_t timer = 0;  // the one that counts; an earlier one is without effect
        std::map<int, std::vector<raw::Member>> chunks = {};
        std::size_t chunk_count = 0;  // 0: no chunk has come
    };
    using Line = std::deque<Request>;

    void start(ServerId server);
    void on_ended(ServerId server, std::uint64_t ticket, const session::CommandFailed* failed);
    void arm(ServerId server, Request& request);
    void expire(ServerId server, std::uint64_t ticket, std::uint64_t timer);
    void finish(ServerId server, Answer<std::vector<raw::Member>> answer);
    Request* under_way(ServerId server, std::uint64_t ticket);

    Sender& sender_;
    std::map<ServerId, Line> lines_;  // never an empty one; the first is under way
    std::uint64_t last_ticket_ = 0;   // of requests, and of timers
};

}  // namespace intent::client
