// Ordered mode: which partitions this worker owns.
#pragma once

#include "net/loop.hpp"
#include "relay/broker/jetstream.hpp"
#include "relay/broker/key_value.hpp"
#include "relay/broker/lease.hpp"
#include "relay/broker/pull_consumer.hpp"
#include "relay/wire/subjects.hpp"
#include "relay/worker/deliveries.hpp"
#include "relay/worker/membership.hpp"

#include <intent/log.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

namespace intent::relay {

/// Joins the workers of the application, takes the leases of the partitions that it should own, and pulls their events.
/// A partition that another worker should own is handed over: it pulls no more, waits up to `release_time` for the
/// handlers that run, puts the rest back, and releases the lease.
///
/// Threads: that of `control`; it must outlive the threads of both loops.
class Partitions {
public:
    struct Settings {
        std::string application;
        std::string worker;       ///< unique
        std::size_t limit = 256;  ///< events in hand for each partition
    };
    struct Port {
        std::function<void(broker::Delivery)> deliver;  ///< any thread
        /// Runs the actions and arms the timer.
        std::function<void(Deliveries::Actions)> execute;
        std::function<void(LogLevel, std::string)> log;
    };

    /// `calls`: the thread of calls that block.
    Partitions(net::Loop& control, net::Loop& calls, std::shared_ptr<broker::Connection> connection, const Names& names,
               std::string bucket, Settings settings, Deliveries& deliveries, Port port);

    void start();
    /// Pulls no more. The leases stay.
    void stop();
    /// Releases the leases, after `stop` and the end of `control`. Blocks, at most for about `timeout`. 0: the broker
    /// does not answer, so they expire.
    void end(std::chrono::milliseconds timeout);

    /// Whether events of the partition may begin.
    bool owns(unsigned index) const;
    /// Whether events of the partition that arrive are for this worker: it owns the partition, or hands it over.
    bool holds(unsigned index) const;
    std::size_t owned() const;
    /// Events were finished: pulls as many more, and ends what was waiting for them.
    void on_room();

    static constexpr std::chrono::milliseconds release_time{10'000};
    static constexpr std::chrono::milliseconds release_pause{30'000};
    static constexpr std::chrono::milliseconds gather_period{150};

private:
    enum class State { idle, waiting, owned, releasing };
    struct Partition {
        State state = State::idle;
        std::shared_ptr<broker::Lease> lease = {};
        std::unique_ptr<broker::PullConsumer> puller = {};
        net::Time until{};       // of releasing
        net::Time not_before{};  // when it may be released again
        bool flushed = false;    // of releasing: what was on its way here has come
        bool asking = false;     // for the events that are pending
        std::size_t generation = 0;
    };

    void meet();
    void on_members(broker::Read read);
    void meet_again(std::chrono::milliseconds delay);
    void reassign();
    void join(unsigned index);
    void drop(unsigned index);
    void on_acquired(unsigned index, std::size_t generation);
    void on_lost(unsigned index, std::size_t generation, const std::string& reason);
    void pull(unsigned index);
    void release(unsigned index);
    void check_releasing();
    void gather();
    void ask_pending(unsigned index);
    std::string key(std::string_view name) const { return settings_.application + '.' + std::string(name); }

    net::Loop& control_;
    net::Loop& calls_;
    const std::shared_ptr<broker::Connection> connection_;
    const std::shared_ptr<broker::JetStream> streams_;
    const Names names_;
    const broker::KeyValue bucket_;
    const Settings settings_;
    Deliveries& deliveries_;
    const Port port_;
    Membership membership_;
    std::array<Partition, partitions> partitions_;
    net::Timer meet_timer_;
    net::Timer work_timer_;
    bool stopped_ = false;
    bool problem_reported_ = false;
};

}  // namespace intent::relay
