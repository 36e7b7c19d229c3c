// What a worker may do on a real broker with the configuration that `intent relay accounts` prints, and what it is
// refused.
#include "tests/integration/tool/program.hpp"
#include "tests/relay/support/fake_relay.hpp"
#include "tests/relay/tool/nats_user.hpp"
#include "tests/support/nats_server.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdio>
#include <memory>

namespace intent::test::accounts_test {

namespace {

/// A folder of passwords, as `--passwords` takes it.
class Passwords {
public:
    explicit Passwords(const std::vector<std::string>& users) {
        for (const auto& user : users)
            add(user, password_of(user) + "\n");
    }
    void add(const std::string& user, const std::string& content, mode_t mode = 0600) {
        chmod(folder_.write(user, content).c_str(), mode);
    }
    static std::string password_of(const std::string& user) { return "secret-of-" + user; }
    std::string path() const { return folder_.path(); }

private:
    TemporaryFolder folder_;
};

std::string joined_lines(const Outcome& outcome) {
    std::string text;
    for (const auto& line : outcome.lines)
        text += line + "\n";
    return text;
}

/// The bot `bot` with a pool `app`, an ordered application `other`, and a bot `c` beside it.
std::string configuration() {
    const Passwords passwords({"relay", "app", "other", "relay-c", "app-c"});
    const auto first = run("intent-relay", {"accounts", "--bot", "bot", "--worker", "app", "--ordered", "other",
                                            "--passwords", passwords.path()});
    const auto second = run("intent-relay", {"accounts", "--bot", "c", "--relay", "relay-c", "--worker", "app-c",
                                             "--passwords", passwords.path()});
    EXPECT_EQ(first.status, 0) << first.errors;
    EXPECT_EQ(second.status, 0) << second.errors;
    // As two included files would be: their blocks are parts of one.
    std::string text = joined_lines(first);
    const std::string more = joined_lines(second);
    const auto begin = more.find("  \"INTENT_c\"");
    text.resize(text.rfind('}'));
    return text + more.substr(begin);
}

class Accounts : public testing::Test {
protected:
    void SetUp() override {
        INTENT_NEEDS_NATS();
        server_ = std::make_unique<NatsServer>(configuration());
    }

    NatsUser user(const std::string& name) { return {server_->port(), name, Passwords::password_of(name)}; }

    /// As a relay would have set it up.
    void create_stream(NatsUser& relay) {
        relay.subscribe("_INBOX.r.>");
        for (const auto& [name, subjects] : {std::pair<std::string, std::string>{"INTENT_bot", "intent.bot.evt.>"},
                                             {"INTENT_bot_DLQ", "intent.bot.dlq.>"},
                                             {"KV_INTENT_bot", "$KV.INTENT_bot.>"},
                                             {"KV_INTENT_bot_REST", "$KV.INTENT_bot_REST.>"},
                                             {"KV_INTENT_bot_WORK", "$KV.INTENT_bot_WORK.>"}}) {
            relay.publish(
                "$JS.API.STREAM.CREATE." + name,
                R"({"name":")" + name + R"(","subjects":[")" + subjects +
                    R"("],"retention":"limits","storage":"file","num_replicas":1,"max_msgs":-1,"max_bytes":-1,)"
                    R"("max_age":0,"discard":"old","allow_direct":true,"max_consumers":-1})",
                "_INBOX.r." + name);
            const auto answer = relay.wait("stream_create_response");
            EXPECT_EQ(answer.find("\"error\""), std::string::npos) << answer;
            relay.synchronise();
        }
    }

    std::unique_ptr<NatsServer> server_;
};

struct Operation {
    const char* what;
    const char* verb;  ///< "publish" or "subscribe"
    const char* subject;
};

/// Tries each operation, prints a row, and expects the same outcome of all.
void expect_all(NatsUser& user, const std::vector<Operation>& operations, bool refusal) {
    for (const auto& [what, verb, subject] : operations) {
        const bool publishes = std::string_view(verb) == "publish";
        const bool is_refused = refused(publishes ? user.publish(subject, "{}") : user.subscribe(subject));
        std::printf("  %-7s  %-9s  %-52s  %s\n", is_refused ? "refused" : "allowed", verb, subject, what);
        EXPECT_EQ(is_refused, refusal) << verb << " " << subject << ": " << what;
    }
}

