// A bot and the platform in one process: events come in, calls go out, in every dialect and life of a session.
#include "tests/support/certificates.hpp"
#include "tests/support/client_world.hpp"

#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

namespace intent::conversation_test {
namespace {

struct Setting {
    const char* name;
    sandbox::Dialect dialect = sandbox::Dialect::spec;
    bool hello = false;
    bool tls = false;

    friend std::ostream& operator<<(std::ostream& out, const Setting& setting) { return out << setting.name; }
};

class Conversation : public testing::TestWithParam<Setting> {
protected:
    Conversation() {
        sandbox::Options options;
        options.dialect = GetParam().dialect;
        options.hello = GetParam().hello;
        if (GetParam().tls) {
            const auto files = authority_.good();
            options.certificate_file = files.certificate;
            options.private_key_file = files.key;
        }
        sandbox_.emplace(options);
        auto client_options = test::options_for(*sandbox_);
        if (GetParam().tls) client_options.tls.extra_ca_file = authority_.ca_file();
        client_.emplace(client_options);
    }

    test::TestAuthority authority_;
    test::Recorder<std::string> seen_;
    std::optional<Sandbox> sandbox_;
    std::optional<Client> client_;
};

TEST_P(Conversation, a_bot_sees_what_happens_and_answers) {
    Client& client = *client_;
    Sandbox& sandbox = *sandbox_;
    const auto general = sandbox.general();
    test::Diary diary(client);
    auto& seen = seen_;

    client.on([&](const Ready& ready) {
        // The caches know what the event tells before its handlers run.
        const auto self = client.user();
        const auto server = client.servers().get(sandbox.server());
        seen.add(self && self->id == ready.user.id && client.users().get(self->id) ? "user known" : "user unknown");
        seen.add(server && server->name == "Sandbox" && ready.servers.size() == 1 ? "server known" : "server unknown");
    });
    client.on([](MessageCreate event) -> task<> {
        if (event.message.content == "!ping") co_await event.message.reply("pong");
    });
    client.on([&](const MessageUpdate& event) {
        seen.add("update " + event.message.content + (event.message.edited_at ? " edited" : ""));
    });
    client.on([&](const MessageDelete& event) { seen.add("delete " + event.id.str()); });
    client.on([&](const ChannelCreate& event) {
        const auto cached = client.channels().get(event.channel.id);
        seen.add("channel " + event.channel.name + (cached ? " cached" : ""));
    });
    client.on([&](const ServerCreate& event) {
        const auto cached = client.servers().get(event.server.id);
        seen.add("server " + event.server.name + (cached ? " cached" : ""));
    });
    client.on([&](const TypingStart& event) { seen.add("typing " + event.user_id.str()); });
    EXPECT_FALSE(client.user());

    client.start();
    ASSERT_TRUE(diary.wait_ready());
    EXPECT_TRUE(seen.wait_contains("user known"));
    EXPECT_TRUE(seen.wait_contains("server known"));

    const auto asked = sandbox.say("alice", general, "!ping");
    const auto answer = sandbox.wait_message(general, "bot", "pong", test::long_enough);
    ASSERT_TRUE(answer);
    EXPECT_TRUE(diary.messages().wait_contains("pong"));
    EXPECT_TRUE(client.users().get(sandbox.user_id("alice")));

    sandbox.user("bot").type(general);
    sandbox.user("alice").type(general);
    EXPECT_TRUE(seen.wait_contains("typing " + sandbox.user_id("alice").str()));
    const auto so_far = seen.all();
    EXPECT_EQ(std::count(so_far.begin(), so_far.end(), "typing " + sandbox.user_id("bot").str()), 0);

    sandbox.edit("alice", general, asked, "changed");
    EXPECT_TRUE(seen.wait_contains("update changed edited"));
    sandbox.remove("alice", general, asked);
    EXPECT_TRUE(seen.wait_contains("delete " + asked.str()));
    sandbox.create_channel("alice", sandbox.server(), "news");
    EXPECT_TRUE(seen.wait_contains("channel news cached"));
    sandbox.add_member(sandbox.create_server("alice", "Second"), "bot");
    EXPECT_TRUE(seen.wait_contains("server Second cached"));

    client.stop();
    ASSERT_TRUE(test::eventually([&] { return !sandbox.closes().empty(); }));
    EXPECT_EQ(sandbox.closes(), (std::vector<sandbox::Close>{{.code = 1000, .by_sandbox = false}}));
    EXPECT_EQ(sandbox.identifies(), 1u);
    EXPECT_EQ(diary.errors().count(), 0u);
}

INSTANTIATE_TEST_SUITE_P(Sandbox, Conversation,
                         testing::Values(Setting{"spec_today"},
                                         Setting{"spec_hello_tls", sandbox::Dialect::spec, true, true},
                                         Setting{"web_hello", sandbox::Dialect::web, true},
                                         Setting{"flat_today_tls", sandbox::Dialect::flat, false, true}),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Tls, an_untrusted_certificate_is_refused_unless_verification_is_off) {
    test::TestAuthority authority;
    const auto files = authority.good();
    sandbox::Options options;
    options.certificate_file = files.certificate;
    options.private_key_file = files.key;
    Sandbox sandbox(options);
    {
        auto distrustful = test::options_for(sandbox);
        distrustful.tls = {};  // without the sandbox's certificate
        Client client(distrustful);
        test::Diary diary(client);
        client.start();
        ASSERT_TRUE(diary.errors().wait_count(1));
        EXPECT_EQ(diary.errors().all().front().substr(0, 17), "connect: gateway:");
        EXPECT_TRUE(diary.life().wait_contains("reconnecting 1"));
        EXPECT_THROW(client.rest().get_current_user().get(), NetworkError);
    }
    EXPECT_EQ(sandbox.identifies(), 0u);
    EXPECT_EQ(sandbox.requests(), 0u);

    auto trusting = test::options_for(sandbox);
    trusting.tls = {};
    trusting.tls.dangerously_skip_verification = true;
    Client client(trusting);
    test::Diary diary(client);
    client.start();
    EXPECT_TRUE(diary.wait_ready());
    EXPECT_EQ(client.rest().get_current_user().get().username, "bot");
}

}  // namespace
}  // namespace intent::conversation_test
