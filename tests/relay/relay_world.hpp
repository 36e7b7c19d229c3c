// What tests of the relay share: a broker, the platform, and what the relay leaves in the stream.
#pragma once

#include "codec/convert.hpp"
#include "relay/broker/connection.hpp"
#include "relay/broker/jetstream.hpp"
#include "relay/broker/key_value.hpp"
#include "relay/wire/event_headers.hpp"
#include "relay/wire/gap_payload.hpp"
#include "relay/wire/rest_messages.hpp"
#include "relay/wire/subjects.hpp"
#include "tests/support/nats_server.hpp"
#include "tests/support/waiting.hpp"

#include <intent/client.hpp>
#include <intent/errors.hpp>
#include <intent/relay.hpp>
#include <intent/sandbox.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace intent::test {

using namespace std::chrono_literals;

/// Collects the log. Threads: safe.
class RecordedLog final : public LogSink {
public:
    bool enabled(LogLevel level, std::string_view) const noexcept override { return level >= LogLevel::info; }
    void write(const LogRecord& record) override {
        lines.add(std::string(record.component) + ": " + std::string(record.text));
    }
    bool contains(std::string_view text) const {
        for (const auto& line : lines.all())
            if (line.find(text) != std::string::npos) return true;
        return false;
    }
    std::string all() const {
        std::string text;
        for (const auto& line : lines.all())
            text += line + "\n";
        return text;
    }

    Recorder<std::string> lines;
};

/// An event of the stream.
struct StreamEvent {
    std::string subject;
    relay::EventHeaders headers;
    std::string id;  ///< for deduplication
    std::string data;
    relay::EventSubject place;

    codec::ByteView bytes() const { return {reinterpret_cast<const std::uint8_t*>(data.data()), data.size()}; }
    std::string json() const { return *codec::msgpack_to_json(bytes()); }
    /// The content of a message.
    std::string content() const {
        const auto message = codec::from_msgpack_wrapped<raw::Message>(bytes(), "message");
        return message ? message->content : "?";
    }
};

/// A broker and the platform. Tests add relays.
struct RelayWorld {
    explicit RelayWorld(sandbox::Options options = {}, const std::string& broker_config = {})
        : server(broker_config), platform(std::move(options)) {
        if (server.running()) connect();
    }

    void connect() {
        relay::broker::ConnectionOptions options;
        options.urls = {server.url()};
        options.first_reconnect_delay = 20ms;
        options.max_reconnect_delay = 200ms;
        connection = std::make_shared<relay::broker::Connection>(options);
        ASSERT_TRUE(connection->wait_connected(long_enough)) << connection->last_problem();
    }

    RelayOptions options(const std::string& id = "one") const {
        RelayOptions options;
        options.client = platform.client_options();
        options.client.log = log;
        options.client.metrics.collect = true;
        options.broker.urls = {server.url()};
        options.id = id;
        return options;
    }

    relay::broker::JetStream streams() const { return relay::broker::JetStream(connection); }
    relay::broker::KeyValue bucket() const { return {connection, names.bucket()}; }

    /// All events of the stream, in order; empty before the stream exists.
    std::vector<StreamEvent> events() const {
        auto api = streams();
        std::vector<StreamEvent> found;
        const auto info = api.stream_info(names.stream());
        if (!info) return found;
        for (std::uint64_t i = std::max<std::uint64_t>(info->first_sequence, 1); i <= info->last_sequence; ++i) {
            const auto stored = api.get_message(names.stream(), i);
            if (!stored) continue;
            StreamEvent event;
            event.subject = stored->message.subject;
            event.data = stored->message.data;
            const auto headers = relay::read_event_headers(stored->message.headers.fields());
            EXPECT_TRUE(headers) << headers.failure().text();
            if (headers) event.headers = *headers;
            if (const auto* id = stored->message.headers.find("Nats-Msg-Id")) event.id = *id;
            const auto place = names.parse_event(event.subject);
            EXPECT_TRUE(place) << event.subject;
            if (place) event.place = *place;
            found.push_back(std::move(event));
        }
        return found;
    }

    /// The contents of all MESSAGE_CREATE, in the order of the stream.
    std::vector<std::string> contents() const {
        std::vector<std::string> texts;
        for (const auto& event : events())
            if (event.headers.type == "MESSAGE_CREATE") texts.push_back(event.content());
        return texts;
    }

    /// Waits until the stream has this many messages. The broker may be about to restart.
    bool wait_contents(std::size_t count) const {
        return eventually([&] {
            try {
                return contents().size() >= count;
            } catch (const NetworkError&) {
                return false;
            }
        });
    }

    std::optional<StreamEvent> wait_event(std::string_view type) const {
        std::optional<StreamEvent> found;
        eventually([&] {
            for (auto& event : events())
                if (event.headers.is_gap ? type == "_GAP" : event.headers.type == type) found = std::move(event);
            return found.has_value();
        });
        return found;
    }

    bool wait_ready(const Relay& relay) const {
        return eventually([&] { return relay.status().gateway == ConnectionState::ready; });
    }

    void say(int first, int last) {
        for (int i = first; i <= last; ++i)
            platform.say("alice", platform.general(), std::to_string(i));
    }

    relay::RestAnswer ask(const relay::RestRequest& request, std::chrono::milliseconds timeout = long_enough) const {
        const auto bytes = relay::write_rest_request(request);
        return ask_bytes({bytes.begin(), bytes.end()}, timeout);
    }

    relay::RestAnswer ask_bytes(std::string bytes, std::chrono::milliseconds timeout = long_enough) const {
        relay::broker::Message message;
        message.subject = names.rest();
        message.data = std::move(bytes);
        const auto reply = connection->request(std::move(message), timeout);
        const auto answer =
            relay::read_rest_answer({reinterpret_cast<const std::uint8_t*>(reply.data.data()), reply.data.size()});
        EXPECT_TRUE(answer) << answer.failure().text();
        return *answer;
    }

    relay::RestRequest post(const std::string& content, std::string key = {}) const {
        relay::RestRequest request;
        request.method = "POST";
        request.path = "/channels/" + platform.general().str() + "/messages";
        request.body = R"({"content":")" + content + "\"}";
        request.key = std::move(key);
        return request;
    }

    relay::RestRequest get(std::string path) const {
        relay::RestRequest request;
        request.method = "GET";
        request.path = std::move(path);
        return request;
    }

    std::size_t posted(const std::string& content) const {
        const auto all = platform.messages(platform.general());
        return static_cast<std::size_t>(
            std::ranges::count_if(all, [&](const auto& message) { return message.content == content; }));
    }

    NatsServer server;
    Sandbox platform;
    std::shared_ptr<RecordedLog> log = std::make_shared<RecordedLog>();
    relay::Names names{"bot"};
    std::shared_ptr<relay::broker::Connection> connection;
};

/// "1", "2", …
inline std::vector<std::string> numbers(int first, int last) {
    std::vector<std::string> texts;
    for (int i = first; i <= last; ++i)
        texts.push_back(std::to_string(i));
    return texts;
}

/// "1", "2", … sorted as texts.
inline std::vector<std::string> sorted(std::vector<std::string> texts) {
    std::ranges::sort(texts);
    return texts;
}

}  // namespace intent::test
