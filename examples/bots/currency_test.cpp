// Tests the currency bot in a sandbox: people get, spend and try to double their coins.
#include "currency.hpp"

#include <intent/sandbox.hpp>

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

using namespace std::chrono_literals;

namespace {

intent::ClientOptions options_for(const intent::Sandbox& sandbox) {
    return {.token = sandbox.bot_token(), .gateway_url = sandbox.gateway_url(), .rest_url = sandbox.rest_url()};
}

// A client with the currency bot, online.
struct Bot {
    Bot(intent::Sandbox& sandbox, const std::filesystem::path& file)
        : client(options_for(sandbox)), currency(client, file) {
        client.start();
        EXPECT_TRUE(sandbox.wait_online("bot", 10s));
    }
    intent::Client client;
    Currency currency;
};

class CurrencyTest : public testing::Test {
protected:
    CurrencyTest() { std::filesystem::remove(file); }
    ~CurrencyTest() override { std::filesystem::remove(file); }

    // The bot's first message in `channel` after `id`.
    std::string answer_after(intent::MessageId id, intent::ChannelId channel) {
        const auto answer = sandbox.wait_message(channel, "bot", 20s, id);
        EXPECT_TRUE(answer);
        return answer ? answer->content : "no answer";
    }
    std::string ask(const intent::sandbox::User& user, std::string_view text) {
        return answer_after(user.say(general, text), general);
    }

    const std::filesystem::path file =
        testing::TempDir() + testing::UnitTest::GetInstance()->current_test_info()->name() + "_accounts";
    intent::Sandbox sandbox{{.limits = false}};
    const intent::ChannelId general = sandbox.general();
    intent::sandbox::User alice = sandbox.user("alice");
    intent::sandbox::User bob = sandbox.user("bob");
};

TEST_F(CurrencyTest, gives_daily_coins_once_a_day) {
    const Bot bot(sandbox, file);
    EXPECT_EQ(ask(alice, "!balance"), "You have 0 coins.");
    EXPECT_EQ(ask(alice, "!daily"), "You get 100 coins and have 100 coins.");
    EXPECT_EQ(ask(alice, "!daily"), "Come back in 24 h.");
    sandbox.advance(24h);
    EXPECT_EQ(ask(alice, "!daily"), "You get 100 coins and have 200 coins.");
}

TEST_F(CurrencyTest, moves_coins_from_one_member_to_another) {
    const Bot bot(sandbox, file);
    ask(alice, "!daily");
    EXPECT_EQ(ask(alice, "!transfer bob 1"), "You gave 1 coin to bob.");
    EXPECT_EQ(ask(alice, "!balance"), "You have 99 coins.");
    EXPECT_EQ(ask(bob, "!balance"), "You have 1 coin.");
}

TEST_F(CurrencyTest, refuses_what_is_no_transfer) {
    const Bot bot(sandbox, file);
    ask(alice, "!daily");
    const std::string too_long = "!transfer " + std::string(1900, 'x') + " 5";
    const std::vector<std::string_view> malformed = {"!transfer",         "!transfer bob",
                                                     "!transfer bob 0",   "!transfer bob -5",
                                                     "!transfer bob 1.5", "!transfer bob 5x",
                                                     "!transfer bob x",   "!transfer bob 99999999999999999999",
                                                     "!transfer 5 bob",   too_long};
    for (const std::string_view text : malformed)
        EXPECT_EQ(ask(alice, text), "Write !transfer NAME AMOUNT, with a whole number of coins.") << text;
    EXPECT_EQ(ask(alice, "!transfer carol 5"), "I do not know carol.");
    EXPECT_EQ(ask(alice, "!transfer bo 5"), "I do not know bo.");
    EXPECT_EQ(ask(alice, "!transfer alice 5"), "You cannot pay yourself.");
    EXPECT_EQ(ask(alice, "!transfer bob 101"), "You have only 100 coins.");
    EXPECT_EQ(ask(alice, "!balance"), "You have 100 coins.");
}

TEST_F(CurrencyTest, a_balance_shows_the_transfers_before_it) {
    const Bot bot(sandbox, file);
    ask(alice, "!daily");
    sandbox.fault(intent::sandbox::fault::delay(300ms).method("GET").path("/servers/*/members"));
    alice.say(general, "!transfer bob 30");
    alice.say(general, "!balance");
    EXPECT_TRUE(sandbox.wait_message(general, "bot", "You have 70 coins.", 10s));
}

TEST_F(CurrencyTest, coins_cannot_be_spent_twice_from_several_channels) {
    const Bot bot(sandbox, file);
    ask(alice, "!daily");
    std::vector<intent::ChannelId> channels;
    for (int i = 0; i < 6; ++i)
        channels.push_back(alice.create_channel(sandbox.server(), "shop-" + std::to_string(i)));
    std::vector<intent::MessageId> orders;
    for (const intent::ChannelId channel : channels)
        orders.push_back(alice.say(channel, "!transfer bob 60"));
    int paid = 0;
    for (std::size_t i = 0; i < channels.size(); ++i)
        paid += answer_after(orders[i], channels[i]) == "You gave 60 coins to bob.";
    EXPECT_EQ(paid, 1) << sandbox.transcript();
    EXPECT_EQ(ask(alice, "!balance"), "You have 40 coins.");
    EXPECT_EQ(ask(bob, "!balance"), "You have 60 coins.");
}

TEST_F(CurrencyTest, every_command_counts_once_although_the_connection_drops) {
    const Bot bot(sandbox, file);
    ask(alice, "!daily");
    const auto twice = sandbox.fault(intent::sandbox::fault::duplicate().event("MESSAGE_CREATE").user("bot"));
    EXPECT_EQ(ask(alice, "!transfer bob 10"), "You gave 10 coins to bob.");
    EXPECT_EQ(sandbox.hits(twice), 1u);
    sandbox.drop_connections();
    for (int i = 0; i < 3; ++i)
        alice.say(general, "!transfer bob 10");
    EXPECT_EQ(answer_after(alice.say(general, "!transfer bob 61"), general), "You gave 10 coins to bob.");
    EXPECT_TRUE(sandbox.wait_message(general, "bot", "You have only 60 coins.", 20s));
    EXPECT_EQ(ask(bob, "!balance"), "You have 40 coins.");
    EXPECT_EQ(sandbox.resumes(), 1u);
}

TEST_F(CurrencyTest, accounts_outlive_the_program) {
    {
        const Bot bot(sandbox, file);
        ask(alice, "!daily");
    }
    const Bot bot(sandbox, file);
    EXPECT_EQ(ask(alice, "!balance"), "You have 100 coins.");
    EXPECT_EQ(ask(alice, "!daily"), "Come back in 24 h.");
}

}  // namespace
