// A client's inside: from the session's actions to events in the handlers' queues.
#pragma once

#include "client/cache.hpp"
#include "client/channel_fetch.hpp"
#include "client/gauge_board.hpp"
#include "client/registry.hpp"
#include "client/rest_core.hpp"
#include "client/session_file.hpp"
#include "codec/frame.hpp"
#include "run/session_runner.hpp"

#include <intent/client.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <string>

namespace intent::detail {

/// Threads: the SessionObserver's part on the I/O thread; the LaneSink's part on handler threads; the rest safe.
class ClientCore final : public RestCore, public runner::SessionObserver {
public:
    explicit ClientCore(ClientOptions options);
    ~ClientCore() override;

    client::Registry& registry() noexcept { return registry_; }
    std::optional<raw::User> self() const;
    Gauges gauges() const;
    ConnectionState state() const noexcept { return board_.state(); }
    std::optional<UserId> self_id() const override;
    client::Cache<raw::Server>& cache(const raw::Server*) noexcept { return servers_; }
    client::Cache<raw::Channel>& cache(const raw::Channel*) noexcept { return channels_; }
    client::Cache<raw::User>& cache(const raw::User*) noexcept { return users_; }
    client::Cache<raw::Member>& cache(const raw::Member*) noexcept { return members_; }
    client::Cache<raw::Role>& cache(const raw::Role*) noexcept { return roles_; }
    client::Cache<raw::Message>& cache(const raw::Message*) noexcept { return messages_; }
    client::Cache<raw::VoiceState>& cache(const raw::VoiceState*) noexcept { return voice_states_; }

    /// The cache of a kind: `cache_of<raw::User>()`.
    template <class Raw>
    client::Cache<Raw>& cache_of() noexcept {
        return cache(static_cast<const Raw*>(nullptr));
    }

    /// What was asked of the gateway. On the I/O thread, while the engine runs.
    client::Commands& commands() noexcept { return *engine_on_loop_->commands; }

    /// Fetches the channels of servers; null if that is off. On the I/O thread, while the engine runs.
    client::ChannelFetch* channel_fetch() noexcept { return engine_on_loop_->channels.get(); }

    /// Starts the engine and the gateway session, unless they run.
    void connect();
    int run();
    std::optional<int> wait(std::chrono::milliseconds timeout);

    client::Freshness* freshness() noexcept override { return &freshness_; }
    void saw(const raw::Server& server, client::Freshness::Mark mark) override { take(server, mark); }
    void saw(const raw::Channel& channel, client::Freshness::Mark mark) override { take(channel, mark); }
    void saw(const raw::User& user, client::Freshness::Mark mark) override { take(user, mark); }
    void saw(const raw::Member& member, client::Freshness::Mark mark) override { take(member, mark); }
    void saw(const raw::Role& role, client::Freshness::Mark mark) override { take(role, mark); }
    std::optional<raw::Server> known(ServerId id) override { return servers_.get(id); }
    std::optional<raw::Channel> known(ChannelId id) override { return channels_.get(id); }
    std::optional<raw::Member> known(MemberId id) override { return members_.get(id); }

    void handle(client::Envelope& envelope) noexcept override;
    /// Calls the handlers of the event, by its index, that `value` points to.
    void handle(std::size_t event, const void* value, const Origin& origin) noexcept;
    void on_room() noexcept override;

    Token token() override { return RestCore::token(); }
    void on_dispatch(const codec::Frame& frame) override;
    void on_action(session::Action& action) override;
    void on_batch_end() override;
    void on_finished() override;

    // What dispatch.cpp, which turns dispatches into events, needs.
    ClientRef ref() { return ClientRef(weak_from_this()); }

    /// Queues an event for its handlers, if there are any. `bytes` is what it takes of the queue's limit, besides a
    /// constant.
    template <class E>
    void emit(E&& event, const Origin& origin, std::size_t bytes, std::uint64_t key, bool from_wire);

    /// A dispatch that could not be decoded.
    void broken(const codec::Failure& failure, const Origin& origin) { broken(failure.text(), origin); }
    void broken(const std::string& why, const Origin& origin);

protected:
    void report(std::exception_ptr error, const std::string& where) noexcept override;
    void equip(client::Engine& engine) override;
    void begin_stop(client::Engine& engine) override;
    void after_stop() override;

private:
    client::Commands::Outside outside(client::Engine& engine);
    std::unique_ptr<client::ChannelFetch> make_channel_fetch(client::Engine& engine);
    template <class Raw>
    void take(const Raw& value, client::Freshness::Mark mark) {
        if (freshness_.fresh(value, mark)) cache_of<Raw>().put(value);
    }
    void open_session_file(session::Settings& settings);
    void on_lost(const session::SessionLost& lost);
    void watch_handlers(client::Engine& engine);
    void on_ready(const session::SessionReady& ready);
    void on_stopped(const session::Stopped& stopped);
    void emit_error(std::exception_ptr error, std::string where);
    template <class E>
    void emit_session_event(const char* name, E&& event);

    void publish() noexcept;

    const ClientOptions options_;
    const net::Url gateway_;
    const net::ProxyRules proxies_;
    client::Registry registry_;
    client::GaugeBoard board_;
    client::Cache<raw::Server> servers_;
    client::Cache<raw::Channel> channels_;
    client::Cache<raw::User> users_;
    client::Cache<raw::Member> members_;
    client::Cache<raw::Role> roles_;
    client::Cache<raw::Message> messages_;
    client::Cache<raw::VoiceState> voice_states_;
    client::Freshness freshness_;
    client::Engine* engine_on_loop_ = nullptr;  // of the I/O thread, while the engine runs
    mutable std::mutex self_mutex_;
    std::optional<raw::User> self_;
    std::unique_ptr<client::SessionFile> file_;  // if there is one; of the I/O thread while the engine runs
    client::Progress::TicketRef ticket_;         // of the dispatch, or Gap, that is being queued
    client::Progress::TicketRef new_session_;    // until its Gap is queued, if there is one
    session::PastOpenings openings_ = {};        // of the I/O thread while there is one
    bool session_over_ = false;                  // the same
    bool session_started_ = false;               // this and the rest: guarded by mutex_
    std::optional<int> status_ = {};             // set when the session is over
    int status_to_be_ = 0;
    std::atomic<bool> room_missed_ = false;  // the queue has room, but reading could not be resumed
};

}  // namespace intent::detail
