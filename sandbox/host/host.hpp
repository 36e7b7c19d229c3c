// A running sandbox: its machines, the loop and the sockets.
#pragma once

#include "net/loop.hpp"
#include "net/server.hpp"
#include "sandbox/control/control.hpp"
#include "sandbox/control/parts.hpp"
#include "sandbox/host/advances.hpp"
#include "sandbox/journal/redactor.hpp"
#include "sandbox/platform/gateway_commands.hpp"
#include "sandbox/rest/access.hpp"

#include <intent/sandbox/journal.hpp>
#include <intent/sandbox/options.hpp>

#include <atomic>
#include <deque>
#include <functional>
#include <future>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace intent::inline v0::sandbox {

/// Executes the gateway's actions and passes requests to the API and the platform's events to the gateway.
///
/// Threads: construct, `start` and `stop` on the owner's thread, all else on the loop's thread.
class Host final : public RunningSandbox, private net::ServerHandler, private Directory {
public:
    /// Errors: as `intent::Sandbox`.
    Host(Options given, std::vector<Bot> bots);
    ~Host() override;

    void start() { loop_.start(); }
    void stop();

    const Parts& parts() noexcept override { return parts_; }
    const Options& options() const noexcept override { return options_; }
    const Addresses& addresses() const noexcept override { return addresses_; }
    std::uint16_t port() const noexcept override { return port_; }
    const std::string& run_id() const noexcept override { return run_id_; }
    const Traffic& traffic() const noexcept override { return traffic_; }
    SocketState socket_state(ConnectionId id) const override;
    void perform(GatewayActions actions) override;
    void complete(ApiReply reply, std::function<void(ApiReply)> then) override;
    Faults::View add_fault(Fault fault) override;
    void advance(std::chrono::milliseconds step, std::function<void(std::string busy)> then) override;
    std::string snapshot() override;
    void restore(std::string_view bytes) override;
    void reset() override;

    /// The server and channel that the sandbox starts with. Threads: any.
    ServerId seed_server() const noexcept { return ServerId{seed_server_}; }
    ChannelId seed_channel() const noexcept { return ChannelId{seed_channel_}; }
    /// Waits for the first message that matches, including existing ones. The sandbox drops the promise when it stops.
    struct Waiter {
        ChannelId channel;
        std::function<bool(const raw::Message&)> matches;
        std::promise<raw::Message> found;
    };
    void add_waiter(std::shared_ptr<Waiter> waiter);
    void remove_waiter(const std::weak_ptr<Waiter>& waiter) { waiters_.remove(waiter.lock()); }

    /// Waits for the first journal entry that matches.
    struct EntryWaiter {
        std::uint64_t seen = 0;  ///< the number of the last checked entry
        std::function<bool(const Entry&)> matches;
        std::promise<Entry> found;
    };
    void add_waiter(std::shared_ptr<EntryWaiter> waiter);
    void remove_waiter(const std::weak_ptr<EntryWaiter>& waiter) { entry_waiters_.remove(waiter.lock()); }
    std::vector<Entry> entries(std::uint64_t after);
    /// A text for people: the messages of one channel or of all, requests, connections and applied faults.
    std::string transcript(std::optional<ChannelId> channel);

private:
    class SocketHandler;
    static constexpr std::size_t max_request_body = 4u << 20;
    static constexpr std::size_t max_store_body = 256u << 20;  ///< of a snapshot to restore
    std::optional<net::ServerResponse> turn_away(const net::ServerRequest& head) override;
    std::optional<std::size_t> body_limit(const net::ServerRequest& head) override;
    net::ServerResponse on_body_too_large(const net::ServerRequest& head) override;
    void on_request(net::ServerRequest request, std::function<void(net::ServerResponse)> respond) override;
    std::unique_ptr<net::ServerSocketHandler> on_socket(const net::ServerRequest& request,
                                                        std::shared_ptr<net::ServerSocket> socket) override;
    std::optional<UserId> authenticate(std::string_view token) override;
    raw::User user(UserId id) override { return platform_.user(id); }
    std::vector<raw::Server> servers(UserId id) override { return platform_.servers(id); }
    std::string new_session_id() override;

