// Dispatches become events without a session, a socket or a client.
#include "client/dispatch/dispatcher.hpp"

#include "codec/convert.hpp"

#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace intent::client::dispatcher_test {
namespace {

constexpr const char* message =
    R"({"message":{"id":"10","channel_id":"2","content":"hi","author":{"id":"7","username":"alice","display_name":"Alice"},)"
    R"("created_at":"2026-01-01T00:00:00Z"}})";

/// Notes when the last reference to a dispatch goes.
class Noted final : public detail::PendingDispatch {
public:
    explicit Noted(bool& handled) : handled_(handled) {}
    ~Noted() override { handled_ = !abandoned(); }

private:
    bool& handled_;
};

class NotedFollower final : public Follower {
public:
    bool wants_members() const noexcept override { return false; }
    bool wants_voice() const noexcept override { return false; }
    bool wants_servers() const noexcept override { return true; }
    bool wants_signals() const noexcept override { return wanted_signals; }
    void on_members(const raw::MembersChunk&) override {}
    void on_voice_server(const raw::VoiceServerUpdate&) override {}
    void on_own_voice_state(const raw::VoiceState&) override {}
    std::optional<VoicePlace> on_signal(const VoiceMessage& signal) override {
        if (const auto* answer = std::get_if<VoiceAnswer>(&signal)) answers.push_back(answer->sdp);
        return place;
    }
    void on_server(ServerId server) override { servers.push_back(server); }
    void on_server_gone(ServerId) override {}
    bool on_new_session(const std::vector<raw::Server>&) override { return false; }

    std::vector<ServerId> servers;
    bool wanted_signals = false;
    std::optional<VoicePlace> place;
    std::vector<std::string> answers;
};

/// A dispatcher whose handlers run where the dispatches come in.
struct Fed : testing::Test {
    Fed() {
        lanes = std::make_shared<Lanes>(0, 1 << 20, dispatcher, [](const std::function<void()>& work) { work(); });
        dispatcher->begin({.lanes = lanes, .client = {}, .on_room = {}, .follower = &follower});
    }
    ~Fed() override { dispatcher->end(); }

    template <class E, class F>
    void on(F function) {
        constexpr std::size_t index = detail::AllEvents::index_of<E>();
        dispatcher->registry().add(index, std::make_unique<detail::FunctionHandler<E, F>>(std::move(function)), false);
    }

    void feed(std::string_view type, std::string_view json, PendingRef pending = {}) {
        const auto data = codec::json_to_msgpack(json);
        codec::Frame frame;
        frame.op = 0;
        frame.type = type;
        frame.seq = ++seq;
        frame.data = *data;
        dispatcher->dispatch(frame, std::move(pending));
    }

    std::shared_ptr<Dispatcher> dispatcher = std::make_shared<Dispatcher>(
        CacheLimits{.messages = 10}, GuardedLog(nullptr), std::make_shared<TokenStore>(Token()));
    std::shared_ptr<Lanes> lanes;
    NotedFollower follower;
    std::uint64_t seq = 0;
};

TEST_F(Fed, a_voice_signal_reaches_the_follower_and_gets_its_channel) {
    const auto answer = codec::json_to_msgpack(R"({"type":"answer","sdp":"theirs"})");
    dispatcher->voice_signal(*answer);
    EXPECT_EQ(follower.answers.size(), 0u) << "nothing wants it";
    follower.wanted_signals = true;
    dispatcher->voice_signal(*answer);
    EXPECT_EQ(follower.answers, std::vector<std::string>{"theirs"});
    std::vector<VoicePlace> places;
    on<VoiceSignal>([&](const VoiceSignal& signal) { places.push_back({signal.server_id, signal.channel_id}); });
    dispatcher->voice_signal(*answer);
    follower.place = VoicePlace{ServerId{5}, ChannelId{50}};
    dispatcher->voice_signal(*answer);
    EXPECT_EQ(places, (std::vector<VoicePlace>{{}, {ServerId{5}, ChannelId{50}}}));
}

TEST_F(Fed, a_dispatch_reaches_its_handler_and_the_caches) {
    std::vector<std::string> seen;
    on<MessageCreate>([&](const MessageCreate& event) { seen.push_back(event.message.content); });
    feed("MESSAGE_CREATE", message);
    EXPECT_EQ(seen, std::vector<std::string>{"hi"});
    EXPECT_TRUE(dispatcher->caches().of<raw::Message>().get(MessageId{10}));
    EXPECT_EQ(dispatcher->caches().of<raw::User>().get(UserId{7})->username, "alice");
}

TEST_F(Fed, an_event_without_handlers_is_not_decoded) {
    bool failed = false;
    on<ErrorEvent>([&](const ErrorEvent&) { failed = true; });
    feed("TYPING_START", R"({"channel_id":[]})");
    EXPECT_FALSE(failed);
}

TEST_F(Fed, a_payload_that_cannot_be_decoded_becomes_an_error_event) {
    std::vector<std::string> errors;
    on<ErrorEvent>([&](const ErrorEvent& event) { errors.push_back(event.where); });
    feed("MESSAGE_CREATE", R"({"message":{"id":[]}})");
    EXPECT_EQ(errors, std::vector<std::string>{"MESSAGE_CREATE seq 1"});
}

TEST_F(Fed, a_handler_that_throws_becomes_an_error_event_and_the_next_one_runs) {
    std::vector<std::string> seen;
    on<ErrorEvent>([&](const ErrorEvent& event) { seen.push_back(event.message); });
    on<MessageCreate>([&](const MessageCreate&) { throw std::runtime_error("broken"); });
    on<MessageCreate>([&](const MessageCreate&) { seen.emplace_back("second"); });
    feed("MESSAGE_CREATE", message);
    EXPECT_EQ(seen, (std::vector<std::string>{"broken", "second"}));
}

TEST_F(Fed, a_dispatch_is_pending_until_its_handlers_have_ended) {
    bool handled = false;
    bool handled_inside = true;
    on<MessageCreate>([&](const MessageCreate&) { handled_inside = handled; });
    feed("MESSAGE_CREATE", message, std::make_shared<Noted>(handled));
    EXPECT_FALSE(handled_inside);
    EXPECT_TRUE(handled);
}

TEST_F(Fed, servers_are_reported_to_the_follower) {
    feed("SERVER_CREATE", R"({"server":{"id":"5","name":"s","owner_id":"7"}})");
    EXPECT_EQ(follower.servers, std::vector<ServerId>{ServerId{5}});
}

}  // namespace
}  // namespace intent::client::dispatcher_test
