// A running sandbox: the machines of this folder, the loop, the sockets.
#pragma once

#include "net/loop.hpp"
#include "net/server.hpp"
#include "sandbox/api.hpp"
#include "sandbox/clock.hpp"
#include "sandbox/control.hpp"
#include "sandbox/delivery_runner.hpp"
#include "sandbox/faults.hpp"
#include "sandbox/gateway.hpp"
#include "sandbox/guard.hpp"
#include "sandbox/journal.hpp"
#include "sandbox/platform.hpp"
#include "sandbox/realtime.hpp"
#include "sandbox/store.hpp"
#include "sandbox/web.hpp"

#include <intent/sandbox.hpp>

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

namespace intent::sandbox {

/// Carries out what the gateway wishes, hands requests to the API, and the platform's events to the gateway.
///
/// Threads: construct, `start` and `stop` on the owner's; everything else on the loop's thread.
class Host final : public net::ServerHandler, public Directory {
public:
    /// Errors: as `intent::Sandbox`.
    Host(SandboxOptions given, std::vector<SandboxBot> bots);
    ~Host() override;

    void start() { loop.start(); }
    void stop();

    Moment moment() const { return clock.moment(); }
    void perform(GatewayActions actions);

    const SandboxOptions& options() const noexcept { return options_; }
    /// The server and channel that were there from the start. Threads: any.
    ServerId seed_server() const noexcept { return ServerId{seed_server_}; }
    ChannelId seed_channel() const noexcept { return ChannelId{seed_channel_}; }
    std::uint16_t port() const noexcept { return port_; }
    bool secure() const noexcept { return !options_.certificate_file.empty(); }

    /// Runs `work` when that much time has passed on the sandbox's clock.
    void after(Time::duration wait, std::function<void()> work);
    /// Sets the clock ahead, and does what is due then.
    ///
    /// Errors: Problem 400 beyond `Clock::most`.
    void advance(std::chrono::milliseconds step);

    /// Adds a fault that has been checked; one that strikes at once has done so when this returns.
    ///
    /// Errors: Problem if `user` means nobody.
    Faults::View add_fault(SandboxFault fault);

    /// Calls `then` with the reply once it is an answer: at once, or when a password's work is done.
    void complete(ApiReply reply, std::function<void(ApiReply)> then);

    /// Errors: SqliteError.
    std::string snapshot();
    /// Errors: Problem 400 if the bytes are no store of ours, or one of a newer version.
    void restore(std::string_view bytes);
    void reset();

    /// How the socket of a gateway connection is doing.
    struct Line {
        std::optional<net::Duration> round_trip = {};
        std::size_t queued_bytes = 0;
    };
    Line line(ConnectionId id) const;

    /// Calls back with the first message that matches, at once if there is one. Dropping the waiter's promise tells its
    /// owner that the sandbox is gone.
    struct Waiter {
        ChannelId channel;
        std::function<bool(const raw::Message&)> matches;
        std::promise<raw::Message> found;
    };
    void add_waiter(std::shared_ptr<Waiter> waiter);
    void remove_waiter(const std::weak_ptr<Waiter>& waiter) { waiters_.remove(waiter.lock()); }

    /// The same for an entry of the journal.
    struct EntryWaiter {
        std::uint64_t seen = 0;  ///< up to here nothing matches
        std::function<bool(const SandboxEntry&)> matches;
        std::promise<SandboxEntry> found;
    };
    void add_waiter(std::shared_ptr<EntryWaiter> waiter);
    void remove_waiter(const std::weak_ptr<EntryWaiter>& waiter) { entry_waiters_.remove(waiter.lock()); }
    std::vector<SandboxEntry> entries(std::uint64_t after);
    /// What was said, in one channel or in all, and what went over the wire.
    std::string transcript(std::optional<ChannelId> channel);

