#include "client/client_core.hpp"

#include "client/dispatch.hpp"
#include "client/emit.hpp"
#include "client/guarded_log.hpp"
#include "client/place.hpp"
#include "client/rest_client_settings.hpp"
#include "client/scope_state.hpp"
#include "net/clock.hpp"
#include "net/environment.hpp"

#include <intent/errors.hpp>
#include <intent/version.hpp>

#include <algorithm>
#include <utility>

namespace intent::detail {

namespace {

#if defined(_WIN32)
constexpr const char* operating_system = "windows";
#elif defined(__APPLE__)
constexpr const char* operating_system = "macos";
#else
constexpr const char* operating_system = "linux";
#endif

Timestamp wall_time(session::Time moment) {
    const auto ago = net::now() - moment;
    return std::chrono::time_point_cast<std::chrono::microseconds>(
        net::system_now() - std::chrono::duration_cast<std::chrono::system_clock::duration>(ago));
}

/// 1970 if it is not known.
Timestamp complete_until(const client::Engine& engine) {
    const auto moment = engine.session->session().complete_until();
    return moment ? wall_time(*moment) : Timestamp{};
}

std::exception_ptr error_of(const session::Stopped& stopped) {
    const std::string text = "gateway: " + stopped.text;
    switch (stopped.reason) {
        case session::StopReason::authentication:
            return std::make_exception_ptr(AuthenticationError(text, stopped.close_code));
        case session::StopReason::configuration:
            return std::make_exception_ptr(GatewayConfigError(text, stopped.close_code));
        default:
            return std::make_exception_ptr(GatewayError(text, stopped.close_code));
    }
}

int exit_status(session::StopReason reason) {
    switch (reason) {
        case session::StopReason::by_user:
            return 0;
        case session::StopReason::authentication:
            return 3;
        case session::StopReason::configuration:
            return 4;
        case session::StopReason::repeated_bad_frames:
            break;
    }
    return 1;
}

}  // namespace

ClientCore::ClientCore(ClientOptions options)
    : RestCore(client::rest_settings(options)),
      options_(std::move(options)),
      gateway_(client::gateway_url(options_)),
      proxies_(client::proxy_rules(options_.proxy, gateway_)),
      servers_(options_.caches.servers),
      channels_(options_.caches.channels),
      users_(options_.caches.users),
      members_(options_.caches.members),
      roles_(options_.caches.roles),
      messages_(options_.caches.messages),
      voice_states_(options_.caches.voice_states) {}

ClientCore::~ClientCore() = default;

std::optional<raw::User> ClientCore::self() const {
    const std::lock_guard lock(self_mutex_);
    return self_;
}

Gauges ClientCore::gauges() const {
    Gauges gauges = board_.read();
    const auto engine = current();
    if (!engine) return gauges;
    const auto load = engine->lanes->load();
    gauges.queued_events = load.events;
    gauges.queued_bytes = engine->lanes->queued_bytes();
    gauges.lag = std::chrono::duration_cast<std::chrono::milliseconds>(load.lag);
    return gauges;
}

void ClientCore::publish() noexcept {
    const auto& runner = *engine_on_loop_->session;
    board_.publish(runner.session(), runner.reading_paused());
}

std::optional<UserId> ClientCore::self_id() const {
    const std::lock_guard lock(self_mutex_);
    if (!self_) return std::nullopt;
    return self_->id;
}

void ClientCore::equip(client::Engine& engine) {
    session::Settings settings;
    if (options_.intents) settings.intents = options_.intents->bits();
    settings.properties = {operating_system, "intent-cpp", "intent-cpp/" + std::string(version())};
    settings.random_seed = net::random_seed();
    settings.openings = openings_;
    settings.secrets = secrets_locked();
    settings.at_gap =
        options_.sequence_gaps == SequenceGapPolicy::resume ? session::AtGap::resume : session::AtGap::go_on;
    if (options_.silence_limit.count() != 0) settings.silence_limit = options_.silence_limit;
    if (!options_.session_file.empty()) open_session_file(settings);
    net::WebSocketOptions socket;
    socket.tls = client::tls_options(options_.tls);
    socket.proxy = proxies_;
    socket.user_agent = "intent-cpp/" + std::string(version());
    socket.close_deadline = std::chrono::milliseconds(1'800);  // less than a stop waits, so that it sees the end
    engine.session =
        std::make_unique<runner::SessionRunner>(engine.loop, gateway_, std::move(socket), std::move(settings), *this);
    engine.commands = std::make_unique<client::Commands>(outside(engine));
    if (options_.fetch_channels && !channels_.off()) engine.channels = make_channel_fetch(engine);
    engine_on_loop_ = &engine;
    session_over_ = false;
    session_started_ = false;
    status_.reset();
    status_to_be_ = 0;
}

client::Commands::Outside ClientCore::outside(client::Engine& engine) {
    auto* running = &engine;
    client::Commands::Outside outside;
    // Posted, because a command may follow from what the session's runner is telling just now.
    outside.send = [running](session::CommandId id, codec::Opcode op, codec::Bytes data) {
        running->loop.post([running, id, op, data = std::move(data)] { running->session->command(id, op, data); });
    };
    outside.after = [running](std::chrono::milliseconds delay, std::function<void()> work) {
        running->after(delay, [work = std::move(work)](bool cancelled) {
            if (!cancelled) work();
        });
    };
    outside.complain = [this](std::exception_ptr error, std::string where) {
        emit_error(std::move(error), std::move(where));
    };
    return outside;
}

void ClientCore::open_session_file(session::Settings& settings) {
    const std::weak_ptr<RestCore> weak = weak_from_this();
    client::SessionFile::Settings file;
    file.path = options_.session_file;
    file.gateway = gateway_.text();
    file.gateway.resize(std::min(file.gateway.find('?'), file.gateway.size()));  // a query may hold a secret
    file.token = [weak] {
        const auto core = weak.lock();
        return core ? core->token() : Token{};
    };
    file.log = [log = client::GuardedLog(options_.log)](LogLevel level, const std::string& text) {
        log(level, "client", text);
    };
    file_ = std::make_unique<client::SessionFile>(std::move(file));
    settings.saved = file_->load(token_locked());
    settings.at_stop = session::AtStop::keep_session;
    file_->start();
}

void ClientCore::connect() {
    const auto engine = start();
    const std::lock_guard lock(mutex_);
    if (std::exchange(session_started_, true)) return;
    board_.starting();
    auto* running = engine.get();
    engine->loop.post([this, running] {
        if (running->stopping) return;
        running->session->start();
        watch_handlers(*running);
    });
}

/// Looks again and again whether a handler does not return. No clock is read for it where events are handled.
void ClientCore::watch_handlers(client::Engine& engine) {
    const auto after = options_.slow_handler_warning;
    if (after.count() == 0 || !engine.lanes->threaded()) return;
    engine.after(after, [this, &engine, after](bool cancelled) {
        if (cancelled) return;
        for (const auto& origin : engine.lanes->stuck()) {
            log(LogLevel::warn, "client",
                "a handler has been running for more than " + std::to_string(after.count()) +
                    " ms: " + text_of(origin) + "; events behind it wait");
        }
        watch_handlers(engine);
    });
}

void ClientCore::begin_stop(client::Engine& engine) {
    openings_ = engine.session->session().openings();
    if (file_) file_->progress().alive(complete_until(engine));
    if (session_over_) return ended();
    engine.session->stop();
}

void ClientCore::after_stop() {
    if (file_) file_->finish();
}

void ClientCore::on_finished() {
    session_over_ = true;
    publish();
    engine_on_loop_->lanes->flush();
    {
        const std::lock_guard lock(mutex_);
        status_ = status_to_be_;
        changed_.notify_all();
    }
    if (engine_on_loop_->stopping) ended();
}

void ClientCore::on_batch_end() {
    if (engine_on_loop_->lanes->full()) {
        engine_on_loop_->session->pause_reading();
    } else if (room_missed_.exchange(false)) {
        engine_on_loop_->session->resume_reading();
    }
    new_session_.reset();
    if (const auto& id = engine_on_loop_->session->session().session_id(); file_ && id) file_->progress().rename(*id);
    publish();  // first: whoever sees an event finds it counted
    engine_on_loop_->lanes->flush();
}

void ClientCore::on_room() noexcept {
    const auto engine = current();
    if (!engine) return;
    auto* running = engine.get();
    try {
        engine->loop.post([this, running] {
            running->session->resume_reading();
            publish();
        });
    } catch (...) {  // out of memory: the next heartbeat looks again
        room_missed_ = true;
    }
}

void ClientCore::on_action(session::Action& action) {
    using namespace std::chrono;
    if (const auto* signal = std::get_if<session::VoiceSignal>(&action)) {
        client::dispatch_voice_signal(*this, signal->data);
    } else if (const auto* ready = std::get_if<session::SessionReady>(&action)) {
        on_ready(*ready);
    } else if (const auto* resumed = std::get_if<session::SessionResumed>(&action)) {
        log(LogLevel::info, "gateway", "resumed, " + std::to_string(resumed->replayed) + " events replayed");
        emit_session_event("RESUMED", Resumed{resumed->replayed});
        commands().on_resumed();
    } else if (const auto* ended = std::get_if<session::Disconnected>(&action)) {
        log(LogLevel::info, "gateway",
            "disconnected: " + std::to_string(ended->code) + (ended->reason.empty() ? "" : " " + ended->reason));
        emit_session_event("disconnect", Disconnect{ended->code, ended->reason, ended->will_resume});
        // A stop of the user's has its own word for what it ends.
        if (!engine_on_loop_->stopping) commands().on_disconnected(ended->will_resume);
    } else if (const auto* failed = std::get_if<session::ConnectFailed>(&action)) {
        emit_error(std::make_exception_ptr(NetworkError("gateway: " + failed->text)), "connect");
    } else if (const auto* again = std::get_if<session::Reconnecting>(&action)) {
        const auto delay = duration_cast<milliseconds>(again->delay);
        log(LogLevel::info, "gateway",
            "attempt " + std::to_string(again->attempt) + " to connect in " + std::to_string(delay.count()) + " ms");
        emit_session_event("reconnecting", Reconnecting{again->attempt, delay});
    } else if (const auto* lost = std::get_if<session::SessionLost>(&action)) {
        on_lost(*lost);
    } else if (const auto* gap = std::get_if<session::SequenceGap>(&action)) {
        log(LogLevel::warn, "gateway",
            "sequence number " + std::to_string(gap->to) + " follows " + std::to_string(gap->from) +
                (gap->to < gap->from ? ": events up to the latter are dropped" : ": events are missing"));
        emit_session_event("sequence gap", SequenceGap{gap->from, gap->to});
    } else if (const auto* bad = std::get_if<session::BadFrame>(&action)) {
        emit_error(std::make_exception_ptr(DecodeError("gateway: " + bad->text)), "gateway");
    } else if (const auto* notice = std::get_if<session::Notice>(&action)) {
        log(notice->level, "gateway", notice->text);
    } else if (const auto* sent = std::get_if<session::CommandSent>(&action)) {
        commands().on_sent(sent->id);
    } else if (const auto* refused = std::get_if<session::CommandFailed>(&action)) {
        commands().on_failed(*refused);
    } else if (const auto* stopped = std::get_if<session::Stopped>(&action)) {
        on_stopped(*stopped);
        commands().on_stopped(*stopped);
    }
}

void ClientCore::on_dispatch(const codec::Frame& frame) {
    if (!file_) return client::dispatch(*this, frame);
    ticket_ = file_->progress().accept(frame.seq, complete_until(*engine_on_loop_));
    client::dispatch(*this, frame);
    ticket_.reset();
}

void ClientCore::on_lost(const session::SessionLost& lost) {
    log(LogLevel::warn, "gateway", "the session was lost, and with it events: " + lost.reason);
    const Timestamp to = wall_time(lost.to);
    Timestamp from = to;
    if (lost.from) {
        from = wall_time(*lost.from);
    } else if (file_) {
        from = std::min(file_->loaded_time().value_or(to), to);
    }
    ticket_ = std::move(new_session_);  // a process that ends before the bot has heard of it tells it again
    emit_session_event("gap", Gap{from, to, lost.reason});
    ticket_.reset();
}

void ClientCore::on_ready(const session::SessionReady& ready) {
    const Origin origin{"READY", 0};
    {
        const std::lock_guard lock(self_mutex_);
        self_ = ready.ready->user;
    }
    users_.put(ready.ready->user);
    log(LogLevel::info, "gateway", "ready");
    Ready event{User(ready.ready->user, ref()), {}, ready.ready->session_id};
    for (const auto& server : ready.ready->servers)
        event.servers.emplace_back(server, ref());
    client::resync(*this, *ready.ready, origin);
    commands().on_new_session();
    emit(std::move(event), origin, 0, 0, false);
    if (file_)
        new_session_ = file_->progress().begin(ready.ready->session_id.value_or(""), complete_until(*engine_on_loop_));
}

void ClientCore::on_stopped(const session::Stopped& stopped) {
    if (stopped.reason == session::StopReason::by_user) return;
    {
        const std::lock_guard lock(mutex_);
        status_to_be_ = exit_status(stopped.reason);
        backlog_at_stop_ = client::Lanes::Backlog::handled;  // nobody asked for an end: what was accepted is handled
    }
    emit_error(error_of(stopped), "gateway");
}

void ClientCore::broken(const std::string& why, const Origin& origin) {
    emit_error(std::make_exception_ptr(DecodeError(secrets().redact(why))), text_of(origin));
}

/// From the I/O thread: queued, so that the handlers run where handlers run.
void ClientCore::emit_error(std::exception_ptr error, std::string where) {
    std::string message = text_of(error);
    const bool says_where = message.starts_with(where + ":");
    log(LogLevel::warn, "client", says_where ? message : where + ": " + message);
    emit_session_event(error_event_name, ErrorEvent{std::move(error), std::move(where), std::move(message)});
}

/// From a handler thread: the error handlers run here and now.
void ClientCore::report(std::exception_ptr error, const std::string& where) noexcept {
    const InScope none(nullptr);  // the code that failed may be a scope's, the handlers of errors are not
    try {
        RestCore::report(error, where);
        const ErrorEvent event{error, where, text_of(error)};
        registry_.dispatch(AllEvents::index_of<ErrorEvent>(), &event, Origin{error_event_name, 0},
                           [&](std::exception_ptr nested) {
                               // A handler of errors that fails is told of in the log alone, or it would be called for
                               // ever.
                               RestCore::report(std::move(nested), "a handler of ErrorEvent");
                           });
    } catch (...) {  // out of memory: the report is lost, the client is not
    }
}

void ClientCore::handle(client::Envelope& envelope) noexcept {
    const void* const value =
        std::visit([](const auto& event) { return static_cast<const void*>(&event); }, envelope.event);
    handle(envelope.event.index(), value, envelope.origin);
}

void ClientCore::handle(std::size_t event, const void* value, const Origin& origin) noexcept {
    try {
        registry_.dispatch(event, value, origin, [&](std::exception_ptr error) {
            if (event == AllEvents::index_of<ErrorEvent>()) {
                RestCore::report(std::move(error), "a handler of ErrorEvent");
            } else {
                report(std::move(error), text_of(origin));
            }
        });
    } catch (...) {
        report(std::current_exception(), text_of(origin));
    }
}

std::optional<int> ClientCore::wait(std::chrono::milliseconds timeout) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, net::time_in(timeout), [&] { return status_.has_value(); });
    return status_;
}

int ClientCore::run() {
    if (client::OwnThread::here()) {
        throw UsageError("Client::run(): called on a thread of the SDK, where it would wait for itself");
    }
    const auto engine = start();
    {
        auto signalled = std::make_shared<bool>(false);
        const auto self = std::static_pointer_cast<ClientCore>(shared_from_this());
        // Before the first connect: a signal ends the program in an orderly way from here on.
        const net::SignalWaiter signals(engine->loop, [self, signalled](int) {
            const std::lock_guard lock(self->mutex_);
            *signalled = true;
            self->changed_.notify_all();
        });
        connect();
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return status_ || *signalled; });
    }
    stop();
    const std::lock_guard lock(mutex_);
    return status_.value_or(0);
}

}  // namespace intent::detail
