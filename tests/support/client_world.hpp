// A client beside the platform it talks to, and what became of both.
#pragma once

#include "tests/support/waiting.hpp"

#include <intent/client.hpp>
#include <intent/sandbox.hpp>

#include <gtest/gtest.h>

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
    static const std::shared_ptr<SecretWatch>& of_all_tests() {
        static const auto* const one = new std::shared_ptr<SecretWatch>(std::make_shared<SecretWatch>());
        return *one;  // never destroyed: threads that a test leaves behind may still write
    }

    void guard(const Token& token) {
        std::string secret(token.reveal());
        const std::lock_guard lock(mutex_);
        // What stands behind the prefix is the secret; of short ones every text would be full.
        const auto begin = secret.find('_') + 1;
        if (secret.size() - begin >= 8) secrets_.insert(secret.substr(begin));
    }

    void check(std::string_view text) {
        const std::lock_guard lock(mutex_);
        for (const auto& secret : secrets_)
            EXPECT_EQ(text.find(secret), text.npos) << "a token is shown: " << text;
    }

    bool enabled(LogLevel) const noexcept override { return true; }
    void write(const LogRecord& record) override { check(record.text); }

private:
    std::mutex mutex_;
    std::set<std::string> secrets_;
};

/// Takes every line of log, from trace upwards.
class NotedLog final : public LogSink {
public:
    bool enabled(LogLevel) const noexcept override { return true; }
    void write(const LogRecord& record) override {
        SecretWatch::of_all_tests()->check(record.text);
        lines.add(std::string(record.component) + ": " + std::string(record.text));
    }

    bool mentions(std::string_view text) const {
        for (const auto& line : lines.all()) {
            if (line.find(text) != std::string::npos) return true;
        }
        return false;
    }

    Recorder<std::string> lines;
};

/// Options for the first bot of a sandbox. The log goes nowhere, but no secret may be in it. Channels are not fetched,
/// so that a test's requests and faults are its own.
inline ClientOptions options_for(const Sandbox& sandbox) {
    ClientOptions options;
    options.token = sandbox.bot_token();
    options.gateway_url = sandbox.gateway_url();
    options.rest_url = sandbox.rest_url();
    options.fetch_channels = false;
    options.log = SecretWatch::of_all_tests();
    SecretWatch::of_all_tests()->guard(options.token);
    return options;
}

/// The life of a client's session as a line for each event, and the messages it was handed.
class Diary {
public:
    explicit Diary(Client& client) {
        const auto shared = content_;
        client.on([shared](const Ready& event) { shared->life.add("ready " + event.user.username); });
        client.on([shared](const Resumed&) { shared->life.add("resumed"); });
        client.on([shared](const Disconnect& event) {
            shared->life.add("disconnect " + std::to_string(event.code) + (event.will_resume ? " resumable" : ""));
        });
        client.on(
            [shared](const Reconnecting& event) { shared->life.add("reconnecting " + std::to_string(event.attempt)); });
        client.on([shared](const Gap&) { shared->life.add("gap"); });
        client.on([shared](const ErrorEvent& event) {
            SecretWatch::of_all_tests()->check(event.where);
            SecretWatch::of_all_tests()->check(event.message);
            shared->errors.add(event.where + ": " + event.message);
        });
        client.on([shared](const MessageCreate& event) { shared->messages.add(event.message.content); });
    }

    Recorder<std::string>& life() { return content_->life; }
    Recorder<std::string>& errors() { return content_->errors; }
    Recorder<std::string>& messages() { return content_->messages; }

    bool wait_ready(std::size_t times = 1) {
        return content_->life.wait_for([&](const auto& lines) {
            std::size_t found = 0;
            for (const auto& line : lines)
                if (line.starts_with("ready")) ++found;
            return found >= times;
        });
    }

private:
    struct Content {
        Recorder<std::string> life;
        Recorder<std::string> errors;
        Recorder<std::string> messages;
    };
    std::shared_ptr<Content> content_ = std::make_shared<Content>();  // handlers may outlive this object
};

}  // namespace intent::test
