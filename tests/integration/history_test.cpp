// Reading and deleting many messages: pages, changes meanwhile, and deletions that are refused.
#include "tests/support/client_world.hpp"

#include <intent/errors.hpp>
#include <intent/history.hpp>
#include <intent/rest.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::history_test {
namespace {

using namespace std::chrono_literals;
using Texts = std::vector<std::string>;

/// "first", "first + 1", … "last", or backwards.
Texts numbers(int first, int last) {
    Texts texts;
    for (int i = first; i != last; i += first < last ? 1 : -1)
        texts.push_back(std::to_string(i));
    texts.push_back(std::to_string(last));
    return texts;
}

class Histories : public testing::Test {
protected:
    static RestOptions options(const Sandbox& sandbox, Token token) {
        RestOptions options;
        options.token = std::move(token);
        options.rest_url = sandbox.rest_url();
        options.log = nullptr;
        return options;
    }

    /// Messages "1" to "count", each by one of these in turn.
    std::vector<MessageId> say(int count, const std::vector<std::string>& users = {"alice"}) {
        std::vector<MessageId> ids;
        for (int i = 1; i <= count; ++i)
            ids.push_back(sandbox.say(users[static_cast<std::size_t>(i) % users.size()], general, std::to_string(i)));
        return ids;
    }

    Texts left() const {
        Texts texts;
        for (const auto& message : sandbox.messages(general))
            texts.push_back(message.content);
        return texts;
    }

    std::size_t requests(std::string_view method, std::string_view path_end) const {
        const auto entries = sandbox.journal();
        return static_cast<std::size_t>(std::ranges::count_if(entries, [&](const sandbox::Entry& entry) {
            const std::string path = entry.path.substr(0, entry.path.find('?'));
            return entry.kind == "request" && entry.method == method && path.ends_with(path_end);
        }));
    }
    std::size_t pages() const { return requests("GET", "/messages"); }

    static Texts rest_of(History& history) {
        Texts texts;
        while (const auto message = history.next().get())
            texts.push_back(message->content);
        return texts;
    }

