#include "tests/support/client_world.hpp"

#include <gtest/gtest.h>

namespace intent::test {

const std::shared_ptr<SecretWatch>& SecretWatch::of_all_tests() {
    static const auto* const one = new std::shared_ptr<SecretWatch>(std::make_shared<SecretWatch>());
    return *one;  // never destroyed: threads that a test leaves behind may still write
}

void SecretWatch::guard(const Token& token) {
    std::string secret(token.reveal());
    const std::lock_guard lock(mutex_);
    // What stands behind the prefix is the secret; of short ones every text would be full.
    const auto begin = secret.find('_') + 1;
    if (secret.size() - begin >= 8) secrets_.insert(secret.substr(begin));
}

void SecretWatch::check(std::string_view text) {
    const std::lock_guard lock(mutex_);
    for (const auto& secret : secrets_)
        EXPECT_EQ(text.find(secret), text.npos) << "a token is shown: " << text;
}

void NotedLog::write(const LogRecord& record) {
    SecretWatch::of_all_tests()->check(record.text);
    lines.add(std::string(record.component) + ": " + std::string(record.text));
}

bool NotedLog::mentions(std::string_view text) const {
    for (const auto& line : lines.all()) {
        if (line.find(text) != std::string::npos) return true;
    }
    return false;
}

ClientOptions options_for(const Sandbox& sandbox) {
    ClientOptions options = sandbox.client_options();
    options.fetch_channels = false;
    options.log = SecretWatch::of_all_tests();
    SecretWatch::of_all_tests()->guard(options.token);
    return options;
}

Diary::Diary(Client& client) {
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

bool Diary::wait_ready(std::size_t times) {
    return content_->life.wait_for([&](const auto& lines) {
        std::size_t found = 0;
        for (const auto& line : lines)
            if (line.starts_with("ready")) ++found;
        return found >= times;
    });
}

}  // namespace intent::test
