#include "client/runtime/relayed_gateway.hpp"

#include "client/runtime/channel_fetch_port.hpp"
#include "client/runtime/loop_link.hpp"
#include "session/read_ready.hpp"

#include <intent/errors.hpp>

#include <atomic>
#include <functional>
#include <iterator>
#include <mutex>
#include <utility>
#include <vector>

namespace intent::client {

using detail::RemoteDispatch;

namespace {

codec::Frame frame_of(const std::string& type, std::uint64_t seq, const detail::Payload& payload) {
    codec::Frame frame{.op = 0, .type = type, .seq = {}, .data = payload};
    if (seq != 0) frame.seq = seq;
    return frame;
}

/// A dispatch on its way to the I/O thread. If it does not arrive there, it is not handled.
class Travelling {
public:
    explicit Travelling(RemoteDispatch dispatch) : dispatch_(std::move(dispatch)) {}
    ~Travelling() {
        if (!arrived_ && dispatch_.pending) dispatch_.pending->abandon();
    }
    Travelling(const Travelling&) = delete;
    Travelling& operator=(const Travelling&) = delete;

    RemoteDispatch take() {
        arrived_ = true;
        return std::move(dispatch_);
    }

private:
    RemoteDispatch dispatch_;
    bool arrived_ = false;
};

}  // namespace

/// Brings everything to the I/O thread, as long as there is one; in batches, so that neither this thread nor those of
/// the handlers are woken for each dispatch.
class RelayedGateway::Sink final : public detail::RemoteSink {
public:
    explicit Sink(RelayedGateway& gateway) : gateway_(gateway), link_(gateway.running_->loop()) {}

    void cut() noexcept {
        link_.cut();
        std::vector<std::function<void()>> dropped;
        const std::lock_guard lock(mutex_);
        cut_ = true;
        dropped.swap(waiting_);
    }
    void post(std::function<void()> work) {
        const std::lock_guard lock(mutex_);
        if (cut_) return;
        waiting_.push_back(std::move(work));
        if (!std::exchange(posted_, true)) link_.post([this] { run(); });
    }

    void on_connected() override {
        post([this] { gateway_.on_connected(); });
    }
    void on_disconnected(std::string why) override {
        post([this, why = std::move(why)] { gateway_.on_disconnected(why); });
    }
    void on_ready(detail::Payload payload) override {
        post([this, payload = std::move(payload)] { gateway_.on_ready(payload); });
    }
    void on_dispatch(RemoteDispatch dispatch) override {
        auto travelling = std::make_shared<Travelling>(std::move(dispatch));
        post([this, travelling = std::move(travelling)] {
            if (!gateway_.running_->stopping()) gateway_.on_dispatch(travelling->take());
        });
    }
    void on_change(std::string type, detail::Payload payload) override {
        post([this, type = std::move(type), payload = std::move(payload)] { gateway_.on_change(type, payload); });
    }
    void on_gap(Gap gap, RemoteDispatch origin) override {
        auto travelling = std::make_shared<Travelling>(std::move(origin));
        post([this, gap = std::move(gap), travelling = std::move(travelling)] {
            if (!gateway_.running_->stopping()) gateway_.on_gap(gap, travelling->take());
        });
    }
    void on_error(std::exception_ptr error, std::string where) override {
        post([this, error = std::move(error), where = std::move(where)] { gateway_.on_error(error, where); });
    }
    void log(LogLevel level, std::string text) override { GuardedLog(gateway_.options_.log)(level, "relay", text); }
    void on_over(std::exception_ptr error, int status) override {
        post([this, error = std::move(error), status] { gateway_.on_over(error, status); });
    }

private:
    void run() {
        std::vector<std::function<void()>> works;
        {
            const std::lock_guard lock(mutex_);
            posted_ = false;
            works.swap(waiting_);
        }
        for (auto next = works.begin(); next != works.end() && !cut_;) {
            try {
                std::exchange(*next++, nullptr)();
            } catch (...) {
                run_later(next, works.end());
                throw;  // to the loop, which reports it
            }
        }
        if (!cut_) gateway_.running_->lanes()->flush();
    }

    void run_later(std::vector<std::function<void()>>::iterator first,
                   std::vector<std::function<void()>>::iterator last) {
        const std::lock_guard lock(mutex_);
        if (cut_) return;
        waiting_.insert(waiting_.begin(), std::make_move_iterator(first), std::make_move_iterator(last));
        if (!std::exchange(posted_, true)) link_.post([this] { run(); });
    }

