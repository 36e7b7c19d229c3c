// What a relay does while it leads.
#pragma once

#include "net/loop.hpp"
#include "relay/broker/connection.hpp"
#include "relay/broker/key_value.hpp"
#include "relay/relay/backfill.hpp"
#include "relay/relay/counters.hpp"
#include "relay/relay/event_publisher.hpp"
#include "relay/relay/last_messages.hpp"
#include "relay/relay/relay_log.hpp"
#include "relay/relay/rest_service.hpp"
#include "relay/relay/token_filter.hpp"

#include <intent/client.hpp>
#include <intent/relay.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace intent::relay {

/// What outlives a lead.
struct RelayParts {
    RelayOptions options;
    Names names;
    std::string holder;  ///< unique for this object
    RelayLog log;
    std::shared_ptr<const TokenFilter> tokens;
    std::shared_ptr<Counters> counters = std::make_shared<Counters>();
    std::shared_ptr<LastMessages> last_messages = std::make_shared<LastMessages>();
    std::shared_ptr<net::Loop> loop;
    std::shared_ptr<broker::Connection> connection = {};  ///< from the start on
    std::optional<broker::KeyValue> bucket = {};
    std::optional<broker::KeyValue> answers = {};
};

/// One lead, from the lease to its end. The handlers of the client call the functions for events, on its I/O thread.
///
/// How to drive it, on the control thread: `begin` before the client starts, `serve` after it; `settle` before the
/// client stops, `end` after it.
class Lead {
public:
    /// `leads`: whether the lease is still valid; on any thread.
    Lead(const RelayParts& parts, Client& client, std::uint64_t term, std::function<bool()> leads);
    ~Lead();
    Lead(const Lead&) = delete;
    Lead& operator=(const Lead&) = delete;

    void serve();
    void settle(std::chrono::milliseconds timeout);
    void end(std::chrono::milliseconds timeout);

    void on_event(const RawEvent& event);
    void on_ready(const Ready& ready);
    void on_gap(const Gap& gap);
    void on_sequence_gap(const SequenceGap& gap);

    EventPublisher::Statistics statistics() const { return publisher_->statistics(); }

private:
    void announce_ready();

    const RelayParts& parts_;
    Client& client_;
    std::shared_ptr<EventPublisher> publisher_;
    std::unique_ptr<Backfill> backfill_;  // null: off
    std::shared_ptr<RestService> service_;

    // The latest Ready, on its way to the bucket.
    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<codec::Bytes> ready_;
    std::string ready_session_;
    bool ended_ = false;
    std::thread announcer_;
};

}  // namespace intent::relay
