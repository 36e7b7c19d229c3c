// The session on the broker, and the start of a back-fill.
#include "relay/relay/backfill.hpp"
#include "relay/relay/session_cell.hpp"
#include "tests/relay/relay_world.hpp"

namespace intent::test::relay_session_test {
namespace {

using relay::SessionCell;
using relay::SessionRecord;

bool always() { return true; }

TEST(RelaySession, a_record_has_term_and_content) {
    EXPECT_EQ(relay::format_session({7, "{} \n"}), "7 {} \n");
    EXPECT_EQ(relay::parse_session("7 {} \n"), (SessionRecord{7, "{} \n"}));
    EXPECT_EQ(relay::parse_session("0 "), (SessionRecord{0, ""}));
    for (const auto* bad : {"", "7", "x 1", "-1 a", "99999999999999999999 a"})
        EXPECT_FALSE(relay::parse_session(bad)) << bad;
}

struct Bucket {
    Bucket() {
        relay::broker::ConnectionOptions options;
        options.urls = {server.url()};
        connection = std::make_shared<relay::broker::Connection>(options);
        EXPECT_TRUE(connection->wait_connected(long_enough));
        relay::broker::KeyValue::ensure(connection, {.name = "INTENT_bot"});
    }

    std::unique_ptr<SessionCell> cell() const {
        auto made = std::make_unique<SessionCell>(relay::RelayLog(log, {}));
        made->use(value());
        return made;
    }
    relay::broker::KeyValue value() const { return {connection, "INTENT_bot"}; }
    std::string stored() const {
        const auto entry = value().get(relay::session_key);
        return entry ? entry->value : "";
    }

    NatsServer server;
    std::shared_ptr<relay::broker::Connection> connection;
    std::shared_ptr<RecordedLog> log = std::make_shared<RecordedLog>();
};

TEST(RelaySession, the_next_leader_reads_what_the_last_one_has_written) {
    INTENT_NEEDS_NATS();
    const Bucket bucket;
    const auto first = bucket.cell();
    ASSERT_TRUE(first->lead(1, always));
    EXPECT_EQ(first->read(), "");
    first->write("a");
    first->write("b");
    const auto second = bucket.cell();
    ASSERT_TRUE(second->lead(2, always));
    EXPECT_EQ(second->read(), "b");
}

TEST(RelaySession, an_earlier_leader_cannot_replace_the_session_of_a_later_one) {
    INTENT_NEEDS_NATS();
    const Bucket bucket;
    const auto first = bucket.cell();
    ASSERT_TRUE(first->lead(1, always));
    first->write("a");
    const auto second = bucket.cell();
    ASSERT_TRUE(second->lead(2, always));
    first->write("late");  // before the second one has written: it is newer than what that has read, and harmless
    second->write("b");
    EXPECT_EQ(bucket.stored(), "2 b");
    first->write("later");
    EXPECT_EQ(bucket.stored(), "2 b");
    EXPECT_TRUE(bucket.log->contains("another relay leads"));
    second->write("c");
    EXPECT_EQ(bucket.stored(), "2 c");
    // It may lead again.
    ASSERT_TRUE(first->lead(3, always));
    EXPECT_EQ(first->read(), "c");
    first->write("d");
    EXPECT_EQ(bucket.stored(), "3 d");
}

TEST(RelaySession, a_deleted_or_unreadable_record_is_a_new_session) {
    INTENT_NEEDS_NATS();
    const Bucket bucket;
    const auto cell = bucket.cell();
    ASSERT_TRUE(cell->lead(1, always));
    cell->write("a");
    bucket.value().remove(relay::session_key);
    cell->write("b");
    EXPECT_EQ(bucket.stored(), "1 b");
    bucket.value().put(relay::session_key, "rubbish");
    ASSERT_TRUE(cell->lead(2, always));
    EXPECT_EQ(cell->read(), "");
    EXPECT_TRUE(bucket.log->contains("not readable"));
    cell->write("c");
    EXPECT_EQ(bucket.stored(), "2 c");
}

struct Pending final : detail::PendingDispatch {
    using PendingDispatch::abandoned;
};

TEST(RelayBackfill, two_gaps_that_wait_become_one_that_begins_with_the_earlier) {
    using Job = relay::Backfill::Job;
    const auto first = std::make_shared<Pending>();
    const auto second = std::make_shared<Pending>();
    const Job earlier{.from = Timestamp(1s), .known = {{ChannelId{1}, MessageId{5}}}, .pending = {first}};
    const Job later{.from = Timestamp(9s), .known = {{ChannelId{1}, MessageId{8}}}, .pending = {second}};
    for (const auto& job : {relay::Backfill::join(earlier, later), relay::Backfill::join(later, earlier)}) {
        EXPECT_EQ(job.from, earlier.from);
        EXPECT_EQ(job.known, earlier.known);
        EXPECT_EQ(job.pending.size(), 2U);
        job.abandon();
    }
    EXPECT_TRUE(first->abandoned());
    EXPECT_TRUE(second->abandoned());
}

TEST(RelayBackfill, a_page_is_a_plain_or_wrapped_list) {
    const std::string one = R"({"id":"5","created_at":"1970-01-01T00:00:09Z","content":"x","new":{"a":[1]}})";
    for (const auto& json : {"[" + one + "]", "{\"messages\":[" + one + "],\"more\":false}"}) {
        const auto page = relay::read_message_page(json);
        ASSERT_TRUE(page) << json;
        ASSERT_EQ(page->size(), 1U);
        EXPECT_EQ((*page)[0].id, MessageId{5});
        EXPECT_EQ((*page)[0].created, Timestamp(9s));
        const auto& content = (*page)[0].content;
        const codec::ByteView bytes(reinterpret_cast<const std::uint8_t*>(content.data()), content.size());
        EXPECT_EQ(*codec::msgpack_to_json(bytes), one);
    }
    EXPECT_TRUE(relay::read_message_page("[]")->empty());
    EXPECT_TRUE(relay::read_message_page(R"([{"id":"x"},5,null])")->empty());
    for (const auto* bad : {"", "{}", "5", "[", R"({"messages":5})"})
        EXPECT_FALSE(relay::read_message_page(bad)) << bad;
}

}  // namespace
}  // namespace intent::test::relay_session_test
