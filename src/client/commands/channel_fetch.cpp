#include "client/commands/channel_fetch.hpp"

#include <memory>
#include <utility>

namespace intent::client {

void ChannelFetch::on_new_session(const std::vector<raw::Server>& servers) {
    in_session_ = true;
    known_.clear();
    pending_.clear();
    queue_.clear();
    old_.clear();
    result_ = {};
    for (const auto& server : servers)
        ask_for(server.id);
    cache_.take_if([this](const raw::Channel& channel) {
        if (!known_.contains(channel.server_id)) return true;
        old_[channel.server_id].push_back(channel.id);
        return false;
    });
    due_ = true;
    schedule();
}

void ChannelFetch::on_server(ServerId server) {
    if (!in_session_ || known_.contains(server)) return;
    ask_for(server);
    due_ = true;
    schedule();
}

void ChannelFetch::on_server_gone(ServerId server) {
    known_.erase(server);
    pending_.erase(server);
    old_.erase(server);
    schedule();
}

void ChannelFetch::ask_for(ServerId server) {
    if (!known_.insert(server).second) return;
    const FetchId fetch = ++last_fetch_;
    pending_[server] = fetch;
    queue_.emplace_back(server, fetch);
}

// Never at once: the caller first has events to deliver.
void ChannelFetch::schedule() {
    if (std::exchange(scheduled_, true)) return;
    port_.after(std::chrono::milliseconds(0), [this] {
        scheduled_ = false;
        advance();
    });
}

void ChannelFetch::advance() {
    while (running_ < at_a_time && left_this_second_ > 0 && !queue_.empty()) {
        const auto [server, fetch] = queue_.front();
        queue_.pop_front();
        const auto pending = pending_.find(server);
        if (pending != pending_.end() && pending->second == fetch) begin(server, fetch);
    }
    if (pending_.empty() && std::exchange(due_, false)) port_.complete(std::exchange(result_, {}));
}

void ChannelFetch::begin(ServerId server, FetchId fetch) {
    ++running_;
    --left_this_second_;
    if (!std::exchange(second_begun_, true)) {
        port_.after(std::chrono::seconds(1), [this] {
            second_begun_ = false;
            left_this_second_ = per_second;
            advance();
        });
    }
    auto under_way = std::make_shared<UnderWay>(&freshness_);
    port_.get(server, [this, server, fetch, under_way = std::move(under_way)](Answer answer) {
        --running_;
        on_answer(server, fetch, under_way->mark(), std::move(answer));
        schedule();
    });
}

void ChannelFetch::on_answer(ServerId server, FetchId fetch, Freshness::Mark mark, Answer answer) {
    const auto pending = pending_.find(server);
    if (pending == pending_.end() || pending->second != fetch) return;  // removed, or from an earlier session
    pending_.erase(pending);
    if (const auto* channels = std::get_if<std::vector<raw::Channel>>(&answer)) {
        ++result_.servers;
        take(server, *channels, mark);
    } else if (const auto* failed = std::get_if<Failed>(&answer)) {
        fail(server, failed->text);
    } else if (const auto* refused = std::get_if<TokenRefused>(&answer)) {
        // Every further request would fail too (protocol §11).
        fail(server, refused->text);
        for (const auto& [other, unused] : std::exchange(pending_, {}))
            fail(other, refused->text);
        queue_.clear();
    } else {
        pending_.clear();
        queue_.clear();
        due_ = false;
    }
}

void ChannelFetch::take(ServerId server, const std::vector<raw::Channel>& channels, Freshness::Mark mark) {
    std::unordered_set<ChannelId> there;
    for (const auto& channel : channels) {
        if (channel.server_id != server) continue;
        there.insert(channel.id);
        if (freshness_.fresh(channel, mark)) cache_.put(channel);
    }
    // Values that changed since the request keep the state of the event.
    if (const auto old = old_.find(server); old != old_.end())
        std::erase_if(old->second, [&](ChannelId id) {
            raw::Channel known;
            known.id = id;
            known.server_id = server;
            return there.contains(id) || !freshness_.fresh(known, mark);
        });
    forget_old(server);
}

void ChannelFetch::forget_old(ServerId server) {
    const auto old = old_.extract(server);
    if (old.empty()) return;
    for (const ChannelId id : old.mapped())
        cache_.take(id);
}

void ChannelFetch::fail(ServerId server, const std::string& text) {
    forget_old(server);  // their current state is unknown
    if (result_.failed.empty()) result_.error = text;
    result_.failed.push_back(server);
}

}  // namespace intent::client
