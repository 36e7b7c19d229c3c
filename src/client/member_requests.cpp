#include "client/member_requests.hpp"

#include "codec/convert.hpp"

#include <intent/errors.hpp>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

namespace intent::client {

void MemberRequests::request(raw::MemberRequest what, std::chrono::milliseconds timeout,
                             Reply<std::vector<raw::Member>> reply) {
    const ServerId server = what.server_id;
    Line& line = lines_[server];
    line.push_back({.what = std::move(what), .timeout = timeout, .reply = std::move(reply), .ticket = ++last_ticket_});
    if (line.size() == 1) start(server);
}

void MemberRequests::start(ServerId server) {
    const auto ticket = lines_.at(server).front().ticket;
    const auto id =
        sender_.send(codec::Opcode::request_members, codec::to_msgpack(lines_.at(server).front().what),
                     [this, server, ticket](const session::CommandFailed* failed) {
                         const Request* request = under_way(server, ticket);
                         if (request == nullptr) return;
                         if (failed != nullptr) return finish(server, error_of(*failed, "member request"));
                         sender_.after(request->timeout, [this, server, ticket] { expire(server, ticket); });
                     });
    if (Request* request = under_way(server, ticket)) request->id = id;
}

MemberRequests::Request* MemberRequests::under_way(ServerId server, std::uint64_t ticket) {
    const auto line = lines_.find(server);
    if (line == lines_.end() || line->second.front().ticket != ticket) return nullptr;
    return &line->second.front();
}

void MemberRequests::saw(const raw::MembersChunk& chunk) {
    const auto line = lines_.find(chunk.server_id);
    if (line == lines_.end()) return;
    Request& request = line->second.front();
    request.chunk_count = static_cast<std::size_t>(std::max(chunk.chunk_count.value_or(1), 1));
    // By their indexes alone, from 0 or from 1: a chunk that comes twice counts once.
    request.chunks.insert_or_assign(chunk.chunk_index.value_or(0), chunk.members);
    if (request.chunks.size() < request.chunk_count) return;
    std::vector<raw::Member> all;
    for (auto& [index, members] : request.chunks)
        std::move(members.begin(), members.end(), std::back_inserter(all));
    finish(chunk.server_id, std::move(all));
}

void MemberRequests::expire(ServerId server, std::uint64_t ticket) {
    const Request* request = under_way(server, ticket);
    if (request == nullptr) return;
    std::string text = "member request: server " + server.str() + " did not answer within ";
    if (request->chunk_count != 0) {
        text = "member request: of server " + server.str() + " only " + std::to_string(request->chunks.size()) +
               " of " + std::to_string(request->chunk_count) + " chunks came within ";
    }
    text += std::to_string(request->timeout.count()) + " ms";
    finish(server, std::make_exception_ptr(TimeoutError(text)));
}

void MemberRequests::finish(ServerId server, Answer<std::vector<raw::Member>> answer) {
    const auto line = lines_.find(server);
    const auto reply = std::move(line->second.front().reply);
    line->second.pop_front();
    if (line->second.empty()) {
        lines_.erase(line);
    } else {
        start(server);
    }
    reply(std::move(answer));
}

bool MemberRequests::refused(const session::CommandFailed& failed) {
    for (auto& [server, line] : lines_) {
        if (line.front().id != failed.id) continue;
        finish(server, error_of(failed, "member request"));
        return true;
    }
    return false;
}

void MemberRequests::fail_all(const std::exception_ptr& error) {
    for (auto& [server, line] : std::exchange(lines_, {})) {
        for (auto& request : line)
            request.reply(error);
    }
}

}  // namespace intent::client