    struct Counters {
        std::size_t requests = 0;
        std::size_t rate_limited = 0;
        std::size_t frames_in = 0;
        std::size_t frames_out = 0;
    };
    Counters counters;
    Clock clock;
    Store store;
    Platform platform;
    Realtime realtime;
    Faults faults;
    Journal journal;
    Gateway gateway;
    Api api;
    net::Loop loop;
    DeliveryRunner deliveries;
    Addresses addresses;
    const std::string run;  ///< tells this one from those before it on the same port

private:
    class SocketHandler;
    static constexpr std::size_t max_request_body = 4u << 20;
    static constexpr std::size_t max_store_body = 256u << 20;  ///< a store to be restored
    std::optional<net::ServerResponse> turn_away(const net::ServerRequest& head) override;
    std::optional<std::size_t> body_limit(const net::ServerRequest& head) override;
    net::ServerResponse on_body_too_large(const net::ServerRequest& head) override;
    void on_request(net::ServerRequest request, std::function<void(net::ServerResponse)> respond) override;
    std::unique_ptr<net::ServerSocketHandler> on_socket(const net::ServerRequest& request,
                                                        std::shared_ptr<net::ServerSocket> socket) override;
    std::optional<UserId> authenticate(std::string_view token) override;
    raw::User user(UserId id) override { return platform.user(id); }
    std::vector<raw::Server> servers(UserId id) override { return platform.servers(id); }
    std::string new_session_id() override;

    /// What the image holds as a store of its own, in which the bots have been seeded.
    ///
    /// Errors: Problem 400, whatever is wrong with the image.
    std::unique_ptr<Store> tried_store(std::string_view bytes);
    void replace_store(Database& by);
    struct Exchange;
    net::ServerResponse answer(const net::ServerRequest& request);
    void answer_api(const std::shared_ptr<Exchange>& exchange, std::function<void(net::ServerResponse)> then);
    void strike_request(const std::shared_ptr<Exchange>& exchange, const Faults::Strike& strike);
    void finish(const Exchange& exchange, net::ServerResponse response);
    void drop(const Exchange& exchange);
    void journal_request(const Exchange& exchange, const net::ServerResponse* response);
    void journal_connection(const char* what, ConnectionId id, const Whose& whose, std::optional<int> code = {},
                            std::string reason = {});
    void journal_fault(std::uint64_t id, SandboxFaultKind kind, ConnectionId connection, const Whose& whose,
                       std::string path = {});
    void record(JournalEntry entry);
    void do_due_work();
    void on_socket_message(ConnectionId id, codec::ByteView message, bool binary);
    void on_pong(ConnectionId id, net::Duration taken);
    void ping_later();
    void on_socket_closed(ConnectionId id, int code, std::string_view reason);
    void send(SendFrame& wish);
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

    SandboxOptions options_;
    std::vector<SandboxBot> bots_;
    std::uint16_t port_ = 0;
    std::string beginning_ = {};  ///< image of the store as it was made; empty if it was there before
    std::shared_ptr<LogSink> log_;
    Access access_;
    std::uint64_t turned_away_ = 0;
    Control control_;
    net::Timer timer_;
    net::Timer ping_timer_;
    bool pinging_ = false;
    std::optional<Time> armed_;
    std::multimap<Time, std::function<void()>> later_;
    std::deque<std::shared_ptr<Exchange>> stalled_;  ///< requests that are never answered
    bool news_posted_ = false;
    ConnectionId next_connection_ = 1;
    std::unordered_map<ConnectionId, Socket> sockets_;  ///< those the gateway knows
    std::vector<ConnectionId> unread_;                  ///< those that do not read what waits for them
    std::size_t open_sockets_ = 0;                      ///< those and what is closing
    std::shared_ptr<std::promise<void>> all_closed_;    ///< set while stopping
    std::list<std::shared_ptr<Waiter>> waiters_;
    std::list<std::shared_ptr<EntryWaiter>> entry_waiters_;
    std::atomic<std::uint64_t> seed_server_{0};
    std::atomic<std::uint64_t> seed_channel_{0};
    bool stopped_ = false;
    PasswordWorker passwords_;
    std::unique_ptr<net::Server> server_;  ///< last: nothing comes in any more when the rest goes
};

/// The request of the REST API behind an HTTP request, with the path below the base.
ApiRequest api_request(const net::ServerRequest& request, std::string path);

}  // namespace intent::sandbox
