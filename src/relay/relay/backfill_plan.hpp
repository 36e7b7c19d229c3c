// Which pages of which channels to fetch after a gap, and which of their messages to publish.
#pragma once

#include <intent/snowflake.hpp>
#include <intent/timestamp.hpp>

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace intent::relay {

/// A message of a page: its place in the order, and its content, which this knows nothing about.
struct FetchedMessage {
    MessageId id;
    Timestamp created{};
    std::string content;
};

/// A machine. A channel whose last message is known is read from there, oldest first; any other one backwards from its
/// newest message to the beginning of the gap, because ids show no time (protocol §2).
///
/// How to drive it: `next` returns a page to fetch, for several channels at a time; report `on_page` or `on_failed`.
/// `on_page` returns messages to publish, oldest first.
class BackfillPlan {
public:
    struct Options {
        std::size_t channels = 1'000;
        std::size_t messages_per_channel = 1'000;
        std::size_t messages = 50'000;
    };
    static constexpr std::size_t page_size = 100;  ///< protocol §9

    struct Page {
        ChannelId channel;
        MessageId after = {};   ///< unset: not from there
        MessageId before = {};  ///< unset: from the newest message
        /// "/channels/1/messages?limit=100&after=2"
        std::string path() const;
    };

    /// `known`: the last message of channels that have been published. `channels`: those that exist, also among those
    /// of `known`. `from`: where the gap begins.
    BackfillPlan(const Options& options, const std::unordered_map<ChannelId, MessageId>& known,
                 const std::vector<ChannelId>& channels, Timestamp from);

    std::optional<Page> next();
    /// `messages`: of the page, in any order.
    std::vector<FetchedMessage> on_page(const Page& page, std::vector<FetchedMessage> messages);
    /// A page could not be read: the channel ends. `gone`: it does not exist, or may not be read, which is normal.
    /// Returns what is known of it, to publish.
    std::vector<FetchedMessage> on_failed(const Page& page, bool gone);

    bool done() const noexcept { return waiting_.empty() && under_way_ == 0; }
    std::size_t channels() const noexcept { return channels_; }  ///< in the plan
    std::size_t skipped() const noexcept { return skipped_; }    ///< over the limit of channels
    std::size_t failed() const noexcept { return failed_; }
    std::size_t cut() const noexcept { return cut_; }            ///< channels with more messages than a limit allows
    std::size_t messages() const noexcept { return messages_; }  ///< returned

private:
    struct Channel {
        MessageId after = {};
        MessageId before = {};
        bool forward = false;
        std::vector<FetchedMessage> collected = {};  // newest first; of a channel that is read backwards
        std::size_t count = 0;
    };

    std::vector<FetchedMessage> limited(std::vector<FetchedMessage> messages);
    std::vector<FetchedMessage> end_of(Channel& channel);

    Options options_;
    Timestamp from_;
    std::unordered_map<ChannelId, Channel> state_;
    std::deque<ChannelId> waiting_;
    std::size_t under_way_ = 0;
    std::size_t channels_ = 0;
    std::size_t skipped_ = 0;
    std::size_t failed_ = 0;
    std::size_t cut_ = 0;
    std::size_t messages_ = 0;
};

}  // namespace intent::relay
