#include <intent/channel.hpp>
#include <intent/errors.hpp>
#include <intent/history.hpp>
#include <intent/limits.hpp>

#include <algorithm>
#include <atomic>
#include <string>
#include <vector>

namespace intent::inline v0 {

struct History::State {
    Channel channel = {};
    std::optional<MessageId> before = {};  // both also move on with each page
    std::optional<MessageId> after = {};
    std::optional<std::size_t> left = {};  // of the limit
    std::vector<Message> page = {};        // the next message is the last one
    bool is_oldest_first = false;
    bool has_begun = false;
    std::atomic<bool> is_reading = false;  // a second `next` may be called on another thread than the first one runs on
    bool is_at_end = false;

    PageOptions next_page() const {
        PageOptions options;
        options.limit(static_cast<int>(std::min(left.value_or(limits::page_size), limits::page_size)));
        if (is_oldest_first)
            options.after(*after);
        else if (before)
            options.before(*before);
        return options;
    }

    void take(std::vector<Message> messages) {
        for (const auto& message : messages)
            check(message.id);
        if (messages.empty()) is_at_end = true;
        // The protocol promises newest first; a page in another order must not make the reader skip messages.
        std::ranges::sort(messages, [](const Message& a, const Message& b) { return a.id > b.id; });
        if (is_oldest_first) {
            if (!messages.empty()) after = messages.front().id;
            const auto is_beyond = [this](const Message& message) { return before && message.id >= *before; };
            if (std::erase_if(messages, is_beyond) > 0) is_at_end = true;
        } else {
            if (!messages.empty()) before = messages.back().id;
            std::ranges::reverse(messages);
        }
        page = std::move(messages);
    }

    /// Otherwise a server that ignores the parameters would never let the reader end.
    void check(MessageId id) const {
        const bool is_outside = is_oldest_first ? id <= *after : before && id >= *before;
        if (!is_outside) return;
        const auto& bound = is_oldest_first ? after : before;
        throw DecodeError("GET /channels/{channel_id}/messages: the server returned message " + id.str() +
                          " for a page " + (is_oldest_first ? "after " : "before ") + bound->str());
    }
};

namespace {

/// Marks a `next` in progress, up to its end by whatever means.
class Reading {
public:
    explicit Reading(std::atomic<bool>& is_reading) noexcept : is_reading_(is_reading) { is_reading_ = true; }
    ~Reading() { is_reading_ = false; }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

private:
    std::atomic<bool>& is_reading_;
};

}  // namespace

History::History(ChannelId channel, ClientRef client) : state_(std::make_shared<State>()) {
    raw::Channel only_id;
    only_id.id = channel;
    state_->channel = Channel(std::move(only_id), std::move(client));
}

History::State& History::unread_state() {
    if (state_->has_begun) throw UsageError("history: its settings cannot change after the first next()");
    return *state_;
}

History& History::before(MessageId id) & {
    if (!id) throw ConfigError("history: before: no id is set (0 is not an id)");
    unread_state().before = id;
    return *this;
}
History& History::after(MessageId id) & {
    unread_state().after = id;
    state_->is_oldest_first = true;
    return *this;
}
History& History::limit(std::size_t count) & {
    unread_state().left = count;
    return *this;
}

ChannelId History::channel() const noexcept { return state_->channel.id; }

task<std::optional<Message>> History::next() { return read(state_); }

task<std::optional<Message>> History::read(std::shared_ptr<State> state) {
    if (state->is_reading) throw UsageError("history: the previous next() has not ended; await it first");
    state->has_begun = true;
    if (state->left == 0) co_return std::nullopt;
    if (state->page.empty() && !state->is_at_end) {
        const Reading reading(state->is_reading);
        auto request = state->channel.messages(state->next_page());
        auto messages = co_await std::move(request);
        state->take(std::move(messages));
    }
    if (state->page.empty()) co_return std::nullopt;
    std::optional<Message> message = std::move(state->page.back());
    state->page.pop_back();
    if (state->left) --*state->left;
    co_return message;
}

}  // namespace intent
