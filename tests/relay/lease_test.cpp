// Elections on a real broker.
#include "relay/broker/lease.hpp"

#include "tests/relay/broker_world.hpp"

#include <intent/errors.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <vector>

namespace intent::relay::broker {
namespace {

/// Those who take part. It asks each for its own opinion, because callbacks may be late.
class Leaders {
public:
    void add(const Lease& lease) {
        const std::lock_guard lock(mutex_);
        leases_.push_back(&lease);
    }
    void remove(const Lease& lease) {
        const std::lock_guard lock(mutex_);
        std::erase(leases_, &lease);
    }
    int count() const {
        const std::lock_guard lock(mutex_);
        return static_cast<int>(std::ranges::count_if(leases_, &Lease::leads));
    }
    void look() {
        if (count() > 1) overlapped = true;
    }

    std::atomic<bool> overlapped = false;

private:
    mutable std::mutex mutex_;
    std::vector<const Lease*> leases_;
};

/// A broker with a bucket, and those who take part.
struct Election {
    Election() { KeyValue::ensure(connected(server), {.name = "BOT"}); }

    NatsServer server;
    Leaders leaders;
};

/// One that takes part in the election, with a connection of its own.
struct Candidate {
    Candidate(Election& election, const std::string& name, std::chrono::milliseconds ttl = 1s)
        : connection(connected(election.server)), leaders(election.leaders) {
        lease.emplace(connection, KeyValue(connection, "BOT"), LeaseOptions{.holder = name, .ttl = ttl},
                      LeaseEvents{.acquired =
                                      [this](std::uint64_t term) {
                                          leaders.look();
                                          terms.add(term);
                                      },
                                  .lost = [this](const std::string& reason) { losses.add(reason); }});
        leaders.add(*lease);
    }
    ~Candidate() { end(); }
    Candidate(const Candidate&) = delete;
    Candidate& operator=(const Candidate&) = delete;

    void end() {
        if (!lease) return;
        leaders.remove(*lease);
        lease.reset();
    }

    std::shared_ptr<Connection> connection;
    Leaders& leaders;
    Recorder<std::uint64_t> terms;
    Recorder<std::string> losses;
    std::optional<Lease> lease;
};

TEST(BrokerLease, one_leads_and_hands_over_at_once_when_it_is_released) {
    INTENT_NEEDS_NATS();
    Election election;
    // So long that only a hand-over makes the second one lead in time.
    Candidate first(election, "first", 600s);
    ASSERT_TRUE(first.terms.wait_count(1));
    EXPECT_TRUE(first.lease->leads());
    Candidate second(election, "second", 600s);
    ASSERT_TRUE(eventually([&] { return second.lease->holder() == "first"; }));
    EXPECT_FALSE(second.lease->leads());
    EXPECT_TRUE(first.lease->release(long_enough));
    EXPECT_FALSE(first.lease->leads());
    EXPECT_EQ(first.losses.all(), std::vector<std::string>{"it was released"});
    ASSERT_TRUE(second.terms.wait_count(1));
    EXPECT_GT(second.terms.all()[0], first.terms.all()[0]);
    EXPECT_TRUE(second.lease->leads());
    EXPECT_FALSE(election.leaders.overlapped);
}

TEST(BrokerLease, destroying_it_hands_over_too) {
    INTENT_NEEDS_NATS();
    Election election;
    Candidate first(election, "first", 600s);
    ASSERT_TRUE(first.terms.wait_count(1));
    Candidate second(election, "second", 600s);
    ASSERT_TRUE(eventually([&] { return second.lease->holder() == "first"; }));
    first.end();
    EXPECT_TRUE(second.terms.wait_count(1));
}

TEST(BrokerLease, a_leader_without_a_broker_gives_up_before_the_lease_is_over) {
    INTENT_NEEDS_NATS();
    Election election;
    Candidate first(election, "first");
    ASSERT_TRUE(first.terms.wait_count(1));
    election.server.suspend();
    // All renewals were sent before.
    const auto over = std::chrono::steady_clock::now() + 1s;
    eventually([&] { return std::chrono::steady_clock::now() >= over; });
    EXPECT_FALSE(first.lease->leads());
    EXPECT_TRUE(first.losses.wait_contains("it could not be renewed in time"));
    election.server.resume();
    EXPECT_TRUE(first.terms.wait_count(2));
    EXPECT_GT(first.terms.all()[1], first.terms.all()[0]);
}

TEST(BrokerLease, a_leader_that_vanishes_is_replaced_when_the_lease_is_over) {
    INTENT_NEEDS_NATS();
    Election election;
    Candidate first(election, "first", 4s);
    ASSERT_TRUE(first.terms.wait_count(1));
    Candidate second(election, "second", 4s);
    ASSERT_TRUE(eventually([&] { return second.lease->holder() == "first"; }));
    first.connection->close();  // as if its process was killed: nothing is released
    EXPECT_TRUE(first.losses.wait_contains("the connection to the broker was closed"));
    EXPECT_TRUE(second.terms.wait_count(1));
    EXPECT_FALSE(election.leaders.overlapped);
    EXPECT_EQ(second.lease->holder(), "second");
}

TEST(BrokerLease, there_is_never_more_than_one_leader_while_the_broker_is_killed) {
    INTENT_NEEDS_NATS();
    Election election;
    Candidate first(election, "first");
    Candidate second(election, "second");
    Candidate third(election, "third");
    for (const bool longer_than_the_lease : {false, true, false}) {
        ASSERT_TRUE(eventually([&] { return election.leaders.count() == 1; }));
        election.server.kill();
        if (longer_than_the_lease) {
            ASSERT_TRUE(eventually([&] { return election.leaders.count() == 0; }));
        }
        election.server.start();
    }
    ASSERT_TRUE(eventually([&] { return election.leaders.count() == 1; }));
    EXPECT_FALSE(election.leaders.overlapped);
    EXPECT_GT(first.terms.count() + second.terms.count() + third.terms.count(), 1u);
}

TEST(BrokerLease, options_that_cannot_work_are_named) {
    INTENT_NEEDS_NATS();
    const NatsServer server;
    const auto connection = connected(server);
    const KeyValue bucket(connection, "BOT");
    EXPECT_NE(text_of<ConfigError>([&] { Lease lease(connection, bucket, {.holder = "a b"}, {}); }).find("holder"),
              std::string::npos);
    EXPECT_NE(
        text_of<ConfigError>([&] { Lease lease(connection, bucket, {.holder = "a", .ttl = 1ms}, {}); }).find("ttl"),
        std::string::npos);
}

}  // namespace
}  // namespace intent::relay::broker