    Sandbox sandbox{sandbox::Options{.limits = false}};
    RestClient rest{options(sandbox, sandbox.bot_token())};
    const ChannelId general = sandbox.general();
    const Channel channel = rest.get_channel(general).get();
};

TEST_F(Histories, are_newest_first_over_all_pages) {
    const auto ids = say(250);
    auto history = channel.history();
    EXPECT_EQ(pages(), 0u) << "nothing is requested before the first next";
    EXPECT_EQ(history.next().get()->id, ids.back());
    EXPECT_EQ(pages(), 1u);
    EXPECT_EQ(rest_of(history), numbers(249, 1));
    EXPECT_EQ(pages(), 4u) << "an empty page is the end";
    EXPECT_EQ(history.next().get(), std::nullopt) << "and it stays the end";
    EXPECT_EQ(pages(), 4u);
}

TEST_F(Histories, end_at_their_limit_without_a_further_request) {
    say(250);
    auto history = rest.history(general).limit(150);
    EXPECT_EQ(rest_of(history), numbers(250, 101));
    EXPECT_EQ(pages(), 2u);
    auto nothing = rest.history(general).limit(0);
    EXPECT_TRUE(rest_of(nothing).empty());
    EXPECT_EQ(pages(), 2u);
}

TEST_F(Histories, begin_behind_a_message) {
    const auto ids = say(210);
    auto before = channel.history().before(ids[150]);
    EXPECT_EQ(rest_of(before), numbers(150, 1));
    auto after = channel.history().after(ids[100]);
    EXPECT_EQ(rest_of(after), numbers(102, 210));
    auto between = channel.history().after(ids[9]).before(ids[130]);
    EXPECT_EQ(rest_of(between), numbers(11, 130));
    auto from_the_first = channel.history().after({}).limit(3);
    EXPECT_EQ(rest_of(from_the_first), numbers(1, 3));
}

TEST_F(Histories, see_messages_that_arrive_meanwhile_only_if_oldest_first) {
    const auto ids = say(120);
    auto forwards = channel.history().after(ids[9]);
    auto backwards = channel.history();
    EXPECT_EQ(forwards.next().get()->content, "11");
    EXPECT_EQ(backwards.next().get()->content, "120");
    sandbox.say("alice", general, "121");
    sandbox.remove("alice", general, ids[4]);
    EXPECT_EQ(rest_of(forwards), numbers(12, 121));
    auto expected = numbers(119, 6);
    const auto older = numbers(4, 1);
    expected.insert(expected.end(), older.begin(), older.end());
    EXPECT_EQ(rest_of(backwards), expected);
}

TEST_F(Histories, go_on_after_an_error) {
    say(150);
    auto history = channel.history();
    for (int i = 0; i < 100; ++i)
        history.next().get();
    sandbox.fault(sandbox::fault::status(400).method("GET").path("/channels/*/messages"));
    EXPECT_THROW(history.next().get(), HttpError);
    EXPECT_EQ(rest_of(history), numbers(50, 1));
}

TEST_F(Histories, refuse_wrong_use) {
    say(3);
    EXPECT_THROW(channel.history().before({}), ConfigError);
    auto history = channel.history();
    sandbox.fault(sandbox::fault::delay(300ms).method("GET").path("/channels/*/messages"));
    auto first = history.next();
    EXPECT_THROW(history.next().get(), UsageError) << "two at the same time";
    EXPECT_EQ(first.get()->content, "3");
    EXPECT_THROW(history.limit(1), UsageError);
    EXPECT_EQ(rest_of(history), numbers(2, 1));
}

TEST_F(Histories, outlive_their_object_while_a_page_is_read) {
    say(1);
    std::optional<task<std::optional<Message>>> reading;
    {
        auto history = channel.history();
        reading = history.next();
    }
    EXPECT_EQ(std::move(*reading).get()->content, "1");
}

TEST_F(Histories, are_read_by_coroutines) {
    say(120);
    Texts found;
    const auto read = [](const Channel& from, Texts& texts) -> task<std::size_t> {
        auto history = from.history().limit(110);
        while (auto message = co_await history.next()) {
            texts.push_back(message->content);
            if (texts.size() == 5) break;
        }
        co_return co_await history.for_each([&texts](const Message& message) { texts.push_back(message.content); });
    };
    EXPECT_EQ(read(channel, found).get(), 105u);
    EXPECT_EQ(found, numbers(120, 11));

    found.clear();
    const auto await_each = [](const Channel& from, Texts& texts) -> task<std::size_t> {
        co_return co_await from.history().limit(2).for_each([&texts, &from](Message message) -> task<> {
            const auto page = co_await from.messages(PageOptions().limit(1));
            texts.push_back(message.content + " " + page.at(0).content);
        });
    };
    EXPECT_EQ(await_each(channel, found).get(), 2u);
    EXPECT_EQ(found, (Texts{"120 120", "119 120"}));

    auto failing = channel.history().for_each([](const Message&) { throw std::runtime_error("enough"); });
    EXPECT_THROW(failing.get(), std::runtime_error);
}

TEST_F(Histories, are_purged_100_at_a_time) {
    say(250);
    const auto report = channel.purge(channel.history()).get();
    EXPECT_EQ(report, (PurgeReport{.deleted = 250}));
    EXPECT_TRUE(left().empty());
    EXPECT_EQ(requests("POST", "/bulk-delete"), 3u);
    EXPECT_EQ(requests("DELETE", ""), 0u);
    EXPECT_EQ(channel.purge(channel.history()).get(), PurgeReport{});
}

TEST_F(Histories, lose_only_what_the_predicate_selects) {
    sandbox.add_user("bob");
    say(20, {"alice", "bob"});
    const auto by_bob = [bob = sandbox.user_id("bob")](const Message& message) { return message.author.id == bob; };
    EXPECT_EQ(channel.purge(channel.history().limit(10), by_bob).get().deleted, 5u);
    EXPECT_EQ(left().size(), 15u);
    const auto purge = [](const Channel& from) -> task<PurgeReport> {
        co_return co_await from.purge(from.history().limit(1), [](const Message&) { return true; });
    };
    EXPECT_EQ(purge(channel).get().deleted, 1u);
    EXPECT_EQ(requests("POST", "/bulk-delete"), 1u) << "one message needs no bulk deletion";
}

TEST_F(Histories, are_read_only_until_enough_is_selected) {
    sandbox.add_user("bob");
    say(300, {"alice", "bob"});
    int tested = 0;
    const auto by_bob = [&tested, bob = sandbox.user_id("bob")](const Message& message) {
        ++tested;
        return message.author.id == bob;
    };
    const auto before = requests("GET", "/messages");
    EXPECT_EQ(channel.purge(channel.history(), by_bob, 5).get(), (PurgeReport{.deleted = 5}));
    EXPECT_EQ(requests("GET", "/messages") - before, 1u);
    EXPECT_LE(tested, 10);
    EXPECT_EQ(left().size(), 295u);

    EXPECT_EQ(channel.purge(channel.history(), by_bob, 0).get(), PurgeReport{});
    EXPECT_EQ(requests("GET", "/messages") - before, 1u);
    EXPECT_EQ(channel.purge(channel.history().limit(200), by_bob, 120).get().deleted, 97u);
    EXPECT_EQ(requests("GET", "/messages") - before, 3u);
}

TEST_F(Histories, count_messages_that_someone_else_deletes_first) {
    const auto ids = say(100);
    const auto delete_some = [&](const Message& message) {
        if (message.id == ids[0]) {
            sandbox.remove("alice", general, ids[99]);
            sandbox.remove("alice", general, ids[40]);
        }
        return true;
    };
    EXPECT_EQ(channel.purge(channel.history(), delete_some).get(), (PurgeReport{.deleted = 98, .gone = 2}));
    EXPECT_TRUE(left().empty());
    EXPECT_LT(requests("POST", "/bulk-delete"), 30u) << "not one request for each message";
}

TEST_F(Histories, of_others_cannot_be_purged_without_permission) {
    sandbox.add_user("bob");
    say(9, {"alice", "bob", "bob"});
    RestClient bob(options(sandbox, sandbox.user_token("bob")));
    const Channel his = bob.get_channel(general).get();
    const auto report = his.purge(his.history()).get();
    EXPECT_EQ(report.deleted, 6u);
    EXPECT_EQ(report.refused, 3u);
    EXPECT_EQ(report.gone, 0u);
    EXPECT_NE(report.first_refusal.find("403"), std::string::npos) << report.first_refusal;
    EXPECT_EQ(left(), (Texts{"3", "6", "9"}));
    EXPECT_EQ(requests("POST", "/bulk-delete"), 1u) << "a missing permission is missing for every batch";
}

TEST_F(Histories, are_purged_one_by_one_where_bulk_deletion_is_not_served) {
    for (const int status : {404, 405, 501}) {
        sandbox.clear_journal();
        sandbox.clear_faults();
        sandbox.fault(sandbox::fault::status(status).method("POST").path("/channels/*/messages/bulk-delete").always());
        say(120);
        EXPECT_EQ(channel.purge(channel.history()).get(), (PurgeReport{.deleted = 120})) << status;
        EXPECT_TRUE(left().empty());
        EXPECT_LE(requests("POST", "/bulk-delete"), status == 404 ? 7u : 1u);
    }
}

TEST_F(Histories, are_not_purged_further_after_an_error_that_concerns_no_message) {
    say(3);
    sandbox.fault(sandbox::fault::status(401).method("POST").path("/channels/*/messages/bulk-delete"));
    EXPECT_THROW(channel.purge(channel.history()).get(), UnauthorizedError);
    EXPECT_EQ(left().size(), 3u);
}

TEST_F(Histories, of_another_channel_are_not_purged) {
    const ChannelId other = sandbox.create_channel("alice", sandbox.server(), "other");
    sandbox.say("alice", other, "stays");
    EXPECT_THROW(channel.purge(rest.history(other)).get(), ConfigError);
    EXPECT_EQ(sandbox.messages(other).size(), 1u);
}

TEST_F(Histories, need_their_client) {
    History history(general, {});
    EXPECT_THROW(history.next().get(), UsageError);
}

}  // namespace
}  // namespace intent::history_test
