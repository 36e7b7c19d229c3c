// Author and text of the message that a test waits for, and the result of the wait.
#pragma once

#include <intent/detail/export.hpp>
#include <intent/detail/test_result.hpp>
#include <intent/raw/message.hpp>
#include <intent/snowflake.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace intent::inline v0 {
class Client;
}

namespace intent::inline v0::sandbox {

class User;

// NOLINTBEGIN(google-explicit-constructor)

/// The author of a message: a name, an id, a user, or the bot of a client.
///
/// Lifetime: an author made from a Client must not outlive it.
class INTENT_API Author {
public:
    /// The user of this name.
    Author(std::string name) : name_(std::move(name)) {}
    Author(std::string_view name) : name_(name) {}
    Author(const char* name) : name_(name) {}
    /// The user with this id.
    Author(UserId id) : id_(id) {}
    /// This user.
    Author(const raw::User& user) : id_(user.id) {}
    /// This user of the sandbox.
    Author(const User& user);
    /// The bot of this client.
    Author(const Client& bot) : bot_(&bot) {}

    /// True if this author wrote the message. A client that has not been ready yet has written no message.
    bool wrote(const raw::Message& message) const;
    /// The author's name for failure messages, e.g. "bot".
    std::string text() const;

    /// The name, if the author was given by one.
    const std::string& name() const noexcept { return name_; }

private:
    const Client* bot_ = nullptr;
    std::string name_ = {};
    UserId id_ = {};
};

/// The text of a message: the complete text, unless made by `containing`.
class Text {
public:
    /// The complete text.
    Text(std::string text) : text_(std::move(text)) {}
    Text(std::string_view text) : text_(text) {}
    Text(const char* text) : text_(text) {}

    /// A text that is a part of the message.
    friend Text containing(std::string_view part);
    /// True if a message with this content is meant.
    bool matches(std::string_view content) const {
        return part_ ? content.find(text_) != content.npos : content == text_;
    }
    /// The text, for failure messages.
    std::string text() const { return (part_ ? "containing \"" : "\"") + text_ + "\""; }

private:
    std::string text_;
    bool part_ = false;
};

// NOLINTEND(google-explicit-constructor)

/// Matches messages that contain this text.
inline Text containing(std::string_view part) {
    Text text(part);
    text.part_ = true;
    return text;
}

/// The result of a wait: the message, or a report of what happened instead. `EXPECT_TRUE(sandbox.wait_message(…))` of
/// GoogleTest, and `CHECK(…)` of Catch2 and doctest, show it on failure.
class [[nodiscard]] INTENT_API WaitResult {
public:
    /// The message that arrived.
    explicit WaitResult(raw::Message message) : message_(std::move(message)) {}
    /// What happened instead.
    explicit WaitResult(std::string transcript) : transcript_(std::move(transcript)) {}

    /// True if the message arrived.
    explicit operator bool() const noexcept { return message_.has_value(); }
    /// True if the message arrived.
    bool has_value() const noexcept { return message_.has_value(); }
    /// The message; undefined behavior if there is no message.
    const raw::Message& operator*() const noexcept { return *message_; }
    /// A member of the message; undefined behavior if there is no message.
    const raw::Message* operator->() const noexcept { return &*message_; }
    /// The message, if it arrived.
    const std::optional<raw::Message>& message() const noexcept { return message_; }

    /// What was expected, the messages of the channel, the REST requests, and the applied faults; empty if the message
    /// arrived.
    const std::string& transcript() const noexcept { return transcript_; }
    /// The message or the transcript, safe to print on a terminal.
    std::string text() const;

    /// Converts to the result type of a test framework.
    template <detail::TestResult Result>
    operator Result() const {  // NOLINT(google-explicit-constructor): so that EXPECT_TRUE shows the transcript
        Result result(has_value());
        result << text();
        return result;
    }

    /// Writes `text()`.
    template <class Stream>
    requires requires(Stream& stream, const std::string& text) { stream << text; }
    friend Stream& operator<<(Stream& stream, const WaitResult& wait) {
        stream << wait.text();
        return stream;
    }

private:
    std::optional<raw::Message> message_ = {};
    std::string transcript_ = {};
};

}  // namespace intent::sandbox
