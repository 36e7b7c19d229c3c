// A client beside the platform it talks to, and what became of both.
#pragma once

#include "tests/support/waiting.hpp"

#include <intent/client.hpp>
#include <intent/sandbox.hpp>

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>

namespace intent::test {

/// Fails the test in which a token shows up in a line of log or in an error.
///
/// Threads: safe.
class SecretWatch final : public LogSink {
public:
    static const std::shared_ptr<SecretWatch>& of_all_tests();

    void guard(const Token& token);

    void check(std::string_view text);

    bool enabled(LogLevel, std::string_view) const noexcept override { return true; }
    void write(const LogRecord& record) override { check(record.text); }

private:
    std::mutex mutex_;
    std::set<std::string> secrets_;
};

/// Takes every line of log, from trace upwards.
class NotedLog final : public LogSink {
public:
    bool enabled(LogLevel, std::string_view) const noexcept override { return true; }
    void write(const LogRecord& record) override;

    bool mentions(std::string_view text) const;

    Recorder<std::string> lines;
};

/// Options for the first bot of a sandbox. The log goes nowhere, but no secret may be in it. Channels are not fetched,
/// so that a test's requests and faults are its own.
ClientOptions options_for(const Sandbox& sandbox);

/// The life of a client's session as a line for each event, and the messages it was handed.
class Diary {
public:
    explicit Diary(Client& client);

    Recorder<std::string>& life() { return content_->life; }
    Recorder<std::string>& errors() { return content_->errors; }
    Recorder<std::string>& messages() { return content_->messages; }

    bool wait_ready(std::size_t times = 1);

private:
    struct Content {
        Recorder<std::string> life;
        Recorder<std::string> errors;
        Recorder<std::string> messages;
    };
    std::shared_ptr<Content> content_ = std::make_shared<Content>();  // handlers may outlive this object
};

}  // namespace intent::test
