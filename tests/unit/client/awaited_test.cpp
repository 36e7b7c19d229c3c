// Every shape of call that a user may await, with its arguments written as temporaries.
//
// g++ 12 destroys some temporaries of an expression with a co_await twice: awaited_shapes_test.cpp has which. Safe, and
// tested here: classes with constructors (MessageBody, Embed, PageOptions, New…, …Edit), std::string, ids, lambdas
// whose captures are trivial. Not safe, and therefore written with a named task: `auto waiting =
// client.wait_for<…>([text](…) {…}, 5s);`.
//
// The texts are too long for a string's own storage, so that a second destruction is a double free: the allocator (or
// AddressSanitizer) ends the program. The counting type shows the same for captures.
#include <intent/attempt.hpp>
#include <intent/client.hpp>
#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::awaited_test {
namespace {

using namespace std::chrono_literals;

const std::string text = "a text that is too long for a string's own storage, so that it lives on the heap";

/// A client that was stopped: every call ends with CancelledError and nothing is sent.
class Awaited : public testing::Test {
protected:
    Awaited() { client.stop(); }

    static ClientOptions options() {
        ClientOptions options;
        options.token = "bot_c2VjcmV0";
        options.gateway_url = "ws://127.0.0.1:1/gateway";
        options.rest_url = "http://127.0.0.1:1/api/v1";
        options.log = nullptr;
        return options;
    }

    /// `call` is a coroutine that awaits one call; it ends as a call of a stopped client does.
    template <class Call>
    void expect_cancelled(Call call) {
        try {
            call().get();
            ADD_FAILURE() << "ended without an error";
        } catch (const CancelledError&) {
        }
    }

