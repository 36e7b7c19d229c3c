// Dispatches become events without a session, a socket or a client.
#include "client/dispatch/dispatcher.hpp"

#include "codec/convert.hpp"
#include "net/clock.hpp"
#include "tests/support/waiting.hpp"

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
        dispatcher->registry().add(detail::make_handler<detail::Order::none>(std::move(function)), false);
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

TEST_F(Fed, an_event_that_is_decoded_ahead_is_one_whole_value_or_has_no_effect) {
    EXPECT_FALSE(dispatcher->decodes_ahead()) << "nothing wants it";
    std::vector<std::string> seen, errors;
    on<MessageCreate>([&](const MessageCreate& event) { seen.push_back(event.message.content); });
    on<ErrorEvent>([&](const ErrorEvent& event) { errors.push_back(event.message); });
    ASSERT_TRUE(dispatcher->decodes_ahead());
    const auto data = *codec::json_to_msgpack(message);
    const auto ahead = [&](codec::ByteView bytes) {
        const codec::Bytes copy(bytes.begin(), bytes.end());
        codec::Frame frame{0, "MESSAGE_CREATE", 7, copy};
        const bool whole = dispatcher->decode_ahead(frame);
        if (whole) dispatcher->dispatch_ahead(frame);
        return whole;
    };
    for (std::size_t size = 0; size < data.size(); ++size)
        EXPECT_FALSE(ahead(codec::ByteView(data).first(size))) << size;
    auto longer = data;
    longer.push_back(0xc0);
    EXPECT_FALSE(ahead(longer));
    EXPECT_FALSE(ahead(*codec::json_to_msgpack(R"({"message":{"id":"1"}})")));
    EXPECT_TRUE(seen.empty());
    EXPECT_TRUE(errors.empty());
    EXPECT_FALSE(dispatcher->caches().of<raw::User>().get(UserId{7}));

    EXPECT_TRUE(ahead(data));
    EXPECT_EQ(seen, std::vector<std::string>{"hi"});
    EXPECT_TRUE(dispatcher->caches().of<raw::Message>().get(MessageId{10}));
    EXPECT_EQ(dispatcher->caches().of<raw::User>().get(UserId{7})->username, "alice");
    on<RawEvent>([](const RawEvent&) {});
    EXPECT_FALSE(dispatcher->decodes_ahead()) << "a raw event needs the walk";
}

TEST(DispatcherAlone, a_message_that_nobody_needs_is_only_walked_over) {
    const auto dispatcher = std::make_shared<Dispatcher>(CacheLimits{.messages = 0}, GuardedLog(nullptr),
                                                         std::make_shared<TokenStore>(Token()));
    dispatcher->begin({.lanes = std::make_shared<Lanes>(0, 1 << 20, dispatcher, [](const auto& work) { work(); }),
                       .client = {},
                       .on_room = {},
                       .follower = nullptr});
    ASSERT_TRUE(dispatcher->decodes_ahead());
    const auto data = *codec::json_to_msgpack(message);
    EXPECT_TRUE(dispatcher->decode_ahead({0, "MESSAGE_CREATE", 1, data}));
    std::vector<std::string> seen;
    const auto handler = [&](const MessageCreate& event) { seen.push_back(event.message.content); };
    const auto id = dispatcher->registry().add(detail::make_handler<detail::Order::none>(handler), false);
    dispatcher->dispatch_ahead({0, "MESSAGE_CREATE", 1, data});  // it was ignored before there was a handler
    EXPECT_TRUE(seen.empty());
    EXPECT_TRUE(dispatcher->decode_ahead({0, "MESSAGE_CREATE", 2, data}));
    dispatcher->dispatch_ahead({0, "MESSAGE_CREATE", 2, data});
    EXPECT_EQ(seen, std::vector<std::string>{"hi"});
    dispatcher->registry().remove(detail::AllEvents::index_of<MessageCreate>(), id);
    for (std::size_t size = 0; size < data.size(); ++size) {
        const codec::Bytes cut(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(size));
        EXPECT_FALSE(dispatcher->decode_ahead({0, "MESSAGE_CREATE", 3, cut})) << size;
    }
    dispatcher->end();
}

