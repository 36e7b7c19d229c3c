#include "relay/relay/backfill_plan.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace intent::relay {

std::string BackfillPlan::Page::path() const {
    std::string text = "/channels/" + channel.str() + "/messages?limit=" + std::to_string(page_size);
    if (after) text += "&after=" + after.str();
    if (before) text += "&before=" + before.str();
    return text;
}

BackfillPlan::BackfillPlan(const Options& options, const std::unordered_map<ChannelId, MessageId>& known,
                           const std::vector<ChannelId>& channels, Timestamp from)
    : options_(options), from_(from) {
    // The channels with the latest messages first: they are the likeliest to have missed some.
    std::vector<std::pair<MessageId, ChannelId>> order;
    order.reserve(known.size() + channels.size());
    for (const auto& [channel, message] : known)
        order.emplace_back(message, channel);
    for (const ChannelId channel : channels)
        if (!known.contains(channel)) order.emplace_back(MessageId{}, channel);
    std::ranges::sort(order, std::greater<>());
    order.erase(std::unique(order.begin(), order.end()), order.end());
    channels_ = std::min(order.size(), options_.channels);
    skipped_ = order.size() - channels_;
    for (std::size_t i = 0; i < channels_; ++i) {
        const auto [message, channel] = order[i];
        state_.emplace(channel, Channel{.after = message, .forward = static_cast<bool>(message)});
        waiting_.push_back(channel);
    }
}

std::optional<BackfillPlan::Page> BackfillPlan::next() {
    if (waiting_.empty()) return std::nullopt;
    const ChannelId channel = waiting_.front();
    waiting_.pop_front();
    ++under_way_;
    const Channel& state = state_.at(channel);
    return Page{channel, state.after, state.before};
}

/// The oldest of `messages` that the limit for all channels allows.
std::vector<FetchedMessage> BackfillPlan::limited(std::vector<FetchedMessage> messages) {
    const std::size_t left = options_.messages - std::min(options_.messages, messages_);
    if (messages.size() > left) {
        messages.resize(left);
        ++cut_;
    }
    messages_ += messages.size();
    return messages;
}

std::vector<FetchedMessage> BackfillPlan::on_page(const Page& page, std::vector<FetchedMessage> messages) {
    --under_way_;
    auto& channel = state_.at(page.channel);
    const bool full = messages.size() >= page_size;
    // A server that ignores the range would otherwise repeat the same page without end.
    std::erase_if(messages, [&](const FetchedMessage& message) {
        return !message.id || (page.after && message.id <= page.after) || (page.before && message.id >= page.before);
    });
    std::ranges::sort(messages, {}, &FetchedMessage::id);
    const bool more = full && !messages.empty();

    if (channel.forward) {
        const std::size_t left = options_.messages_per_channel - channel.count;
        const bool over = messages.size() > left;
        if (over) messages.resize(left);
        channel.count += messages.size();
        if (!messages.empty()) channel.after = messages.back().id;
        auto published = limited(std::move(messages));
        if (over || (more && channel.count >= options_.messages_per_channel)) {
            ++cut_;
        } else if (more && messages_ < options_.messages) {
            waiting_.push_back(page.channel);
        }
        return published;
    }

    const auto first = std::ranges::find_if(messages, [&](const auto& message) { return message.created >= from_; });
    const bool reaches_beginning = first != messages.begin();
    if (!messages.empty()) channel.before = messages.front().id;
    std::move(std::make_reverse_iterator(messages.end()), std::make_reverse_iterator(first),
              std::back_inserter(channel.collected));
    if (more && !reaches_beginning && channel.collected.size() <= options_.messages_per_channel) {
        waiting_.push_back(page.channel);
        return {};
    }
    return end_of(channel);
}

/// The messages of a channel that was read backwards.
std::vector<FetchedMessage> BackfillPlan::end_of(Channel& channel) {
    auto messages = std::exchange(channel.collected, {});
    std::ranges::reverse(messages);
    if (messages.size() > options_.messages_per_channel) {
        messages.resize(options_.messages_per_channel);
        ++cut_;
    }
    return limited(std::move(messages));
}

std::vector<FetchedMessage> BackfillPlan::on_failed(const Page& page, bool gone) {
    --under_way_;
    if (!gone) ++failed_;
    return end_of(state_.at(page.channel));
}

}  // namespace intent::relay
