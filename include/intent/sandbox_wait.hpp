// Author and text of the message that a test waits for, and the result of the wait.
#pragma once

#include <intent/detail/test_result.hpp>
#include <intent/raw/message.hpp>
#include <intent/snowflake.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace intent {

class Client;
class SandboxUser;

/// The author of a message. Made by `from`, or from a name.
///
/// Lifetime: an author made from a Client must not outlive it.
class SandboxAuthor {
public:
    SandboxAuthor(std::string name) : name_(std::move(name)) {}  // NOLINT(google-explicit-constructor)
    SandboxAuthor(std::string_view name) : name_(name) {}        // NOLINT(google-explicit-constructor)
    SandboxAuthor(const char* name) : name_(name) {}             // NOLINT(google-explicit-constructor)
    SandboxAuthor(UserId id) : id_(id) {}                        // NOLINT(google-explicit-constructor)
    explicit SandboxAuthor(const Client& bot) : bot_(&bot) {}

    /// True if this author wrote the message. A client that has not been ready yet has written no message.
    bool wrote(const raw::Message& message) const;
    /// The author's name for failure messages, e.g. "bot".
    std::string text() const;

    const std::string& name() const noexcept { return name_; }

private:
    const Client* bot_ = nullptr;
    std::string name_ = {};
    UserId id_ = {};
};

inline SandboxAuthor from(std::string_view name) { return SandboxAuthor(name); }
inline SandboxAuthor from(UserId id) { return SandboxAuthor(id); }
inline SandboxAuthor from(const raw::User& user) { return SandboxAuthor(user.id); }
inline SandboxAuthor from(const Client& bot) { return SandboxAuthor(bot); }
SandboxAuthor from(const SandboxUser& user);

/// The text of a message: the complete text, unless made by `containing`.
class SandboxText {
public:
    SandboxText(std::string text) : text_(std::move(text)) {}  // NOLINT(google-explicit-constructor)
    SandboxText(std::string_view text) : text_(text) {}        // NOLINT(google-explicit-constructor)
    SandboxText(const char* text) : text_(text) {}             // NOLINT(google-explicit-constructor)

    friend SandboxText containing(std::string_view part);
    bool fits(std::string_view content) const { return part_ ? content.find(text_) != content.npos : content == text_; }
    std::string text() const { return (part_ ? "containing \"" : "\"") + text_ + "\""; }

private:
    std::string text_;
    bool part_ = false;
};

inline SandboxText containing(std::string_view part) {
    SandboxText text(part);
    text.part_ = true;
    return text;
}

/// The result of a wait: the message, or a report of what happened instead. `EXPECT_TRUE(sandbox.wait_message(…))` of
/// GoogleTest, and `CHECK(…)` of Catch2 and doctest, show it on failure.
class [[nodiscard]] SandboxWait {
public:
    explicit SandboxWait(raw::Message message) : message_(std::move(message)) {}
    explicit SandboxWait(std::string transcript) : transcript_(std::move(transcript)) {}

    explicit operator bool() const noexcept { return message_.has_value(); }
    bool has_value() const noexcept { return message_.has_value(); }
    /// The message; undefined behavior if there is no message.
    const raw::Message& operator*() const noexcept { return *message_; }
    const raw::Message* operator->() const noexcept { return &*message_; }
    const std::optional<raw::Message>& message() const noexcept { return message_; }

    /// What was expected, the messages of the channel, the REST requests, and the applied faults; empty if the message
    /// arrived.
    const std::string& transcript() const noexcept { return transcript_; }
    /// The message or the transcript, safe to print on a terminal.
    std::string text() const;

    template <detail::TestResult Result>
    operator Result() const {  // NOLINT(google-explicit-constructor): so that EXPECT_TRUE shows the transcript
        Result result(has_value());
        result << text();
        return result;
    }

    template <class Stream>
    requires requires(Stream& stream, const std::string& text) { stream << text; }
    friend Stream& operator<<(Stream& stream, const SandboxWait& wait) {
        stream << wait.text();
        return stream;
    }

private:
    std::optional<raw::Message> message_ = {};
    std::string transcript_ = {};
};

}  // namespace intent