TEST_F(Accounts, a_worker_may_pull_acknowledge_and_request) {
    auto worker = user("app");
    ASSERT_TRUE(worker.accepted()) << worker.welcome();
    std::printf("a worker of the application `app` of the bot `bot`:\n");
    expect_all(worker,
               {{"answers and deliveries", "subscribe", "_INBOX_app.>"},
                {"events that change caches", "subscribe", "intent.bot.evt.*.CHANNEL_UPDATE.*.*"},
                {"a REST request", "publish", "intent.bot.rest"},
                {"a gateway command", "publish", "intent.bot.gw"},
                {"a dead letter of its own", "publish", "intent.bot.dlq.app.3.MESSAGE_CREATE.1.2"},
                {"create its consumer", "publish", "$JS.API.CONSUMER.DURABLE.CREATE.INTENT_bot.app"},
                {"inspect its consumer", "publish", "$JS.API.CONSUMER.INFO.INTENT_bot.app"},
                {"pull", "publish", "$JS.API.CONSUMER.MSG.NEXT.INTENT_bot.app"},
                {"acknowledge", "publish", "$JS.ACK.INTENT_bot.app.1.5.5.1700000000000000000.0"},
                {"inspect the stream", "publish", "$JS.API.STREAM.INFO.INTENT_bot"},
                {"read Ready", "publish", "$JS.API.STREAM.MSG.GET.KV_INTENT_bot"},
                {"read attempts", "publish", "$JS.API.STREAM.MSG.GET.KV_INTENT_bot_WORK"},
                {"count an attempt", "publish", "$KV.INTENT_bot_WORK.app.attempt.7"},
                {"see changes of its leases", "subscribe", "$KV.INTENT_bot_WORK.app.>"}},
               false);
    auto ordered = user("other");
    expect_all(ordered,
               {{"pull a partition", "publish", "$JS.API.CONSUMER.MSG.NEXT.INTENT_bot.other_P15"},
                {"acknowledge in it", "publish", "$JS.ACK.INTENT_bot.other_P0.1.5.5.1700000000000000000.0"}},
               false);
}

TEST_F(Accounts, a_worker_is_refused_everything_else) {
    auto worker = user("app");
    ASSERT_TRUE(worker.accepted()) << worker.welcome();
    std::printf("a worker of the application `app` of the bot `bot`:\n");
    expect_all(worker,
               {{"everything", "subscribe", ">"},
                {"everything of the bot", "subscribe", "intent.bot.>"},
                {"requests of others", "subscribe", "intent.bot.rest"},
                {"gateway commands of others", "subscribe", "intent.bot.gw"},
                {"dead letters", "subscribe", "intent.bot.dlq.>"},
                {"answers to the relay", "subscribe", "_INBOX.>"},
                {"answers to other workers", "subscribe", "_INBOX_other.>"},
                {"all answers", "subscribe", "*.>"},
                {"other bots", "subscribe", "intent.c.evt.>"},
                {"acknowledgements", "subscribe", "$JS.ACK.>"},
                {"requests to JetStream", "subscribe", "$JS.API.>"},
                {"advisories", "subscribe", "$JS.EVENT.>"},
                {"changes of the buckets", "subscribe", "$KV.>"},
                {"the broker's own events", "subscribe", "$SYS.>"},
                {"forge an event", "publish", "intent.bot.evt.0.MESSAGE_CREATE.1.2"},
                {"forge an answer", "publish", "_INBOX_other.x"},
                {"forge an answer to the relay", "publish", "_INBOX.x"},
                {"a dead letter of another application", "publish", "intent.bot.dlq.other.3.MESSAGE_CREATE.1.2"},
                {"a request to another bot", "publish", "intent.c.rest"},
                {"create a stream", "publish", "$JS.API.STREAM.CREATE.EVIL"},
                {"change the stream", "publish", "$JS.API.STREAM.UPDATE.INTENT_bot"},
                {"delete the stream", "publish", "$JS.API.STREAM.DELETE.INTENT_bot"},
                {"empty the stream", "publish", "$JS.API.STREAM.PURGE.INTENT_bot"},
                {"copy the stream", "publish", "$JS.API.STREAM.SNAPSHOT.INTENT_bot"},
                {"list streams", "publish", "$JS.API.STREAM.LIST"},
                {"read any message", "publish", "$JS.API.STREAM.MSG.GET.INTENT_bot"},
                {"delete a message", "publish", "$JS.API.STREAM.MSG.DELETE.INTENT_bot"},
                {"read dead letters", "publish", "$JS.API.STREAM.MSG.GET.INTENT_bot_DLQ"},
                {"delete its consumer", "publish", "$JS.API.CONSUMER.DELETE.INTENT_bot.app"},
                {"list consumers", "publish", "$JS.API.CONSUMER.LIST.INTENT_bot"},
                {"a consumer of another name", "publish", "$JS.API.CONSUMER.DURABLE.CREATE.INTENT_bot.evil"},
                {"a consumer without a name", "publish", "$JS.API.CONSUMER.CREATE.INTENT_bot"},
                {"a consumer of the dead letters", "publish", "$JS.API.CONSUMER.DURABLE.CREATE.INTENT_bot_DLQ.app"},
                {"a consumer of a bucket", "publish", "$JS.API.CONSUMER.DURABLE.CREATE.KV_INTENT_bot.app"},
                {"pull for another application", "publish", "$JS.API.CONSUMER.MSG.NEXT.INTENT_bot.other_P0"},
                {"acknowledge for another one", "publish", "$JS.ACK.INTENT_bot.other_P0.1.5.5.1700000000000000000.0"},
                {"become the leader", "publish", "$KV.INTENT_bot.leader"},
                {"change the session", "publish", "$KV.INTENT_bot.session"},
                {"change Ready", "publish", "$KV.INTENT_bot.ready"},
                {"forge a stored answer", "publish", "$KV.INTENT_bot_REST.k"},
                {"an attempt of another application", "publish", "$KV.INTENT_bot_WORK.other.attempt.7"},
                {"a lease of another application", "publish", "$KV.INTENT_bot_WORK.other.lease.3"},
                {"empty a bucket", "publish", "$JS.API.STREAM.PURGE.KV_INTENT_bot_WORK"},
                {"read stored answers", "publish", "$JS.API.STREAM.MSG.GET.KV_INTENT_bot_REST"},
                {"limits of the account", "publish", "$JS.API.INFO"},
                {"the broker's administration", "publish", "$SYS.REQ.SERVER.PING"}},
               true);
}

