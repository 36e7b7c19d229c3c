// Streams and buckets that exist with other values, and a broker without room for them.
#include "tests/relay/relay_world.hpp"

namespace intent::test::relay_setup_test {
namespace {

/// The bucket's stream.
relay::broker::StreamInfo bucket_info(const RelayWorld& world, const std::string& bucket) {
    return world.streams().stream_info("KV_" + bucket).value_or(relay::broker::StreamInfo{});
}

/// Runs a relay with these options until it leads, or ends. Returns its exit status; 0: it led.
int try_relay(RelayWorld& world, const RelayOptions& options) {
    Relay relay(options);
    relay.start();
    std::optional<int> status;
    EXPECT_TRUE(eventually([&] {
        status = relay.wait(0ms);
        return status || relay.status().gateway == ConnectionState::ready;
    })) << world.log->all();
    relay.stop();
    return status.value_or(0);
}

TEST(RelaySetUp, other_values_end_a_relay_and_migrate_changes_stream_and_bucket) {
    INTENT_NEEDS_NATS();
    RelayWorld world;
    ASSERT_EQ(try_relay(world, world.options()), 0);
    auto options = world.options();
    options.stream.max_age = 2h;
    EXPECT_EQ(try_relay(world, options), 4);
    EXPECT_TRUE(world.log->contains("stream " + world.names.stream() + " exists with another configuration"));
    EXPECT_TRUE(world.log->contains("let the relay change it with `migrate` (--migrate)")) << world.log->all();

    options.answers_kept = 60s;
    options.answers_bytes = 4 << 20;
    EXPECT_EQ(try_relay(world, options), 4);
    options.migrate = true;
    EXPECT_EQ(try_relay(world, options), 0);
    EXPECT_EQ(world.streams().stream_info(world.names.stream())->config.max_age, 2h);
    const auto answers = bucket_info(world, world.names.answer_bucket());
    EXPECT_EQ(answers.config.max_age, 60s);
    EXPECT_EQ(answers.config.max_bytes, 4 << 20);
    EXPECT_EQ(answers.discard, "new") << "it is still a bucket";
    EXPECT_EQ(answers.max_messages_per_subject, 1);
    options.migrate = false;
    EXPECT_EQ(try_relay(world, options), 0);
}

TEST(RelaySetUp, a_stream_that_cannot_be_changed_ends_a_relay_also_with_migrate) {
    INTENT_NEEDS_NATS();
    RelayWorld world;
    relay::broker::StreamConfig other;
    other.name = world.names.stream();
    other.subjects = {world.names.events()};
    other.storage = relay::broker::Storage::memory;
    world.streams().ensure_stream(other);
    auto options = world.options();
    options.migrate = true;
    EXPECT_EQ(try_relay(world, options), 4);
    EXPECT_TRUE(world.log->contains("storage is memory, wanted is file")) << world.log->all();
    EXPECT_FALSE(world.log->contains("--migrate")) << "it would not help";
}

TEST(RelaySetUp, a_store_without_room_is_reported_with_the_size_and_the_option) {
    INTENT_NEEDS_NATS();
    RelayWorld world({}, R"(jetstream { store_dir: "$DIR", max_file_store: 100MB })");
    auto options = world.options();
    {
        Relay relay(options);
        relay.start();
        ASSERT_TRUE(eventually([&] { return world.log->contains("lower answers_bytes (--answers-size)"); }))
            << world.log->all();
        EXPECT_TRUE(world.log->contains("create bucket " + world.names.answer_bucket() +
                                        ": the broker's store has no room for the 256 MiB"))
            << world.log->all();
    }
    options.answers_bytes = 8 << 20;
    options.stream.max_bytes = 200 << 20;
    {
        Relay relay(options);
        relay.start();
        ASSERT_TRUE(eventually([&] { return world.log->contains("lower stream.max_bytes (--max-size)"); }))
            << world.log->all();
        EXPECT_TRUE(world.log->contains("create stream " + world.names.stream() +
                                        ": the broker's store has no room for the 200 MiB that it reserves"))
            << world.log->all();
    }
    options.stream.max_bytes = 40 << 20;
    EXPECT_EQ(try_relay(world, options), 0);
}

}  // namespace
}  // namespace intent::test::relay_setup_test
