#include "client/api/timed_calls.hpp"

#include "client/api/rest_calls.hpp"
#include "client/async/scope_state.hpp"

#include <intent/errors.hpp>
#include <intent/limits.hpp>

#include <string>
#include <utility>

namespace intent::client {

namespace {

/// How often the indicator is renewed: before it expires, even if the request takes a moment.
constexpr std::chrono::seconds renewal_interval = limits::typing_time - std::chrono::seconds(2);

task<> delete_later(Context context, ChannelId channel, MessageId message, std::chrono::milliseconds delay) {
    try {
        auto waiting = sleep_for(context, delay);
        co_await std::move(waiting);
        auto deletion = call_for_nothing(context, rest::remove_message(channel, message));
        co_await std::move(deletion);
    } catch (const NotFoundError&) {   // someone else was faster
    } catch (const CancelledError&) {  // the client stops
    }
}

task<Message> post_and_delete(Context context, ChannelId channel, MessageBody body) {
    const auto delay = *body.delete_after();
    if (delay.count() < 0)
        throw ConfigError("delete_after: " + std::to_string(delay.count()) + " ms; it must not be negative");
    auto posting = call_for<Message>(context, rest::create_message(channel, body));
    auto posted = co_await std::move(posting);
    {
        // The message outlives the scope that posted it, and so must its deletion.
        const detail::InScope of_client(nullptr);
        spawn(context, "delete_after", delete_later(context, channel, posted.id, delay), nullptr);
    }
    co_return posted;
}

/// Returns true if the next attempt can succeed.
task<bool> trigger(Context context, ChannelId channel) {
    auto call = call_for_nothing(std::move(context), rest::trigger_typing(channel));
    try {
        co_await std::move(call);
        co_return true;
    } catch (const CancelledError&) {
        co_return false;
    } catch (const HttpError& error) {
        const int status = error.status();
        co_return status >= 500 || status == 429;
    } catch (const NetworkError&) {
        co_return true;
    } catch (const Error&) {
        co_return false;
    }
}

task<> keep_typing(Context context, ChannelId channel) {
    for (;;) {
        auto call = trigger(context, channel);
        if (!co_await std::move(call)) co_return;
        try {
            auto waiting = sleep_for(context, renewal_interval);
            co_await std::move(waiting);
        } catch (const CancelledError&) {
            co_return;
        }
    }
}

}  // namespace

task<Message> post_message(Context context, ChannelId channel, const MessageBody& body) {
    if (body.delete_after()) return post_and_delete(std::move(context), channel, body);
    return call_for<Message>(std::move(context), rest::create_message(channel, body));
}

task<Message> change_message(Context context, ChannelId channel, MessageId message, const MessageBody& body) {
    auto call = rest::edit_message(channel, message, body);
    if (body.delete_after()) call = rest::Invalid{"delete_after: only a new message can have it"};
    return call_for<Message>(std::move(context), std::move(call));
}

Typing show_typing(const Context& context, ChannelId channel) {
    auto renewal = std::make_shared<detail::ScopeState>();
    const detail::InScope stretch(renewal);
    spawn(context, "typing", keep_typing(context, channel), nullptr);
    return Typing(std::move(renewal));
}

}  // namespace intent::client

namespace intent::inline v0 {

Typing::Typing(std::shared_ptr<detail::ScopeState> renewal) noexcept : renewal_(std::move(renewal)) {}

Typing& Typing::operator=(Typing&& other) noexcept {
    if (this != &other) {
        end();
        renewal_ = std::move(other.renewal_);
    }
    return *this;
}

Typing::~Typing() { end(); }

void Typing::end() noexcept {
    if (const auto renewal = std::exchange(renewal_, nullptr)) renewal->end();
}

}  // namespace intent