    RelayedGateway& gateway_;
    LoopLink link_;
    std::mutex mutex_;
    std::vector<std::function<void()>> waiting_;
    bool posted_ = false;
    std::atomic<bool> cut_ = false;  // changed with the lock held, on the I/O thread
};

RelayedGateway::RelayedGateway(ClientOptions options, std::unique_ptr<detail::Remote> remote,
                               std::shared_ptr<TokenStore> tokens, Dispatcher& dispatcher, UpstreamOwner& owner)
    : options_(std::move(options)),
      remote_(std::move(remote)),
      tokens_(std::move(tokens)),
      dispatcher_(dispatcher),
      owner_(owner) {}

RelayedGateway::~RelayedGateway() = default;

Follower* RelayedGateway::begin(Running& running) {
    running_ = &running;
    sink_ = std::make_shared<Sink>(*this);
    Commands::Port port;
    port.send = [this](session::CommandId id, codec::Opcode op, codec::Bytes data) {
        running_->loop().post([this, id, op, data = std::move(data)] { send(id, op, data); });
    };
    port.after = timer_of(running);
    port.report_error = [this](std::exception_ptr error, std::string where) {
        dispatcher_.emit_error(std::move(error), std::move(where));
    };
    commands_ = std::make_unique<Commands>(std::move(port));
    channels_ = make_channel_fetch(options_, running, dispatcher_, tokens_);
    follower_ = std::make_unique<GatewayFollower>(*commands_, channels_.get());
    connected_ = false;
    over_ = false;
    return follower_.get();
}

std::function<void()> RelayedGateway::prepare() {
    board_.unready_at(options_.clock.now());
    board_.starting();
    return [this] { connect(); };
}

void RelayedGateway::connect() {
    started_ = true;
    remote_->start(sink_);
}

void RelayedGateway::send(session::CommandId id, codec::Opcode op, codec::Bytes data) {
    if (!started_) {
        return commands_->on_failed({id, session::CommandFailure::offline, "the worker has not been started", 0});
    }
    remote_->command(static_cast<std::uint8_t>(op), std::move(data),
                     [this, sink = sink_, id](std::exception_ptr error) {
                         sink->post([this, id, error = std::move(error)] {
                             if (error)
                                 commands_->on_failed({id, session::CommandFailure::offline, text_of(error), 0});
                             else
                                 commands_->on_sent(id);
                         });
                     });
}

void RelayedGateway::on_connected() {
    board_.relayed(ConnectionState::ready);
    GuardedLog(options_.log)(LogLevel::info, "relay", connected_ ? "connected again" : "connected");
    if (std::exchange(connected_, true)) dispatcher_.emit_session_event("RESUMED", Resumed{});
    running_->lanes()->flush();
}

void RelayedGateway::on_disconnected(std::string why) {
    board_.relayed(ConnectionState::connecting);
    board_.unready_at(options_.clock.now());
    if (running_->stopping()) return;
    GuardedLog(options_.log)(LogLevel::info, "relay", "disconnected: " + why);
    dispatcher_.emit_session_event("disconnect", Disconnect{1006, std::move(why), true});
    running_->lanes()->flush();
}

void RelayedGateway::on_ready(const detail::Payload& payload) {
    const auto read = session::read_ready(payload);
    if (!read.problem.empty()) {
        dispatcher_.emit_error(std::make_exception_ptr(DecodeError(tokens_->secrets().redact(read.problem))), "READY");
    }
    board_.relayed_session();
    dispatcher_.ready(read.ready);
    running_->lanes()->flush();
}

ContextRef RelayedGateway::context_of(const RemoteDispatch& dispatch) const {
    Trace trace = dispatch.trace;
    if (trace.empty() && options_.tracing != Tracing::off) trace = new_trace(options_.tracing == Tracing::sampled);
    return std::make_shared<const detail::EventContext>(trace, dispatch.delivery, dispatch.key);
}

void RelayedGateway::on_dispatch(const RemoteDispatch& dispatch) {
    board_.relayed_event();
    dispatcher_.dispatch(frame_of(dispatch.type, dispatch.seq, dispatch.payload), dispatch.pending,
                         context_of(dispatch), Dispatcher::Use::handlers);
}

void RelayedGateway::on_change(const std::string& type, const detail::Payload& payload) {
    dispatcher_.dispatch(frame_of(type, 0, payload), nullptr, nullptr, Dispatcher::Use::caches);
}

void RelayedGateway::on_gap(Gap gap, const RemoteDispatch& origin) {
    dispatcher_.emit_session_event("gap", std::move(gap), origin.pending, context_of(origin));
    running_->lanes()->flush();
}

void RelayedGateway::on_error(std::exception_ptr error, std::string where) {
    dispatcher_.emit_error(std::move(error), std::move(where));
    running_->lanes()->flush();
}

void RelayedGateway::on_over(std::exception_ptr error, int status) {
    if (std::exchange(over_, true)) return;
    on_error(std::move(error), "relay");
    board_.relayed(ConnectionState::stopped);
    owner_.on_session_over(status, Lanes::Backlog::handled);
}

void RelayedGateway::begin_stop() {
    commands_->on_stopped({session::StopReason::by_user, 0, "stopped"});
    const auto stopped = [this] {
        board_.relayed(ConnectionState::stopped);
        if (!std::exchange(over_, true)) owner_.on_session_over(0, Lanes::Backlog::dropped);
        owner_.on_upstream_stopped();
    };
    if (!started_) return stopped();
    remote_->stop([sink = sink_, stopped] { sink->post(stopped); });
}

void RelayedGateway::end() noexcept {
    sink_->cut();
    follower_.reset();
    channels_.reset();
    commands_.reset();
    running_ = nullptr;
}

void RelayedGateway::finish() {
    if (std::exchange(started_, false)) remote_->end();
    sink_.reset();
}

}  // namespace intent::client
