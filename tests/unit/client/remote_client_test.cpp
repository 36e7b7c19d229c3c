// A client that gets its dispatches from a relay, and sends its requests through it.
#include "codec/convert.hpp"
#include "tests/support/waiting.hpp"

#include <intent/client.hpp>
#include <intent/detail/remote.hpp>
#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::remote_client_test {
namespace {

using namespace std::chrono_literals;
using detail::Payload;
using detail::RemoteAnswer;
using detail::RemoteDispatch;
using detail::RemoteRequest;

Payload bytes(std::string_view json) {
    const auto data = codec::json_to_msgpack(json);
    return {data->begin(), data->end()};
}

std::string message(std::string_view id, std::string_view text) {
    return R"({"message":{"id":")" + std::string(id) + R"(","channel_id":"2","content":")" + std::string(text) +
           R"(","author":{"id":"7","username":"alice"},"created_at":"2026-01-01T00:00:00Z"}})";
}

/// What happened on the relay's side.
struct Events {
    test::Recorder<std::string> all;
    std::mutex mutex;
    std::shared_ptr<detail::RemoteSink> sink = {};
    std::vector<std::pair<RemoteRequest, std::function<void(RemoteAnswer)>>> requests = {};
    std::function<void(std::exception_ptr)> command = {};
};

class FakeRemote final : public detail::Remote {
public:
    explicit FakeRemote(std::shared_ptr<Events> events) : events_(std::move(events)) {}
    void start(std::shared_ptr<detail::RemoteSink> sink) override {
        {
            const std::lock_guard lock(events_->mutex);
            events_->sink = std::move(sink);
        }
        events_->all.add("start");
    }
    void stop(std::function<void()> stopped) override {
        events_->all.add("stop");
        stopped();
    }
    void end() override { events_->all.add("end"); }
    void request(RemoteRequest request, std::function<void(RemoteAnswer)> done) override {
        std::string text = request.method + " " + request.path;
        if (!request.key.empty()) text += " key " + request.key;
        {
            const std::lock_guard lock(events_->mutex);
            events_->requests.emplace_back(std::move(request), std::move(done));
        }
        events_->all.add(std::move(text));
    }
    void command(std::uint8_t op, Payload, std::function<void(std::exception_ptr)> done) override {
        {
            const std::lock_guard lock(events_->mutex);
            events_->command = std::move(done);
        }
        events_->all.add("command " + std::to_string(op));
    }

private:
    const std::shared_ptr<Events> events_;
};

class RemoteClient final : public Client {
public:
    RemoteClient(ClientOptions options, std::shared_ptr<Events> events)
        : Client(detail::make_remote_client(std::move(options), std::make_unique<FakeRemote>(std::move(events)))) {}
};

/// Notes how a dispatch ended.
class Noted final : public detail::PendingDispatch {
public:
    Noted(std::shared_ptr<Events> events, std::string name) : events_(std::move(events)), name_(std::move(name)) {}
    ~Noted() override { events_->all.add(name_ + (abandoned() ? " abandoned" : failed() ? " failed" : " handled")); }

private:
    const std::shared_ptr<Events> events_;
    const std::string name_;
};

struct Relayed : testing::Test {
    ~Relayed() override {
        if (client) client->stop();
    }

    void begin(ClientOptions options = {}) {
        options.log = nullptr;
        options.fetch_channels = false;
        client.emplace(std::move(options), events);
    }
    void start() {
        client->start();
        ASSERT_TRUE(events->all.wait_contains("start"));
    }
    detail::RemoteSink& sink() {
        const std::lock_guard lock(events->mutex);
        return *events->sink;
    }
    void send(std::string name, std::string_view text, Delivery delivery = {}) {
        const std::string payload = message(name, text);
        sink().on_dispatch({.type = "MESSAGE_CREATE",
                            .payload = bytes(payload),
                            .delivery = delivery,
                            .key = "app.mc:" + name,
                            .pending = std::make_shared<Noted>(events, name)});
    }
    void answer(std::size_t number, RemoteAnswer answer) {
        std::function<void(RemoteAnswer)> done;
        {
            const std::lock_guard lock(events->mutex);
            done = events->requests.at(number).second;
        }
        done(std::move(answer));
    }

    std::shared_ptr<Events> events = std::make_shared<Events>();
    std::optional<RemoteClient> client;
};

const RemoteAnswer posted{.status = 201, .body = message("90", "pong")};

