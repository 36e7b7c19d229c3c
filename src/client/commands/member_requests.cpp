#include "client/commands/member_requests.hpp"

#include "codec/convert.hpp"

#include <intent/errors.hpp>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace intent::client {

namespace {

constexpr std::size_t max_waiting = 1'000;  // per server

std::exception_ptr too_many(ServerId server) {
    return std::make_exception_ptr(NetworkError("member request: " + std::to_string(max_waiting) +
                                                " requests for server " + server.str() + " are already waiting"));
}

}  // namespace

void MemberRequests::request(raw::MemberRequest what, std::chrono::milliseconds timeout,
                             Reply<std::vector<raw::Member>> reply) {
    const ServerId server = what.server_id;
    Queue& queue = queues_[server];
    if (queue.size() == max_waiting) return reply(too_many(server));
    queue.push_back({.what = std::move(what), .timeout = timeout, .reply = std::move(reply), .call = ++last_id_});
    if (queue.size() == 1) start(server);
}

void MemberRequests::start(ServerId server) {
    const auto call = queues_.at(server).front().call;
    const auto id = sender_.send(codec::Opcode::request_members, codec::to_msgpack(queues_.at(server).front().what),
                                 [this, server, call](const auto* failed) { on_ended(server, call, failed); });
    if (Request* request = under_way(server, call)) request->id = id;
}

void MemberRequests::on_ended(ServerId server, std::uint64_t call, const session::CommandFailed* failed) {
    Request* const request = under_way(server, call);
    if (request == nullptr) return;
    if (failed == nullptr) {
        request->sent = true;
        return arm(server, *request);
    }
    if (failed->why != session::CommandFailure::offline) return finish(server, error_of(*failed, "member request"));
    request->waits_for_session = true;
    if (request->timer == 0) arm(server, *request);
}

void MemberRequests::arm(ServerId server, Request& request) {
    const auto timer = request.timer = ++last_id_;
    sender_.after(request.timeout, [this, server, call = request.call, timer] { expire(server, call, timer); });
}

void MemberRequests::on_ready() {
    std::vector<ServerId> waiting;
    for (auto& [server, queue] : queues_)
        if (std::exchange(queue.front().waits_for_session, false)) waiting.push_back(server);
    for (const ServerId server : waiting)
        start(server);
}

MemberRequests::Request* MemberRequests::under_way(ServerId server, std::uint64_t call) {
    const auto queue = queues_.find(server);
    if (queue == queues_.end() || queue->second.front().call != call) return nullptr;
    return &queue->second.front();
}

void MemberRequests::saw(const raw::MembersChunk& chunk) {
    const auto queue = queues_.find(chunk.server_id);
    if (queue == queues_.end()) return;
    Request& request = queue->second.front();
    request.chunk_count = static_cast<std::size_t>(std::max(chunk.chunk_count.value_or(1), 1));
    // Counted by index, from 0 or from 1: a repeated chunk counts once.
    request.chunks.insert_or_assign(chunk.chunk_index.value_or(0), chunk.members);
    if (request.chunks.size() < request.chunk_count) return;
    std::vector<raw::Member> all;
    for (auto& [index, members] : request.chunks)
        std::move(members.begin(), members.end(), std::back_inserter(all));
    finish(chunk.server_id, std::move(all));
}

void MemberRequests::expire(ServerId server, std::uint64_t call, std::uint64_t timer) {
    const Request* request = under_way(server, call);
    if (request == nullptr || request->timer != timer) return;
    std::string text = "member request: server " + server.str() + " did not answer within ";
    if (!request->sent) {
        text = "member request: the session was not ready within ";
    } else if (request->chunk_count != 0) {
        text = "member request: server " + server.str() + " sent only " + std::to_string(request->chunks.size()) +
               " of " + std::to_string(request->chunk_count) + " chunks within ";
    }
    text += std::to_string(request->timeout.count()) + " ms";
    finish(server, std::make_exception_ptr(TimeoutError(text)));
}

void MemberRequests::finish(ServerId server, Answer<std::vector<raw::Member>> answer) {
    const auto queue = queues_.find(server);
    const auto reply = std::move(queue->second.front().reply);
    queue->second.pop_front();
    if (queue->second.empty()) {
        queues_.erase(queue);
    } else {
        start(server);
    }
    reply(std::move(answer));
}

bool MemberRequests::refused(const session::CommandFailed& failed) {
    for (auto& [server, queue] : queues_) {
        if (queue.front().id != failed.id) continue;
        finish(server, error_of(failed, "member request"));
        return true;
    }
    return false;
}

void MemberRequests::fail_sent(const std::exception_ptr& error) {
    std::vector<ServerId> ended;
    for (const auto& [server, queue] : queues_)
        if (queue.front().sent) ended.push_back(server);
    for (const ServerId server : ended)
        finish(server, error);
}

void MemberRequests::fail_all(const std::exception_ptr& error) {
    for (auto& [server, queue] : std::exchange(queues_, {})) {
        for (auto& request : queue)
            request.reply(error);
    }
}

}  // namespace intent::client