TEST_F(Accounts, the_relay_manages_its_streams_and_answers_the_worker_alone) {
    auto relay = user("relay");
    ASSERT_TRUE(relay.accepted()) << relay.welcome();
    create_stream(relay);
    EXPECT_FALSE(refused(relay.subscribe("intent.bot.rest")));
    auto worker = user("app");
    auto other = user("other");
    worker.subscribe("_INBOX_app.>");
    other.subscribe("_INBOX_other.>");
    worker.publish("intent.bot.rest", "question", "_INBOX_app.7");
    EXPECT_NE(relay.wait("question").find("_INBOX_app.7"), std::string::npos);
    EXPECT_FALSE(refused(relay.publish("_INBOX_app.7", "answer")));
    EXPECT_NE(worker.wait("answer").find("_INBOX_app.7"), std::string::npos);
    EXPECT_EQ(other.synchronise(), "PONG\r\n");
    // Without a request it has nothing to say to a worker.
    EXPECT_TRUE(refused(relay.publish("_INBOX_other.1", "unasked")));
}

TEST_F(Accounts, an_event_reaches_the_worker_and_is_acknowledged) {
    auto relay = user("relay");
    create_stream(relay);
    auto worker = user("app");
    worker.subscribe("_INBOX_app.>");
    worker.publish("$JS.API.CONSUMER.DURABLE.CREATE.INTENT_bot.app",
                   R"({"stream_name":"INTENT_bot","config":{"durable_name":"app","ack_policy":"explicit",)"
                   R"("deliver_policy":"all","replay_policy":"instant"}})",
                   "_INBOX_app.create");
    const auto created = worker.wait("consumer_create_response");
    EXPECT_EQ(created.find("\"error\""), std::string::npos) << created;
    worker.synchronise();
    relay.publish("intent.bot.evt.1.MESSAGE_CREATE.2.3", "the event", "_INBOX.r.ack");
    worker.publish("$JS.API.CONSUMER.MSG.NEXT.INTENT_bot.app", "1", "_INBOX_app.next");
    const auto delivered = worker.wait("the event");
    const auto ack = delivered.find("$JS.ACK.INTENT_bot.app.");
    ASSERT_NE(ack, std::string::npos) << delivered;
    EXPECT_FALSE(refused(worker.publish(delivered.substr(ack, delivered.find(' ', ack) - ack), "+ACK")));
    worker.publish("$JS.API.CONSUMER.INFO.INTENT_bot.app", "", "_INBOX_app.info");
    EXPECT_NE(worker.wait("consumer_info_response").find("_INBOX_app.info"), std::string::npos);
}

/// Keeps warnings and errors.
class Warnings final : public LogSink {
public:
    bool enabled(LogLevel level, std::string_view) const noexcept override { return level >= LogLevel::warn; }
    void write(const LogRecord& record) override { lines.add(std::string(record.text)); }
    Recorder<std::string> lines;
};

