// Serves the requests of workers: REST, and gateway commands.
#pragma once

#include "net/loop.hpp"
#include "relay/broker/connection.hpp"
#include "relay/broker/key_value.hpp"
#include "relay/relay/counters.hpp"
#include "relay/relay/relay_log.hpp"
#include "relay/relay/rest_table.hpp"
#include "relay/relay/token_filter.hpp"
#include "relay/wire/subjects.hpp"

#include <intent/client.hpp>
#include <intent/detail/remote.hpp>

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace intent::relay {

/// The runner of a RestTable, during one lead. The table is used on the thread of the loop; requests are sent by the
/// client.
///
/// How to drive it: `begin`, then `settle` (optional) and `end`, on the control thread.
class RestService : public std::enable_shared_from_this<RestService> {
public:
    struct Parts {
        Client* client = nullptr;
        std::shared_ptr<broker::Connection> connection;
        broker::KeyValue answers;
        Names names;
        RestTable::Options table;
        std::uint64_t term = 0;
        std::function<bool()> leads;  ///< whether this relay may still act; any thread
        net::Loop* loop = nullptr;
        std::shared_ptr<const TokenFilter> tokens;
        std::shared_ptr<Counters> counters;
        RelayLog log;
    };
    explicit RestService(Parts parts) : parts_(std::move(parts)), table_(parts_.table) {}

    /// Subscribes. Errors: those of Connection::subscribe.
    void begin();
    /// Takes no more requests, and waits until those under way are answered. False after `timeout`.
    bool settle(std::chrono::milliseconds timeout);
    /// Answers everybody who still waits. The client must have been stopped.
    void end();

private:
    using Number = RestTable::Number;

    void on_rest(const broker::Message& message);
    void on_command(const broker::Message& message);
    bool can_answer(const broker::Message& message);
    void feed(const std::function<void(RestTable::Time now, RestTable::Actions& actions)>& input);
    void perform(RestTable::Begin begin);
    void perform(RestTable::Send send);
    void perform(RestTable::Store store);
    void perform(const RestTable::Forget& forget);
    void perform(RestTable::Reply reply);
    void count(const RestAnswer& answer);

    void create_record(Number number, std::string key, std::string value, std::uint64_t revision, int attempts);
    void look_at_record(Number number, std::string key, std::string value, int attempts);
    static task<> call(std::shared_ptr<RestService> self, Number number, detail::RemoteRequest request);
    static task<> command(std::shared_ptr<RestService> self, std::string reply, std::uint8_t op, detail::Payload data);
    void answer(const std::string& reply, const RestAnswer& answer);
    void answer(const std::string& reply, const CommandAnswer& answer);
    void send(const std::string& reply, const codec::Bytes& bytes);
    void post(std::function<void()> work);
    void rearm();

    Parts parts_;
    RestTable table_;
    std::unordered_map<RestTable::Caller, std::string> callers_;  // reply subjects
    RestTable::Caller last_caller_ = 0;
    std::unique_ptr<net::Timer> timer_;
    bool odd_reply_reported_ = false;
    bool ended_ = false;  // on the loop's thread, as the members above

    std::mutex mutex_;
    std::condition_variable idle_;
    std::size_t under_way_ = 0;
    std::size_t arriving_ = 0;  // posted to the loop
    broker::Registration rest_;
    broker::Registration commands_;
};

/// A client's answer, for a worker: the bot's token is removed from it.
RestAnswer answer_of(detail::RemoteAnswer answer, const TokenFilter& tokens, const text::Redactor& secrets);

}  // namespace intent::relay
