// Reading many messages of a channel, one page at a time.
#pragma once

#include <intent/client_ref.hpp>
#include <intent/detail/export.hpp>
#include <intent/message.hpp>
#include <intent/snowflake.hpp>
#include <intent/task.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace intent::inline v0 {

/// Reads the messages of a channel one after the other, however many pages they fill; one page is in memory. Created by
/// `Channel::history` and `RestClient::history`.
///
///     auto history = channel.history().before(id).limit(500);
///     while (auto message = co_await history.next()) std::printf("%s\n", message->content.c_str());
///
/// C++20 has no loop over an asynchronous range (`for co_await`), so this loop or `for_each` replaces it.
///
/// The order is newest first, or oldest first with `after`. Messages that are posted while it reads appear only with
/// `after`; messages that are deleted before their page is read do not appear.
///
/// Needs: READ_MESSAGE_HISTORY. Cost: 1 request for every 100 messages and one that finds the end, in the 50 per 60 s
/// of the channel's reads. `limit` saves the last one.
///
/// Distinct objects: safe. Shared objects: unsafe.
class INTENT_API History {
public:
    /// Reads a channel through a client.
    History(ChannelId channel, ClientRef client);

    // Settings, before the first `next`. Errors: UsageError after it; ConfigError for an unset id in `before`.

    /// Only messages older than this one, newest first.
    History& before(MessageId id) &;
    History&& before(MessageId id) && { return std::move(before(id)); }

    /// Only messages newer than this one, oldest first; an unset id means all messages, from the first one. With
    /// `before`: those between the two.
    History& after(MessageId id) &;
    History&& after(MessageId id) && { return std::move(after(id)); }

    /// At most this many messages.
    History& limit(std::size_t count) &;
    History&& limit(std::size_t count) && { return std::move(limit(count)); }

    /// The channel that it reads.
    ChannelId channel() const noexcept;

    /// Returns the next message, or no value at the end. After the end it stays at the end.
    ///
    /// Errors: as `RestClient::get_messages`; the next call tries the same page again. DecodeError if the server
    /// returns messages outside the requested range, which would repeat without end; UsageError if a previous call has
    /// not ended. Lifetime: the task may outlive this object.
    task<std::optional<Message>> next();

    /// Calls `f(Message)` for each remaining message, one after the other, and returns their number. `f` returns void,
    /// or `task<>`, which is awaited. To stop early, use the loop with `next`. Inside `co_await`, `f` may capture only
    /// numbers, pointers and references (g++ 12; see `Client::wait_for`).
    ///
    /// Errors: as `next`; what `f` throws.
    template <class F>
    task<std::size_t> for_each(F f) {
        static_assert(std::is_invocable_r_v<void, F&, Message> || std::is_invocable_r_v<task<>, F&, Message>,
                      "intent: for_each takes a function of an intent::Message that returns void or intent::task<>");
        return call_for_each(History(state_), std::move(f));
    }

private:
    struct State;
    explicit History(std::shared_ptr<State> state) noexcept : state_(std::move(state)) {}

    template <class F>
    static task<std::size_t> call_for_each(History history, F f) {
        std::size_t count = 0;
        while (auto message = co_await history.next()) {
            if constexpr (is_task<std::invoke_result_t<F&, Message>>::value) {
                auto work = f(*std::move(message));
                co_await std::move(work);
            } else {
                f(*std::move(message));
            }
            ++count;
        }
        co_return count;
    }
    static task<std::optional<Message>> read(std::shared_ptr<State> state);
    State& unread_state();

    std::shared_ptr<State> state_;  // shared with the running `next`
};

/// What `Channel::purge` did.
struct PurgeReport {
    std::size_t deleted = 0;         ///< messages that this call has deleted
    std::size_t refused = 0;         ///< the server did not allow it, or refused for another reason
    std::size_t gone = 0;            ///< someone else had deleted them already
    std::string first_refusal = {};  ///< the error of the first refused message; empty if there is none

    friend bool operator==(const PurgeReport&, const PurgeReport&) = default;
};

}  // namespace intent