    Client client{options()};
    Message message{raw::Message{.id = MessageId{3}, .channel_id = ChannelId{2}, .author = {}, .content = text},
                    ClientRef()};
};

TEST_F(Awaited, messages) {
    auto& rest = client.rest();
    const ChannelId channel{2};
    const MessageId id{3};
    expect_cancelled([&]() -> task<> { co_await rest.create_message(channel, text); });
    expect_cancelled([&]() -> task<> { co_await rest.create_message(channel, "a literal that is longer than 15"); });
    expect_cancelled([&]() -> task<> { co_await rest.create_message(channel, MessageBody{text}); });
    expect_cancelled([&]() -> task<> {
        co_await rest.create_message(
            channel, MessageBody{text}.embed(Embed{}.title(text).footer(text, text).field(text, text).author(text)));
    });
    expect_cancelled(
        [&]() -> task<> { co_await rest.create_message(ChannelId{2}, MessageBody{}.embed(Embed{}.title(text))); });
    expect_cancelled([&]() -> task<> { co_await rest.edit_message(channel, id, MessageBody{}.content(text)); });
    expect_cancelled([&]() -> task<> { co_await rest.edit_message(channel, MessageId{3}, text); });
    expect_cancelled([&]() -> task<> { co_await rest.remove_message(channel, id); });
    expect_cancelled([&]() -> task<> { co_await rest.get_message(channel, id); });
    expect_cancelled([&]() -> task<> { co_await rest.get_messages(channel); });
    expect_cancelled([&]() -> task<> { co_await rest.get_messages(channel, PageOptions{}.limit(5).before(id)); });
    expect_cancelled([&]() -> task<> { co_await rest.message_limit(channel); });
    const std::string_view view = text;
    expect_cancelled([&]() -> task<> { co_await rest.create_message(channel, view); });
    expect_cancelled([&]() -> task<> { co_await rest.create_message(channel, Embed{}.title(text)); });
    expect_cancelled([&]() -> task<> { co_await rest.create_message(channel, "message " + id); });
    expect_cancelled([&]() -> task<> { co_await rest.create_message(channel, id + text); });
}

TEST_F(Awaited, lists_of_ids) {
    auto& rest = client.rest();
    const ChannelId channel{2};
    const std::vector<MessageId> many(50, MessageId{3});
    expect_cancelled([&]() -> task<> { co_await rest.remove_messages(channel, {MessageId{3}, MessageId{4}}); });
    expect_cancelled([&]() -> task<> { co_await rest.remove_messages(channel, {MessageId{3}}); });
    expect_cancelled([&]() -> task<> { co_await rest.remove_messages(channel, MessageId{3}); });
    expect_cancelled([&]() -> task<> { co_await rest.remove_messages(channel, many); });
    expect_cancelled([&]() -> task<> { co_await rest.remove_messages(channel, IdList<MessageId>{many}); });
    expect_cancelled([&]() -> task<> {
        co_await rest.edit_member(
            ServerId{1}, UserId{2},
            MemberEdit{}.nickname("a nickname of 24 letters").roles({RoleId{1}, RoleId{2}, RoleId{3}}));
    });
    expect_cancelled([&]() -> task<> { co_await rest.edit_member(ServerId{1}, UserId{2}, MemberEdit{}.roles({})); });
    expect_cancelled([&]() -> task<> { co_await rest.create_dm({UserId{1}, UserId{2}}); });
    expect_cancelled([&]() -> task<> { co_await rest.create_dm(UserId{1}); });
    const auto permissions = Permission::send_messages | Permission::view_channel;
    expect_cancelled([&]() -> task<> {
        co_await rest.create_role(ServerId{1}, NewRole{text}.permissions(permissions | Permission::connect));
    });
}

TEST_F(Awaited, attempts) {
    expect_cancelled([&]() -> task<> {
        const auto sent =
            co_await attempt(client.rest().create_message(ChannelId{2}, MessageBody{text}.embed(Embed{})));
        EXPECT_TRUE(sent.is<ConfigError>());
        const auto other = co_await attempt(client.rest().create_message(ChannelId{2}, text));
    });
    const auto gone = [&]() -> task<std::string> {
        const auto answer = co_await attempt(message.reply(MessageBody{text}.embed(Embed{}.title(text))));
        co_return answer.error().what();
    };
    EXPECT_EQ(gone().get().substr(0, 41), "the client that this object came from is ");
}

TEST_F(Awaited, servers_and_channels) {
    auto& rest = client.rest();
    expect_cancelled([&]() -> task<> { co_await rest.create_server(NewServer{text}.description(text).icon(text)); });
    expect_cancelled([&]() -> task<> { co_await rest.create_server(text); });
    expect_cancelled(
        [&]() -> task<> { co_await rest.edit_server(ServerId{1}, ServerEdit{}.name(text).description(text)); });
    expect_cancelled([&]() -> task<> {
        co_await rest.create_channel(ServerId{1}, NewChannel{text, ChannelType::voice}.topic(text).position(1));
    });
    expect_cancelled([&]() -> task<> { co_await rest.create_channel(ServerId{1}, text); });
    expect_cancelled([&]() -> task<> { co_await rest.edit_channel(ChannelId{2}, ChannelEdit{}.name(text)); });
    expect_cancelled([&]() -> task<> { co_await rest.get_json("/servers?" + std::string(50, 'x')); });
    expect_cancelled([&]() -> task<> { co_await rest.get_user(UserId{1}); });
    expect_cancelled([&]() -> task<> { co_await client.sleep_for(1h); });
}

TEST_F(Awaited, commands_to_the_gateway) {
    const ServerId server{1};
    const ChannelId channel{2};
    expect_cancelled([&]() -> task<> { co_await client.update_presence(PresenceStatus::idle); });
    expect_cancelled([&]() -> task<> { co_await client.update_presence(Presence{PresenceStatus::dnd}.afk()); });
    expect_cancelled([&]() -> task<> { co_await client.join_voice(server, channel); });
    expect_cancelled([&]() -> task<> { co_await client.join_voice(server, channel, VoiceOptions{}.muted()); });
    expect_cancelled([&]() -> task<> { co_await client.leave_voice(server); });
    expect_cancelled([&]() -> task<> { co_await client.mute(server); });
    expect_cancelled([&]() -> task<> { co_await client.mute(server, VoiceOptions{}.deafened()); });
    expect_cancelled([&]() -> task<> { co_await client.send_voice_signal(VoiceOffer{text, Secret{text}}); });
    expect_cancelled([&]() -> task<> { co_await client.send_voice_signal(VoiceAnswer{text}); });
    expect_cancelled([&]() -> task<> { co_await client.send_voice_signal(VoiceIce{text, text, 1}); });
    expect_cancelled([&]() -> task<> { co_await client.request_members(server); });
    expect_cancelled([&]() -> task<> { co_await client.request_members(MemberQuery{server}.query(text).limit(5)); });
}

TEST_F(Awaited, actions_of_structures) {
    // The structures of a client that is gone: the error is another one, the shapes are the same.
    const auto expect_gone = [](auto call) {
        try {
            call().get();
            ADD_FAILURE() << "ended without an error";
        } catch (const UsageError&) {
        }
    };
    const Channel channel;
    const Server server;
    expect_gone([&]() -> task<> { co_await message.reply(text); });
    expect_gone([&]() -> task<> { co_await message.reply("a literal that is longer than 15 bytes"); });
    expect_gone([&]() -> task<> { co_await message.reply(MessageBody{text}.embed(Embed{}.title(text))); });
    expect_gone([&]() -> task<> { co_await message.edit(MessageBody{text}); });
    expect_gone([&]() -> task<> { co_await message.remove(); });
    expect_gone([&]() -> task<> { co_await channel.send(MessageBody{text}.embed(Embed{}.title(text))); });
    expect_gone([&]() -> task<> { co_await channel.messages(PageOptions{}.limit(5)); });
    expect_gone([&]() -> task<> { co_await channel.edit(ChannelEdit{}.name(text).topic(text)); });
    expect_gone([&]() -> task<> { co_await server.create_channel(NewChannel{text}.topic(text)); });
    expect_gone([&]() -> task<> { co_await server.edit(ServerEdit{}.name(text)); });
    expect_gone([&]() -> task<> { co_await server.members(); });
    expect_gone([&]() -> task<> { co_await User().fetch(); });
}

/// Counts how many of it exist.
class Counted {
public:
    Counted() { ++alive; }
    Counted(const Counted&) { ++alive; }
    Counted(Counted&&) noexcept { ++alive; }
    Counted& operator=(const Counted&) = default;
    Counted& operator=(Counted&&) = default;
    ~Counted() { --alive; }