    /// Opens the image as a separate store and seeds the bots in it.
    ///
    /// Errors: Problem 400 if the image is invalid in any way.
    std::unique_ptr<Store> tried_store(std::string_view bytes);
    void replace_store(Database& by);
    struct Exchange;
    net::ServerResponse answer(const net::ServerRequest& request);
    /// False: that failed, and the failure is the answer.
    bool authenticate(Exchange& exchange);
    void answer_api(const std::shared_ptr<Exchange>& exchange, std::function<void(net::ServerResponse)> then);
    void apply_to_request(const std::shared_ptr<Exchange>& exchange, const Faults::Hit& hit);
    /// `reply`: replaces the API's.
    void finish_without_api(const Exchange& exchange, ApiReply reply);
    void finish(const Exchange& exchange, net::ServerResponse response);
    static void wait_for_clock(const Exchange& exchange, bool waits);
    void drop(const Exchange& exchange);
    void record_request(const Exchange& exchange, const net::ServerResponse* response);
    void journal_connection(const char* what, ConnectionId id, const Owner& owner, std::optional<int> code = {},
                            std::string reason = {});
    void record_fault(std::uint64_t id, FaultKind kind, ConnectionId connection, const Owner& owner,
                      std::string path = {});
    void record(JournalEntry entry);
    ClockReading read_clock() const { return clock_.read(); }
    bool secure() const noexcept { return !options_.certificate_file.empty(); }
    /// Runs `work` after `wait` on the sandbox's clock.
    void after(Time::duration wait, std::function<void()> work);
    void do_due_work();
    void on_socket_message(ConnectionId id, codec::ByteView message, bool binary);
    void on_pong(ConnectionId id, net::Duration taken);
    void ping_later();
    void on_socket_closed(ConnectionId id, int code, std::string_view reason);
    void send(SendFrame& frame);
    void wake_later();
    void on_message(const raw::Message& message);
    bool look_through(EntryWaiter& waiter);
    void on_news();
    void log(LogLevel level, std::string_view text) const;

    struct Socket {
        std::shared_ptr<net::ServerSocket> socket;
        std::optional<net::Duration> round_trip = {};
    };

    void note_seed();

    Clock clock_;
    Store store_;
    const JournalRedactor redactor_;  // of log lines, which can contain text of peers
    Platform platform_;
    GatewayCommands commands_;
    Faults faults_;
    Journal journal_;
    Gateway gateway_;
    Api api_;
    net::Loop loop_;
    DeliveryRunner deliveries_;
    const Parts parts_;
    Addresses addresses_;
    const std::string run_id_;
    Traffic traffic_;
    Options options_;
    std::vector<Bot> bots_;
    std::uint16_t port_ = 0;
    std::string beginning_ = {};  ///< image of the new store; empty if the store existed before
    std::shared_ptr<LogSink> log_;
    Access access_;
    Control control_;
    std::unique_ptr<Advances> advances_ = {};  ///< created by the first
    net::Timer timer_;
    net::Timer ping_timer_;
    bool pinging_ = false;
    std::optional<Time> armed_;
    std::multimap<Time, std::function<void()>> later_;
    std::deque<std::shared_ptr<Exchange>> stalled_;  ///< requests that are never answered
    bool news_posted_ = false;
    ConnectionId next_connection_ = 1;
    std::unordered_map<ConnectionId, Socket> sockets_;  ///< the gateway's open connections
    std::vector<ConnectionId> unread_;                  ///< connections with a full send queue, to be cut
    std::size_t open_sockets_ = 0;                      ///< including closing ones
    std::shared_ptr<std::promise<void>> all_closed_;    ///< set while stopping
    std::list<std::shared_ptr<Waiter>> waiters_;
    std::list<std::shared_ptr<EntryWaiter>> entry_waiters_;
    std::atomic<std::uint64_t> seed_server_{0};
    std::atomic<std::uint64_t> seed_channel_{0};
    bool stopped_ = false;
    PasswordWorker passwords_;
    std::unique_ptr<net::Server> server_;  ///< last: destroyed first, so that no input arrives during destruction
};

}  // namespace intent::sandbox