/// A message whose every field is set.
std::string full_message(const std::string& content) {
    return R"({"message":{"id":"11","channel_id":"2","content":")" + content +
           R"(","author":{"id":"8","username":"grace","display_name":"Grace","avatar_url":"https://a/b",)"
           R"("created_at":"2024-01-15T12:00:00.123Z"},"created_at":"2026-01-01T00:00:00.000Z",)"
           R"("edited_at":"2026-01-01T00:00:00.000Z","webhook_id":"5","mls_ciphertext":"aGk=",)"
           R"("embeds":[{"title":"t"}],"attachments":[{"id":"1","filename":"f","size":1,"url":"u"}]}})";
}

/// Messages of every size in turn, so that each follows one that has left more, or less.
const std::vector<std::string>& messages_in_turn() {
    static const std::vector<std::string> documents{full_message(std::string(300, 'x')),
                                                    message,
                                                    full_message(std::string(5'000, 'y')),
                                                    message,
                                                    full_message("short"),
                                                    message};
    return documents;
}

TEST_F(Fed, messages_that_use_the_same_memory_have_nothing_of_the_one_before) {
    std::vector<raw::Message> seen;
    on<MessageCreate>([&](const MessageCreate& event) { seen.push_back(event.message); });
    for (const auto& document : messages_in_turn()) {
        feed("MESSAGE_CREATE", document);
        EXPECT_EQ(seen.back(), *codec::from_json_wrapped<raw::Message>(document, "message"));
    }
    EXPECT_EQ(seen.size(), messages_in_turn().size());
}

TEST_F(Fed, messages_for_handler_threads_have_nothing_of_the_one_before) {
    lanes = std::make_shared<Lanes>(1, 1 << 20, dispatcher, [](const std::function<void()>&) {});
    dispatcher->begin({.lanes = lanes, .client = {}, .on_room = {}, .follower = &follower});
    lanes->start();
    test::Recorder<raw::Message> seen;
    on<MessageCreate>([&](const MessageCreate& event) { seen.add(event.message); });
    for (std::size_t round = 0; round < 20; ++round) {
        for (const auto& document : messages_in_turn()) {
            feed("MESSAGE_CREATE", document);
            if (round % 4 == 0) feed("MESSAGE_DELETE", R"({"id":"10","channel_id":"2"})");  // uses the same places
            if (round % 2 == 0) lanes->flush();
        }
        lanes->flush();
        ASSERT_TRUE(seen.wait_count((round + 1) * messages_in_turn().size()));
    }
    const std::size_t count = 20 * messages_in_turn().size();
    lanes->begin_stop(Lanes::Backlog::handled);
    lanes->join(net::now() + test::long_enough);
    const auto all = seen.all();
    for (std::size_t i = 0; i < count; ++i) {
        const auto& document = messages_in_turn()[i % messages_in_turn().size()];
        EXPECT_EQ(all[i], *codec::from_json_wrapped<raw::Message>(document, "message")) << i;
    }
}

TEST_F(Fed, only_what_nothing_needs_is_ignored) {
    const codec::Frame typing{0, "TYPING_START", 1, {}};
    const codec::Frame message_frame{0, "MESSAGE_CREATE", 1, {}};
    const codec::Frame unknown{0, "POLL_VOTE", 1, {}};
    EXPECT_TRUE(dispatcher->ignores(typing));
    EXPECT_FALSE(dispatcher->ignores(message_frame)) << "messages are cached";
    EXPECT_FALSE(dispatcher->ignores(unknown));
    on<TypingStart>([](const TypingStart&) {});
    EXPECT_FALSE(dispatcher->ignores(typing));
    const codec::Frame presence{0, "PRESENCE_UPDATE", 1, {}};
    EXPECT_TRUE(dispatcher->ignores(presence));
    on<RawEvent>([](const RawEvent&) {});
    EXPECT_FALSE(dispatcher->ignores(presence));
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
