// What tests of the broker's client share.
#pragma once

#include "relay/broker/connection.hpp"
#include "relay/broker/jetstream.hpp"
#include "tests/support/nats_server.hpp"
#include "tests/support/waiting.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

namespace intent::relay::broker {

using namespace std::chrono_literals;
using namespace intent::test;

/// A connection that records what happens to it.
struct RecordedConnection {
    explicit RecordedConnection(const ConnectionOptions& options) {
        connection = std::make_shared<Connection>(
            options, ConnectionEvents{.changed = [record = changes](auto change, const auto&) { record->add(change); },
                                      .error = [record = errors](const auto& text) { record->add(text); }});
    }

    std::shared_ptr<Recorder<ConnectionChange>> changes = std::make_shared<Recorder<ConnectionChange>>();
    std::shared_ptr<Recorder<std::string>> errors = std::make_shared<Recorder<std::string>>();
    std::shared_ptr<Connection> connection;
};

inline ConnectionOptions options_for(const NatsServer& server) {
    ConnectionOptions options;
    options.urls = {server.url()};
    options.first_reconnect_delay = 20ms;
    options.max_reconnect_delay = 200ms;
    return options;
}

inline std::shared_ptr<Connection> connected(const NatsServer& server) {
    auto connection = std::make_shared<Connection>(options_for(server));
    EXPECT_TRUE(connection->wait_connected(long_enough)) << connection->last_problem();
    return connection;
}

/// Kills the broker and starts it again, until the connection has noticed both.
inline void restart(NatsServer& server, const Connection& connection) {
    const auto before = connection.epoch();
    server.kill();
    server.start();
    EXPECT_TRUE(eventually([&] { return connection.connected() && connection.epoch() > before; }));
}

inline StreamConfig events_stream() {
    StreamConfig config;
    config.name = "EVENTS";
    config.subjects = {"evt.>"};
    config.max_age = std::chrono::hours(24);
    config.duplicates = std::chrono::minutes(10);
    return config;
}

inline Message event(const std::string& subject, const std::string& id, const std::string& data = "x") {
    return {.subject = subject, .headers = {{std::string(message_id_header), id}}, .data = data};
}

/// What a call throws, as text with the type in front; empty if it throws nothing.
template <class Error, class Call>
std::string text_of(Call call) {
    try {
        call();
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

/// The text of an error that a callback got.
inline std::string text_of_error(const std::exception_ptr& error) {
    if (!error) return {};
    try {
        std::rethrow_exception(error);
    } catch (const std::exception& caught) {
        return caught.what();
    }
}

}  // namespace intent::relay::broker