    inline static std::atomic<int> alive = 0;
};

TEST_F(Awaited, wait_for_with_trivial_captures_as_a_temporary) {
    const MessageId id{3};
    int calls = 0;
    expect_cancelled([&]() -> task<> {
        co_await client.wait_for<MessageCreate>([id](const MessageCreate& event) { return event.message.id == id; },
                                                5s);
    });
    expect_cancelled([&]() -> task<> {
        co_await client.wait_for<MessageCreate>([&](const MessageCreate&) { return ++calls > 0; }, 5s);
    });
    expect_cancelled([&]() -> task<> {
        co_await client.wait_for<MessageUpdate, MessageDelete>([&](const auto&) { return ++calls > 0; }, 5s);
    });
    EXPECT_EQ(calls, 0);
}

TEST_F(Awaited, wait_for_with_other_captures_through_a_named_task) {
    {
        const Counted counted;
        expect_cancelled([&]() -> task<> {
            auto waiting = client.wait_for<MessageCreate>(
                [counted, wanted = text](const MessageCreate& event) { return event.message.content == wanted; }, 5s);
            co_await std::move(waiting);
        });
        EXPECT_EQ(Counted::alive, 1);

        expect_cancelled([&]() -> task<> {
            auto predicate = [counted, wanted = text](const MessageCreate& event) {
                return event.message.content == wanted;
            };
            co_await client.wait_for<MessageCreate>(std::move(predicate), 5s);
        });
        EXPECT_EQ(Counted::alive, 1);
    }
    EXPECT_EQ(Counted::alive, 0);
}

TEST_F(Awaited, arguments_that_are_refused_are_freed_once_too) {
    const auto expect_refused = [](auto call) {
        try {
            call().get();
            ADD_FAILURE() << "ended without an error";
        } catch (const ConfigError&) {
        }
    };
    auto& rest = client.rest();
    expect_refused([&]() -> task<> { co_await rest.create_message(ChannelId{}, MessageBody{text}); });
    expect_refused([&]() -> task<> { co_await rest.create_message(ChannelId{2}, std::string(2001, 'x')); });
    expect_refused([&]() -> task<> { co_await rest.create_channel(ServerId{1}, NewChannel{std::string(101, 'x')}); });
}

TEST_F(Awaited, handlers_and_their_captures_are_freed_once) {
    {
        Client other(options());
        const Counted counted;
        other.on([counted](const MessageCreate&) {});
        other.on([counted](MessageCreate) -> task<> { co_return; });
        auto subscription = other.once([counted](const Ready&) {});
        EXPECT_EQ(Counted::alive, 4);
        subscription.off();
        EXPECT_EQ(Counted::alive, 3);
    }
    EXPECT_EQ(Counted::alive, 0);
}

}  // namespace
}  // namespace intent::awaited_test
