// What a worker sees of a relay: streams and buckets, events, and answers to requests.
#pragma once

#include "codec/convert.hpp"
#include "relay/broker/connection.hpp"
#include "relay/broker/jetstream.hpp"
#include "relay/broker/key_value.hpp"
#include "relay/wire/event_headers.hpp"
#include "relay/wire/event_ids.hpp"
#include "relay/wire/gap_payload.hpp"
#include "relay/wire/rest_messages.hpp"
#include "relay/wire/subjects.hpp"
#include "tests/support/nats_server.hpp"
#include "tests/support/waiting.hpp"

#include <intent/errors.hpp>
#include <intent/worker.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace intent::test {

/// Publishes events as a relay does, and answers REST requests: a POST has an effect once for each key.
class FakeRelay {
public:
    /// A request that had an effect.
    struct Effect {
        std::string path;
        std::string body;
        std::string key;
        friend bool operator==(const Effect&, const Effect&) = default;
    };

    explicit FakeRelay(const NatsServer& server, const std::string& user = {}, const std::string& password = {})
        : url_(server.url()) {
        relay::broker::ConnectionOptions options;
        options.urls = {url_};
        options.user = user;
        options.password = password;
        options.first_reconnect_delay = std::chrono::milliseconds(20);
        options.max_reconnect_delay = std::chrono::milliseconds(100);
        connection_ = std::make_shared<relay::broker::Connection>(options);
        EXPECT_TRUE(connection_->wait_connected(long_enough)) << connection_->last_problem();
        create();
        listen();
    }
    ~FakeRelay() { stop_answering(); }

    void create() {
        using namespace relay::broker;
        JetStream streams(connection_);
        KeyValue::ensure(connection_, {.name = names_.bucket()});
        KeyValue::ensure(connection_, {.name = names_.stream() + "_WORK"});
        StreamConfig letters;
        letters.name = names_.dead_letter_stream();
        letters.subjects = {names_.dead_letters()};
        streams.ensure_stream(letters);
        StreamConfig events;
        events.name = names_.stream();
        events.subjects = {names_.events()};
        events.duplicates = std::chrono::minutes(10);
        streams.ensure_stream(events);
    }

    void listen() {
        requests_ = connection_->subscribe(names_.rest(), "relay", [this](const relay::broker::Message& message) {
            const auto read = relay::read_rest_request(bytes_of(message.data));
            const auto answer = read ? answer_to(*read) : std::nullopt;
            if (answer) reply(message, relay::write_rest_answer(*answer));
        });
        commands_ = connection_->subscribe(names_.gateway(), "relay", [this](const relay::broker::Message& message) {
            const auto command = relay::read_command_request(bytes_of(message.data));
            if (command) ops.add(command->op);
            reply(message, relay::write_command_answer({}));
        });
    }
    void stop_answering() {
        requests_.reset();
        commands_.reset();
    }

