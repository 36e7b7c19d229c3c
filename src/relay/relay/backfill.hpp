// Fetches by REST what the gateway cannot send again.
#pragma once

#include "relay/broker/key_value.hpp"
#include "relay/relay/backfill_plan.hpp"
#include "relay/relay/counters.hpp"
#include "relay/relay/event_publisher.hpp"
#include "relay/relay/last_messages.hpp"
#include "relay/relay/relay_log.hpp"

#include <intent/client.hpp>
#include <intent/detail/remote.hpp>
#include <intent/relay.hpp>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace intent::relay {

/// Back-fills gaps on a thread of its own, during one lead. While a back-fill is not complete, a key in the bucket says
/// so, and the next leader begins it again.
///
/// Threads: the functions are safe; the destructor on the control thread.
class Backfill {
public:
    struct Parts {
        Client* client = nullptr;
        std::shared_ptr<EventPublisher> publisher;
        broker::KeyValue bucket;
        BackfillLimits limits;
        std::shared_ptr<Counters> counters;
        std::function<Timestamp()> now;
        RelayLog log;
    };
    explicit Backfill(Parts parts);
    ~Backfill();  ///< `stop`
    Backfill(const Backfill&) = delete;
    Backfill& operator=(const Backfill&) = delete;

    struct Job {
        Timestamp from{};
        LastMessages::Map known = {};  ///< when the gap began; empty: unknown
        /// The gaps: they are not handled before the key says that a back-fill is due.
        std::vector<std::shared_ptr<detail::PendingDispatch>> pending = {};

        void abandon() const;
    };
    /// One job for two gaps: it begins with the earlier one. So gaps that follow each other faster than they can be
    /// filled do not pile up.
    static Job join(Job one, Job other);

    /// During the session that follows the gap: its servers are in the client's cache.
    void add(Job job);

    /// Continues what an earlier leader has not completed. Blocks for one request; a failure is logged.
    void resume();

    /// Ends the thread; a back-fill under way stays incomplete. The client must have been stopped, or be about to.
    void stop();

private:
    void run();
    bool mark(Timestamp from);
    void unmark();
    void fill(const Job& job);
    std::optional<std::vector<ChannelId>> channels();
    bool each(const std::function<std::optional<std::string>()>& next,
              const std::function<void(detail::RemoteAnswer)>& take);
    bool fetch(BackfillPlan& plan);
    void take(BackfillPlan& plan, const BackfillPlan::Page& page, detail::RemoteAnswer answer);
    void publish(const std::vector<FetchedMessage>& messages);
    bool stopping() const;

    Parts parts_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<Job> waiting_;  // behind the one under way
    bool stopping_ = false;
    std::thread thread_;
};

/// Reads a page of messages: a list, plain or under "messages" (protocol §15). No value if it is malformed; messages
/// without an id are left out. `content`: the MessagePack of the message.
std::optional<std::vector<FetchedMessage>> read_message_page(const std::string& json);

}  // namespace intent::relay
