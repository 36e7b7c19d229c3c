// What reaches a worker's thread from the threads of broker and handlers.
#pragma once

#include "relay/broker/pull_consumer.hpp"
#include "relay/worker/deliveries.hpp"

#include <intent/detail/pending_dispatch.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace intent::net {
class Loop;
}

namespace intent::relay {

/// Collects it and passes it on in batches, in order of arrival.
///
/// Threads: safe. `close` on the loop's thread, or after its end: nothing is passed on afterwards.
class Mailbox : public std::enable_shared_from_this<Mailbox> {
public:
    struct Batch {
        std::vector<broker::Delivery> delivered;
        std::vector<std::pair<std::uint64_t, Outcome>> finished;
        std::vector<broker::Message> changes;
    };

    Mailbox(net::Loop& loop, std::function<void(Batch)> take) : loop_(&loop), take_(std::move(take)) {}

    void on_delivered(broker::Delivery delivery);
    void on_finished(std::uint64_t sequence, Outcome outcome);
    void on_change(broker::Message message);
    void close();

private:
    template <class Add>
    void add(Add add);
    void pass_on();

    std::mutex mutex_;
    net::Loop* loop_;  // null: closed
    bool posted_ = false;
    Batch batch_;
    const std::function<void(Batch)> take_;
};

/// An event that the client has: the last copy reports how its handlers ended.
class HeldDispatch final : public detail::PendingDispatch {
public:
    HeldDispatch(std::weak_ptr<Mailbox> mailbox, std::uint64_t sequence)
        : mailbox_(std::move(mailbox)), sequence_(sequence) {}
    ~HeldDispatch() override;

private:
    const std::weak_ptr<Mailbox> mailbox_;
    const std::uint64_t sequence_;
};

}  // namespace intent::relay
