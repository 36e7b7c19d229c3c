// A running worker: its connection to the broker, and everything on it.
#pragma once

#include "net/loop.hpp"
#include "relay/broker/connection.hpp"
#include "relay/broker/jetstream.hpp"
#include "relay/broker/key_value.hpp"
#include "relay/broker/publisher.hpp"
#include "relay/broker/pull_consumer.hpp"
#include "relay/wire/subjects.hpp"
#include "relay/worker/counters.hpp"
#include "relay/worker/deliveries.hpp"
#include "relay/worker/event_reader.hpp"
#include "relay/worker/mailbox.hpp"
#include "relay/worker/partitions.hpp"
#include "relay/worker/relay_calls.hpp"

#include <intent/detail/remote.hpp>
#include <intent/worker.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace intent::relay {

/// From `Remote::start` to `Remote::end`. Its machines run on its own thread, `control_`; what blocks runs on another
/// one.
///
/// How it begins: once the broker is connected, it creates the consumers, subscribes to the changes for the caches, and
/// reads the last Ready; then it pulls events. After a lost connection it does the same again, except that pulling goes
/// on by itself.
///
/// Threads: the functions, any.
class Session {
public:
    Session(const WorkerOptions& options, std::shared_ptr<detail::RemoteSink> sink,
            std::shared_ptr<WorkerCounters> counters);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    void start();
    void stop(std::function<void()> stopped);
    /// Blocks.
    void end();

    void request(detail::RemoteRequest request, std::function<void(detail::RemoteAnswer)> done);
    void command(std::uint8_t op, detail::Payload data, std::function<void(std::exception_ptr)> done);

private:
    struct Held {
        broker::Delivery delivery;
        EventRead read;
        bool burial_reported = false;
        bool unstored_reported = false;
    };

    // The connection.
    void on_change(broker::ConnectionChange change, const std::string& reason);
    void set_up();
    void set_up_again();
    void ensure_consumers(broker::JetStream& streams) const;
    void on_set_up(std::optional<broker::Entry> ready);
    void subscribe();
    bool flush();
    void refuse(std::exception_ptr error);
    void say_once(LogLevel level, const std::string& text);

    // Events.
    void take(Mailbox::Batch batch);
    void take_change(broker::Message message);
    void pass_changes_on();
    void on_ready(const std::string& payload);
    void on_delivered(broker::Delivery delivery, Deliveries::Actions& actions);
    void refuse_stray(const broker::Delivery& delivery, const Deliveries::Arrival& arrival);
    void execute(const Deliveries::Actions& actions);
    void act(const Deliveries::LookUp& action);
    void act(const Deliveries::SaveAttempt& action);
    void act(const Deliveries::ForgetAttempts& action);
    void act(const Deliveries::Begin& action);
    void act(const Deliveries::Acknowledge& action);
    void act(const Deliveries::StoreDeadLetter& action);
    void act(const Deliveries::Drop& action);
    bool send(const broker::Delivery& delivery, const Deliveries::Acknowledge& action);
    void after_work();
    std::string attempt_key(std::uint64_t sequence) const;
    void on_dead_letter(std::uint64_t sequence, const std::exception_ptr& error);
    broker::Message dead_letter(const Held& held, const Deliveries::StoreDeadLetter& action) const;

    const WorkerOptions options_;
    const Names names_;
    const std::string bucket_name_;
    const std::shared_ptr<detail::RemoteSink> sink_;
    const std::shared_ptr<WorkerCounters> counters_;

    net::Loop control_;
    net::Loop calls_;  // for calls that block
    std::shared_ptr<broker::Connection> connection_;
    std::shared_ptr<Mailbox> mailbox_;
    Deliveries deliveries_;
    std::unique_ptr<net::Timer> deliveries_timer_;
    std::unique_ptr<net::Timer> set_up_timer_;
    std::unique_ptr<net::Timer> changes_timer_;
    std::unique_ptr<RelayCalls> relay_calls_;
    std::unique_ptr<broker::KeyValue> bucket_;
    std::unique_ptr<broker::Publisher> dead_letters_;
    std::unique_ptr<broker::PullConsumer> puller_;  // of pool mode
    std::unique_ptr<Partitions> partitions_;        // of ordered mode
    std::vector<broker::Registration> subscriptions_;

    std::unordered_map<std::uint64_t, Held> held_;
    std::vector<broker::Message> unsent_;   // acknowledgements that wait for a connection
    std::vector<broker::Message> changes_;  // that wait for those which arrive at the same time
    std::string last_ready_;
    bool connected_ = false;  // to the broker
    bool up_ = false;         // the client was told so
    bool setting_up_ = false;
    bool stopped_ = false;
    bool ended_ = false;
    bool newer_reported_ = false;
    bool partitions_started_ = false;
    bool ended_by_owner_ = false;
    std::string said_;
};

}  // namespace intent::relay