TEST_F(Relayed, an_event_is_handled_when_its_coroutine_has_ended) {
    begin();
    test::Recorder<std::string> seen;
    client->on([&](MessageCreate event) -> task<> {
        seen.add(std::string(event.message.content));
        co_await event.message.reply("pong");
        seen.add("posted, attempt " + std::to_string(event.delivery().attempt));
    });
    start();
    send("10", "ping", {.attempt = 3, .source = DeliverySource::replay});
    ASSERT_TRUE(events->all.wait_contains("POST /channels/2/messages key app.mc:10.1.1"));
    EXPECT_EQ(events->all.count(), 2u) << "not handled yet";
    answer(0, posted);
    EXPECT_TRUE(events->all.wait_contains("10 handled"));
    EXPECT_EQ(seen.all(), (std::vector<std::string>{"ping", "posted, attempt 3"}));
}

TEST_F(Relayed, each_handler_numbers_its_own_requests) {
    begin();
    client->on([&](MessageCreate event) -> task<> { co_await event.message.reply("one"); });
    client->on([&](MessageCreate event) -> task<> {
        co_await event.message.reply("two");
        co_await event.message.reply("three");
    });
    start();
    send("10", "ping");
    ASSERT_TRUE(events->all.wait_contains("POST /channels/2/messages key app.mc:10.1.1"));
    ASSERT_TRUE(events->all.wait_contains("POST /channels/2/messages key app.mc:10.2.1"));
    answer(1, posted);
    EXPECT_TRUE(events->all.wait_contains("POST /channels/2/messages key app.mc:10.2.2"));
}

TEST_F(Relayed, a_failed_handler_or_coroutine_and_an_unreadable_event_fail) {
    begin();
    client->on([](const MessageCreate& event) {
        if (event.message.content == "function") throw std::runtime_error("no");
    });
    client->on([](MessageCreate event) -> task<> {
        co_await event.message.reply("x");
        throw std::runtime_error("no");
    });
    start();
    send("10", "function");
    ASSERT_TRUE(events->all.wait_contains("POST /channels/2/messages key app.mc:10.2.1"));
    answer(0, posted);
    EXPECT_TRUE(events->all.wait_contains("10 failed"));
    send("11", "coroutine");
    ASSERT_TRUE(events->all.wait_contains("POST /channels/2/messages key app.mc:11.2.1"));
    answer(1, posted);
    EXPECT_TRUE(events->all.wait_contains("11 failed"));
    sink().on_dispatch({.type = "MESSAGE_CREATE",
                        .payload = bytes(R"({"message":7})"),
                        .pending = std::make_shared<Noted>(events, "12")});
    EXPECT_TRUE(events->all.wait_contains("12 failed"));
}

TEST_F(Relayed, what_a_stop_cancels_or_drops_is_abandoned) {
    begin();
    client->on([](MessageCreate event) -> task<> { co_await event.message.reply("x"); });
    start();
    send("10", "waits");
    ASSERT_TRUE(events->all.wait_contains("POST /channels/2/messages key app.mc:10.1.1"));
    const auto kept = events->sink;
    client->stop();
    EXPECT_TRUE(events->all.wait_contains("10 abandoned"));
    kept->on_dispatch({.type = "MESSAGE_CREATE", .pending = std::make_shared<Noted>(events, "11")});
    EXPECT_TRUE(events->all.wait_contains("11 abandoned")) << "after the end";
    EXPECT_EQ(events->all.all().back(), "11 abandoned");
    EXPECT_TRUE(events->all.wait_contains("end"));
}

TEST_F(Relayed, a_change_fills_the_caches_and_a_delivery_does_not) {
    begin();
    test::Recorder<std::string> seen;
    client->on([&](const ServerUpdate& event) { seen.add(event.server.name + (event.before ? " before" : "")); });
    start();
    const auto server = [](std::string_view name) {
        return bytes(R"({"server":{"id":"5","name":")" + std::string(name) + R"(","owner_id":"7"}})");
    };
    sink().on_change("SERVER_CREATE", server("one"));
    EXPECT_TRUE(test::eventually([&] { return client->servers().size() == 1; }));
    sink().on_change("SERVER_UPDATE", server("new"));
    sink().on_dispatch({.type = "SERVER_UPDATE", .payload = server("old")});
    ASSERT_TRUE(seen.wait_count(1));
    EXPECT_EQ(seen.all(), (std::vector<std::string>{"old"})) << "handlers see deliveries alone";
    EXPECT_EQ(client->servers().get(ServerId{5})->name, "new");
}

