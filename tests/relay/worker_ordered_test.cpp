// Workers in ordered mode against a real broker.
#include "relay/broker/pull_consumer.hpp"
#include "tests/relay/support/fake_relay.hpp"
#include "tests/support/process.hpp"

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace intent::worker_ordered_test {
namespace {

using namespace std::chrono_literals;
using test::eventually;
using test::FakeRelay;
using test::NatsServer;
using test::Process;
using test::Recorder;

constexpr std::uint64_t channels = 24;

/// Checks each event when it begins: all earlier ones of its channel must have been handled.
class Order {
public:
    void on_begin(std::uint64_t channel, int number) {
        const std::lock_guard lock(mutex_);
        auto& state = states_[channel];
        if (state.begun == number) ++again_;
        if (number > state.ended + 1 || number < state.begun)
            problems_.push_back("channel " + std::to_string(channel) + ": " + std::to_string(number) +
                                " begins after " + std::to_string(state.ended) + " has ended and " +
                                std::to_string(state.begun) + " has begun");
        state.begun = std::max(state.begun, number);
    }
    void on_end(std::uint64_t channel, int number) {
        const std::lock_guard lock(mutex_);
        auto& state = states_[channel];
        state.ended = std::max(state.ended, number);
    }
    int ended() const {
        const std::lock_guard lock(mutex_);
        int sum = 0;
        for (const auto& [channel, state] : states_)
            sum += state.ended;
        return sum;
    }
    std::vector<std::string> problems() const {
        const std::lock_guard lock(mutex_);
        return problems_;
    }
    int again() const {
        const std::lock_guard lock(mutex_);
        return again_;
    }

private:
    struct State {
        int begun = 0;
        int ended = 0;
    };
    mutable std::mutex mutex_;
    std::map<std::uint64_t, State> states_;
    std::vector<std::string> problems_;
    int again_ = 0;
};

struct WorkerOrdered : testing::Test {
    void SetUp() override {
        INTENT_NEEDS_NATS();
        server = std::make_unique<NatsServer>();
        relay = std::make_unique<FakeRelay>(*server);
    }

    std::unique_ptr<Worker> worker() {
        auto options = relay->worker_options();
        options.mode = WorkerMode::ordered;
        options.begin = WorkerStart::oldest;
        auto result = std::make_unique<Worker>(options);
        Worker& client = *result;
        result->on([this, &client](MessageCreate event) -> task<> {
            const auto channel = event.message.channel_id.value;
            const int number = std::stoi(event.message.content);
            order.on_begin(channel, number);
            co_await client.sleep_for(2ms);
            if (number % 7 == 0 && event.delivery().attempt == 1) throw std::runtime_error("the first attempt fails");
            order.on_end(channel, number);
        });
        result->start();
        return result;
    }
    void publish(int from, int to) {
        for (int number = from; number < to; ++number)
            for (std::uint64_t channel = 0; channel < channels; ++channel)
                relay->message(static_cast<std::uint64_t>(number) * 1'000 + channel, 100 + channel,
                               std::to_string(number));
    }
    bool all_ended(int last) {
        return eventually([&] { return order.ended() == last * static_cast<int>(channels); });
    }
    static std::size_t owned(Worker& worker) {
        const auto text = worker.metrics();
        const std::string name = "\nintent_worker_partitions ";
        const auto at = text.find(name);
        return at == std::string::npos ? 0 : static_cast<std::size_t>(std::stoi(text.substr(at + name.size())));
    }

    std::unique_ptr<NatsServer> server;
    std::unique_ptr<FakeRelay> relay;
    Order order;
};

TEST_F(WorkerOrdered, events_of_a_channel_are_handled_in_order_also_if_one_fails) {
    const auto only = worker();
    publish(1, 31);
    EXPECT_TRUE(all_ended(30)) << order.ended();
    EXPECT_EQ(order.problems(), std::vector<std::string>{});
    EXPECT_TRUE(eventually([&] { return owned(*only) == 16; })) << owned(*only);
}

TEST_F(WorkerOrdered, order_is_kept_while_workers_join_and_leave) {
    auto first = worker();
    publish(1, 11);
    auto second = worker();
    publish(11, 21);
    EXPECT_TRUE(eventually([&] { return owned(*first) == 8 && owned(*second) == 8; }))
        << owned(*first) << ' ' << owned(*second);
    auto third = worker();
    publish(21, 31);
    first.reset();  // hands over
    publish(31, 41);
    EXPECT_TRUE(eventually([&] { return owned(*second) == 8 && owned(*third) == 8; }));
    EXPECT_TRUE(all_ended(40)) << order.ended();
    EXPECT_EQ(order.problems(), std::vector<std::string>{});
}

TEST_F(WorkerOrdered, an_event_that_the_broker_gave_to_somebody_else_is_waited_for) {
    const auto only = worker();
    ASSERT_TRUE(eventually([&] { return owned(*only) == 16; }));
    // An owner that was cut off has a request open, and gets what nobody hears of.
    const auto partition =
        relay::event_subject("MESSAGE_CREATE", {.server = ServerId{1}, .channel = ChannelId{100}}).partition;
    Recorder<relay::broker::Delivery> taken;
    relay::broker::PullConsumer cut_off(
        relay->connection(), {.stream = relay->names().stream(), .consumer = relay::Names::consumer("app", partition)},
        {.delivered = [&](const relay::broker::Delivery& delivery) { taken.add(delivery); }});
    cut_off.want(1);
    publish(1, 31);
    ASSERT_TRUE(taken.wait_count(1));
    EXPECT_TRUE(taken.all()[0].refuse(300ms));
    EXPECT_TRUE(all_ended(30)) << order.ended();
    EXPECT_EQ(order.problems(), std::vector<std::string>{});
}

TEST_F(WorkerOrdered, order_is_kept_when_a_worker_is_killed) {
    auto first = worker();
    ASSERT_TRUE(eventually([&] { return owned(*first) == 16; }));
    auto second = std::make_unique<Process>(
        std::vector<std::string>{INTENT_BINARY_DIR "/intent_relay_worker", server->url(), "ordered", "2"},
        server->folder());
    ASSERT_TRUE(eventually([&] { return owned(*first) == 8; }));
    publish(1, 11);
    ASSERT_TRUE(second->lines.wait_count(60));
    publish(11, 21);
    second->signal(SIGKILL);
    EXPECT_EQ(second->wait(), 128 + SIGKILL);
    // What it has ended counts for the order of those that took over.
    for (const auto& line : second->lines.all()) {
        std::istringstream words(line);
        std::string what;
        std::uint64_t channel = 0;
        int number = 0;
        words >> what >> channel >> number;
        if (what == "begin") order.on_begin(channel, number);
        if (what == "end") order.on_end(channel, number);
    }
    publish(21, 31);
    EXPECT_TRUE(all_ended(30)) << order.ended();
    EXPECT_EQ(order.problems(), std::vector<std::string>{});
    EXPECT_TRUE(eventually([&] { return owned(*first) == 16; })) << owned(*first);
}

}  // namespace
}  // namespace intent::worker_ordered_test
