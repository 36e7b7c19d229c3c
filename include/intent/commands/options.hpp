// Settings of `Commands`.
#pragma once

#include <intent/detail/command_functions.hpp>
#include <intent/detail/test.hpp>
#include <intent/message.hpp>
#include <intent/snowflake.hpp>

#include <concepts>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace intent::inline v0 {

/// What a cooldown or a limit counts separately. In direct messages, `server` counts per channel.
enum class Per {
    user,     ///< each user
    channel,  ///< each channel
    server,   ///< each server
    all,      ///< everything together
};

/// Which messages are commands, and what is answered. A prefix converts to it: `Commands commands(client, "!")`,
/// `Commands commands(client, {"!", "bot "})`. Of several prefixes, the longest that fits counts.
///
/// Distinct objects: safe. Shared objects: unsafe.
class CommandOptions {
public:
    /// The prefix is "!".
    CommandOptions() : CommandOptions("!") {}
    /// One prefix.
    CommandOptions(const char* prefix) : prefixes_{prefix} {}             // NOLINT(google-explicit-constructor)
    CommandOptions(std::string prefix) : prefixes_{std::move(prefix)} {}  // NOLINT(google-explicit-constructor)
    /// Several prefixes.
    CommandOptions(std::initializer_list<std::string_view> prefixes) : prefixes_(prefixes.begin(), prefixes.end()) {}

    /// A prefix for each message, such as one per server: a coroutine that takes the Message and returns
    /// `task<std::string>`, or `task<std::vector<std::string>>` for several. It runs for every message that the bot
    /// receives, so it should answer from memory.
    template <class F>
    requires std::is_invocable_v<F&, Message> CommandOptions(F prefix)  // NOLINT(google-explicit-constructor)
        : chooser_(detail::make_prefix_chooser(std::move(prefix))) {}

    /// Users who may use commands that are `owner_only`.
    CommandOptions& owners(std::vector<UserId> users) { return owners_ = std::move(users), *this; }

    /// Answer unknown commands with the most similar name, if there is one. Off by default: the prefix may belong to
    /// several bots.
    CommandOptions& suggestions(bool yes = true) { return suggestions_ = yes, *this; }

    /// Offer the command `help [command]`. On by default.
    CommandOptions& help(bool yes) { return help_ = yes, *this; }

    /// Accept commands by this bot itself, or by webhooks. Off by default: a bot that answers itself can loop.
    CommandOptions& from_self(bool yes = true) { return from_self_ = yes, *this; }
    /// Accept commands by webhooks. Off by default.
    CommandOptions& from_webhooks(bool yes = true) { return from_webhooks_ = yes, *this; }

    /// Accept commands only in messages for which `predicate(const Message&)` is true. The platform does not mark the
    /// users that are bots; this can exclude those that you know.
    template <class F>
    CommandOptions& only_if(F predicate) {
        return filter_.emplace(std::move(predicate)), *this;
    }

    /// The fixed prefixes.
    const std::vector<std::string>& prefixes() const noexcept { return prefixes_; }
    /// The function that returns the prefixes of a message, if one was given.
    const detail::PrefixChooser& prefix_chooser() const noexcept { return chooser_; }
    /// The users who may use commands that are `owner_only`.
    const std::vector<UserId>& owners() const noexcept { return owners_; }
    /// Whether unknown commands are answered with the most similar name.
    bool has_suggestions() const noexcept { return suggestions_; }
    /// Whether the command `help` is offered.
    bool has_help() const noexcept { return help_; }
    /// Whether commands by this bot are accepted.
    bool takes_self() const noexcept { return from_self_; }
    /// Whether commands by webhooks are accepted.
    bool takes_webhooks() const noexcept { return from_webhooks_; }
    /// Whether `only_if` accepts the message.
    bool takes(const Message& message) const { return !filter_ || (*filter_)(message); }

private:
    std::vector<std::string> prefixes_ = {};
    detail::PrefixChooser chooser_ = {};
    std::vector<UserId> owners_ = {};
    bool suggestions_ = false;
    bool help_ = true;
    bool from_self_ = false;
    bool from_webhooks_ = false;
    std::optional<detail::Test<Message>> filter_ = {};
};

}  // namespace intent