TEST_F(Accounts, a_worker_of_the_library_needs_no_other_right) {
    FakeRelay relay(*server_, "relay", Passwords::password_of("relay"));
    for (const auto& [application, mode] : {std::pair("app", WorkerMode::pool), {"other", WorkerMode::ordered}}) {
        const auto log = std::make_shared<Warnings>();
        auto options = relay.worker_options(application);
        options.mode = mode;
        options.broker.user = application;
        options.broker.password = Passwords::password_of(application);
        options.max_deliveries = 2;
        options.log = log;
        Recorder<std::string> seen;
        {
            Worker worker(options);
            worker.on([&](MessageCreate event) -> task<> {
                seen.add(event.message.content);
                if (event.message.content == "poison") throw std::runtime_error("as expected");
                co_await event.message.reply("ok");
            });
            worker.start();
            ASSERT_TRUE(eventually([&] { return worker.state() == ConnectionState::ready; })) << application;
            const auto letters = relay.dead_letters().size();
            const auto effects = relay.effects.count();
            const std::uint64_t id = mode == WorkerMode::pool ? 100 : 200;
            relay.message(id, 2, "hello");
            relay.message(id + 1, 3, "poison");
            EXPECT_TRUE(relay.effects.wait_count(effects + 1)) << application;
            EXPECT_TRUE(eventually([&] { return relay.dead_letters().size() == letters + 1; })) << application;
            EXPECT_TRUE(seen.wait_count(3)) << application;
        }
        for (const auto& line : log->lines.all())
            EXPECT_EQ(line.find("ermission"), std::string::npos) << line;
    }
}

TEST_F(Accounts, another_bot_has_another_account) {
    auto relay = user("relay");
    auto stranger = user("relay-c");
    ASSERT_TRUE(stranger.accepted()) << stranger.welcome();
    stranger.subscribe("intent.c.>");
    EXPECT_TRUE(refused(stranger.subscribe("intent.bot.>")));
    EXPECT_FALSE(refused(relay.publish("intent.bot.evt.1.X._._", "of b")));
    EXPECT_EQ(stranger.synchronise(), "PONG\r\n");
}

TEST_F(Accounts, nobody_connects_without_a_password) {
    EXPECT_NE(NatsUser(server_->port(), "", "").welcome().find("Authorization Violation"), std::string::npos);
    EXPECT_NE(NatsUser(server_->port(), "relay", "wrong").welcome().find("Authorization Violation"), std::string::npos);
}

TEST(AccountsText, contains_hashes_and_no_password) {
    Passwords passwords({"relay"});
    const std::string hash = "$2a$10$abcdefghijklmnopqrstuu0123456789012345678901234567890";
    passwords.add("app", hash + "\n");
    const auto outcome =
        run("intent-relay", {"accounts", "--bot", "bot", "--worker", "app", "--passwords", passwords.path()});
    EXPECT_EQ(outcome.status, 0) << outcome.errors;
    const std::string text = joined_lines(outcome);
    EXPECT_EQ(text.find("secret-of-"), std::string::npos) << text;
    EXPECT_NE(text.find("\"" + hash + "\""), std::string::npos) << text;
}

TEST(AccountsText, refuses_what_would_not_be_safe) {
    Passwords passwords({"relay", "app"});
    passwords.add("short", "secret\n");
    passwords.add("open", "long enough\n", 0640);
    passwords.add("odd", "with \"quotes\" inside\n");
    const std::pair<std::vector<std::string>, const char*> cases[] = {
        {{"--worker", "short"}, "8 to 72 printable"},
        {{"--worker", "odd"}, "8 to 72 printable"},
        {{"--worker", "open"}, "other users can access it"},
        {{"--worker", "missing"}, "missing: No such file"},
        {{"--worker", "a b"}, "1 to 32 characters"},
        {{"--worker", "a\"}"}, "1 to 32 characters"},
        {{"--worker", "app", "--ordered", "app"}, "another user has this name"},
        {{"--worker", "relay"}, "another user has this name"}};
    for (const auto& [flags, problem] : cases) {
        std::vector<std::string> words{"accounts", "--bot", "bot", "--passwords", passwords.path()};
        words.insert(words.end(), flags.begin(), flags.end());
        const auto outcome = run("intent-relay", words);
        EXPECT_EQ(outcome.status, 2) << flags.back();
        EXPECT_EQ(outcome.error_lines(), 1) << outcome.errors;
        EXPECT_NE(outcome.errors.find(problem), std::string::npos) << outcome.errors;
        EXPECT_EQ(outcome.errors.find("long enough"), std::string::npos) << outcome.errors;
    }
}

}  // namespace

}  // namespace intent::test::accounts_test