    /// MESSAGE_CREATE in a channel of server 1.
    void message(std::uint64_t id, std::uint64_t channel, const std::string& text = "hi") {
        publish("MESSAGE_CREATE",
                R"({"message":{"id":")" + std::to_string(id) + R"(","server_id":"1","channel_id":")" +
                    std::to_string(channel) + R"(","content":")" + text +
                    R"(","author":{"id":"7","username":"alice"},"created_at":"2026-01-01T00:00:00Z"}})");
    }
    void publish(const std::string& type, const std::string& json, relay::EventHeaders headers = {}) {
        headers.type = type;
        publish(type, *codec::json_to_msgpack(json), std::move(headers));
    }
    void publish(const std::string& type, const codec::Bytes& data, relay::EventHeaders headers) {
        const auto ids = relay::event_ids(type, data);
        headers.session = "s";
        headers.seq = ++seq_;
        headers.received = Timestamp(std::chrono::milliseconds(1'700'000'000'000 + static_cast<std::int64_t>(seq_)));
        relay::broker::Message message{.subject = names_.event(relay::event_subject(type, ids)),
                                       .data = {data.begin(), data.end()}};
        for (const auto& [name, value] : relay::write_event_headers(headers))
            message.headers.add(name, value);
        message.headers.set(relay::deduplication_header, relay::deduplication_id(type, ids, "s", seq_));
        send(message);
    }
    void gap(const relay::GapPayload& gap) {
        const auto data = relay::write_gap(gap);
        relay::broker::Message message{.subject = names_.event({.partition = 0, .type = std::string(relay::gap_type)}),
                                       .data = {data.begin(), data.end()}};
        for (const auto& [name, value] : relay::write_event_headers({.is_gap = true}))
            message.headers.add(name, value);
        send(message);
    }
    void ready(const std::string& json) {
        const auto data = *codec::json_to_msgpack(json);
        relay::broker::KeyValue(connection_, names_.bucket()).put(relay::ready_key, {data.begin(), data.end()});
    }
    /// As the broker's acknowledgement shows it; again until the broker has it.
    void send(const relay::broker::Message& message) {
        const bool sent = eventually([&] {
            try {
                connection_->request(message, std::chrono::seconds(2));
                return true;
            } catch (const std::exception&) {
                return false;
            }
        });
        EXPECT_TRUE(sent) << connection_->last_problem();
    }

    const relay::Names& names() const noexcept { return names_; }
    const std::shared_ptr<relay::broker::Connection>& connection() const noexcept { return connection_; }
    relay::broker::JetStream streams() { return relay::broker::JetStream(connection_); }
    std::vector<relay::broker::StoredMessage> dead_letters() {
        std::vector<relay::broker::StoredMessage> letters;
        auto on_broker = streams();
        const auto info = on_broker.stream_info(names_.dead_letter_stream());
        for (std::uint64_t i = 1; info && i <= info->last_sequence; ++i)
            if (auto letter = on_broker.get_message(names_.dead_letter_stream(), i)) letters.push_back(*letter);
        return letters;
    }
    /// Events that a consumer has not acknowledged or not delivered yet.
    std::uint64_t open(const std::string& consumer) {
        constexpr std::uint64_t unknown = 999'999;
        try {
            auto on_broker = streams();
            const auto info = on_broker.consumer_info(names_.stream(), consumer);
            return info ? static_cast<std::uint64_t>(info->ack_pending) + info->pending : unknown;
        } catch (const NetworkError&) {  // the broker is down
            return unknown;
        }
    }

    WorkerOptions worker_options(const std::string& application = "app") const {
        WorkerOptions options;
        options.broker.urls = {url_};
        options.application = application;
        options.fetch_channels = false;
        options.ack_wait = std::chrono::seconds(2);
        options.retry_delays = {std::chrono::milliseconds(20)};
        options.log = nullptr;
        return options;
    }

    Recorder<Effect> effects;
    Recorder<std::string> keys;  ///< of all requests with a body
    Recorder<int> ops;           ///< of gateway commands
    /// Answers instead; no value: no answer at all.
    std::function<std::optional<relay::RestAnswer>(const relay::RestRequest&)> answer = {};

private:
    static codec::ByteView bytes_of(const std::string& text) {
        return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
    }
    void reply(const relay::broker::Message& to, const codec::Bytes& data) {
        connection_->try_publish({.subject = to.reply, .data = {data.begin(), data.end()}});
    }
    std::optional<relay::RestAnswer> answer_to(const relay::RestRequest& request) {
        const std::lock_guard lock(mutex_);
        if (!request.body.empty()) keys.add(request.key);
        if (answer) return answer(request);
        if (!request.body.empty() && answered_.try_emplace(request.key).second)
            effects.add({request.path, request.body, request.key});
        return relay::RestAnswer{
            .status = 200,
            .headers = {{"content-type", "application/json"}},
            .body = R"({"id":"99","channel_id":"2","content":"ok","author":{"id":"8","username":"bot"},)"
                    R"("created_at":"2026-01-01T00:00:00Z"})"};
    }

    const std::string url_;
    const relay::Names names_ = relay::Names("bot");
    std::shared_ptr<relay::broker::Connection> connection_;
    std::mutex mutex_;
    std::map<std::string, bool> answered_;
    std::uint64_t seq_ = 0;
    relay::broker::Registration requests_;
    relay::broker::Registration commands_;
};

}  // namespace intent::test
