// The parts of a client and their wiring.
#pragma once

#include "client/api/context.hpp"
#include "client/api/settings.hpp"
#include "client/jobs/scheduler.hpp"
#include "client/metrics/metrics.hpp"
#include "client/runtime/endpoint.hpp"
#include "client/runtime/loop_probe.hpp"
#include "client/runtime/upstream.hpp"

#include <intent/detail/remote.hpp>

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace intent::client {

/// Owns the parts of a Client or a RestClient. They run from the first call, or `start`, to `stop`; a client may be
/// started again.
///
/// Threads: safe unless stated otherwise.
class Runtime final : public detail::ClientContext, private UpstreamOwner, private EndpointSource {
public:
    /// Makes the runtime of a RestClient.
    explicit Runtime(RuntimeSettings settings);
    /// Makes the runtime of a Client.
    Runtime(RuntimeSettings settings, ClientOptions options);
    /// Makes the runtime of a Client that a relay feeds.
    Runtime(RuntimeSettings settings, ClientOptions options, std::unique_ptr<detail::Remote> remote);
    ~Runtime() override;

    std::shared_ptr<Running> running() override;
    Dispatcher& dispatcher() noexcept override { return *dispatcher_; }
    const TokenStore& tokens() const noexcept override { return *tokens_; }
    bool can_authorize() const noexcept override { return remote_ != nullptr || !tokens_->token().empty(); }
    std::string session_id() const override { return upstream_ ? upstream_->session_id() : ""; }
    bool has_gateway() const noexcept override { return upstream_ != nullptr; }
    Commands& commands() noexcept override { return upstream_->commands(); }
    void set_token(Token token) override;
    void start() override;
    int run() override;
    std::optional<int> wait(std::chrono::milliseconds timeout) override;
    void stop() override;
    void reload(PendingRef pending) override;
    GuardedLog log() const override { return GuardedLog(settings_.log); }
    const Clock& clock() const noexcept override { return settings_.clock; }
    ConnectionState state() const noexcept override;
    Gauges gauges() const override;
    Scheduler& scheduler() noexcept override { return *scheduler_; }
    std::string metrics_text() override;
    std::optional<std::uint16_t> metrics_port() const override;
    void open_endpoint() override;
    Metrics* metrics() noexcept override { return metrics_.get(); }

private:
    enum class Phase { fresh, running, stopped };

    Runtime(RuntimeSettings settings, const CacheLimits& caches);
    std::shared_ptr<Running> current() const;
    std::shared_ptr<Running> ensure_running();
    std::shared_ptr<Running> start_locked();
    std::unique_ptr<RunningRest> make_rest(Running& running);
    void request_stop(Running& running);
    bool on_own_thread() const;
    void on_room() noexcept;
    void watch_handlers(Running& running);
    void open_endpoint_locked();

    // EndpointSource
    std::vector<std::string> unready_reasons() const override;
    bool ask_io_thread(std::function<void()> answer) override;

    // UpstreamOwner
    void on_session_over(int status, Lanes::Backlog backlog) override;
    void on_upstream_stopped() override;
    void mark_own_thread() noexcept override;

    RuntimeSettings settings_;
    const std::shared_ptr<TokenStore> tokens_;
    const std::shared_ptr<Metrics> metrics_;  // null: nothing is collected
    const std::shared_ptr<Dispatcher> dispatcher_;
    const std::shared_ptr<Scheduler> scheduler_;
    std::unique_ptr<Upstream> upstream_;  // null: a RestClient
    detail::Remote* remote_ = nullptr;    // owned by upstream_; null: the client has a token
    std::chrono::milliseconds slow_handler_warning_{};

    mutable std::mutex mutex_;
    std::condition_variable changed_;  // with mutex_, which guards the rest
    Phase phase_ = Phase::fresh;
    bool stop_requested_ = false;
    bool ended_ = false;
    bool session_started_ = false;
    std::optional<int> status_ = {};  // set when the session has ended
    Lanes::Backlog backlog_at_stop_ = Lanes::Backlog::dropped;
    std::shared_ptr<Running> running_;
    RunningRest* rest_ = nullptr;  // owned by running_
    std::shared_ptr<LoopProbe> loop_probe_;
    std::mutex teardown_;
    std::unique_ptr<Endpoint> endpoint_;  // last, because it asks this object; guarded by mutex_
};

}  // namespace intent::client