TEST_F(Relayed, ready_gap_and_connection_become_events_and_states) {
    begin();
    test::Recorder<std::string> seen;
    client->on([&](const Ready& event) { seen.add("ready " + event.user.username); });
    client->on([&](const Gap& event) { seen.add("gap " + event.reason); });
    client->on([&](const Disconnect& event) { seen.add("disconnect " + event.reason); });
    client->on([&](const Resumed&) { seen.add("resumed"); });
    start();
    EXPECT_NE(client->state(), ConnectionState::ready);
    sink().on_connected();
    sink().on_ready(
        bytes(R"({"user":{"id":"1","username":"bot"},"servers":[{"id":"5","name":"one","owner_id":"7"}]})"));
    ASSERT_TRUE(seen.wait_contains("ready bot"));
    EXPECT_EQ(client->state(), ConnectionState::ready);
    EXPECT_EQ(client->servers().size(), 1u);
    sink().on_gap(Gap{.from = {}, .to = {}, .reason = "expired"},
                  {.pending = std::make_shared<Noted>(events, "the gap")});
    EXPECT_TRUE(events->all.wait_contains("the gap handled"));
    sink().on_disconnected("the broker is gone");
    ASSERT_TRUE(seen.wait_contains("disconnect the broker is gone"));
    EXPECT_EQ(client->state(), ConnectionState::connecting);
    sink().on_connected();
    ASSERT_TRUE(seen.wait_contains("resumed"));
}

TEST_F(Relayed, failures_of_requests_are_the_errors_of_a_client) {
    begin();
    start();
    auto& rest = client->rest();
    const auto failing = [&](std::size_t number, RemoteAnswer how) {
        auto call = rest.create_message(ChannelId{2}, "hi");
        EXPECT_TRUE(test::eventually([&] {
            const std::lock_guard lock(events->mutex);
            return events->requests.size() > number;
        }));
        answer(number, std::move(how));
        return call;
    };
    using Kind = RemoteAnswer::Kind;
    EXPECT_THROW(failing(0, {.status = 403, .body = R"({"error":"no"})"}).get(), ForbiddenError);
    EXPECT_THROW(failing(1, {.kind = Kind::not_sent}).get(), NetworkError);
    EXPECT_THROW(failing(2, {.kind = Kind::timeout}).get(), TimeoutError);
    EXPECT_THROW(failing(3, {.kind = Kind::wait_too_long}).get(), TimeoutError);
    EXPECT_THROW(failing(4, {.kind = Kind::unknown_outcome}).get(), UnknownOutcomeError);
    EXPECT_THROW(failing(5, {.kind = Kind::token_refused}).get(), UnauthorizedError);
    EXPECT_THROW(failing(6, {.kind = Kind::invalid, .text = "path: \x1b[2J too long"}).get(), ConfigError);
    EXPECT_THROW(failing(7, {.kind = Kind::webhook_gone, .status = 404}).get(), NotFoundError);
}

TEST_F(Relayed, a_command_ends_when_the_relay_has_sent_it) {
    begin();
    start();
    auto first = client->update_presence(PresenceStatus::idle);
    ASSERT_TRUE(events->all.wait_contains("command 10"));
    events->command(nullptr);
    first.get();
    auto second = client->update_presence(PresenceStatus::online);
    ASSERT_TRUE(events->all.wait_count(3));
    events->command(std::make_exception_ptr(NetworkError("no relay answers")));
    EXPECT_THROW(second.get(), NetworkError);
}

TEST_F(Relayed, the_end_of_the_remote_ends_the_client_with_its_status) {
    begin();
    test::Recorder<std::string> seen;
    client->on([&](const ErrorEvent& event) { seen.add(event.message); });
    start();
    sink().on_over(std::make_exception_ptr(ConfigError("bot: another schema")), 4);
    EXPECT_EQ(client->wait(test::long_enough), 4);
    EXPECT_TRUE(seen.wait_contains("bot: another schema"));
}

TEST_F(Relayed, it_can_be_started_again) {
    begin();
    test::Recorder<std::string> seen;
    client->on([&](const MessageCreate& event) { seen.add(event.message.content); });
    start();
    client->stop();
    client->start();
    ASSERT_TRUE(events->all.wait_for([](const auto& all) { return std::ranges::count(all, "start") == 2; }));
    send("10", "again");
    EXPECT_TRUE(seen.wait_contains("again"));
}

}  // namespace
}  // namespace intent::remote_client_test
