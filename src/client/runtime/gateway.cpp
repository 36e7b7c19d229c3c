#include "client/runtime/gateway.hpp"

#include "client/runtime/channel_fetch_port.hpp"
#include "client/values/guarded_log.hpp"

#include <intent/errors.hpp>
#include <intent/version.hpp>

#include <algorithm>
#include <utility>
#include <variant>

namespace intent::client {

namespace {

#if defined(_WIN32)
constexpr const char* operating_system = "windows";
#elif defined(__APPLE__)
constexpr const char* operating_system = "macos";
#else
constexpr const char* operating_system = "linux";
#endif

Timestamp wall_time(const Clock& clock, session::Time moment) {
    const auto ago = clock.now() - moment;
    return std::chrono::time_point_cast<std::chrono::microseconds>(
        clock.wall_time() - std::chrono::duration_cast<std::chrono::system_clock::duration>(ago));
}

bool saves_session(const ClientOptions& options) { return !options.session_file.empty() || options.session_store; }

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

Gateway::Gateway(ClientOptions options, std::shared_ptr<TokenStore> tokens, Dispatcher& dispatcher,
                 UpstreamOwner& owner, std::shared_ptr<Metrics> metrics)
    : options_(std::move(options)),
      url_(gateway_url(options_)),
      proxies_(proxy_rules(options_.proxy, url_)),
      tokens_(std::move(tokens)),
      dispatcher_(dispatcher),
      owner_(owner),
      metrics_(std::move(metrics)) {}

Gateway::~Gateway() = default;

void Gateway::log(LogLevel level, std::string_view component, const std::string& text) const noexcept {
    GuardedLog(options_.log)(level, component, text);
}

void Gateway::publish() noexcept {
    const bool was_ready = board_.state() == ConnectionState::ready;
    const bool was_paused = board_.reading_paused();
    if (!was_paused && session_->reading_paused()) board_.paused_at(options_.clock.now());
    board_.publish(session_->session(), session_->reading_paused(), session_->received_bytes());
    if (was_ready && board_.state() != ConnectionState::ready) board_.unready_at(options_.clock.now());
}

std::function<void()> Gateway::prepare() {
    auto file = open_session_file();
    board_.unready_at(options_.clock.now());
    board_.starting();
    return [this, file = std::move(file)]() mutable { connect(std::move(file)); };
}

std::string Gateway::session_id() const { return session_ ? session_->session().session_id().value_or("") : ""; }

/// Returns 1970 if unknown.
Timestamp Gateway::complete_until() const {
    const auto moment = session_->session().complete_until();
    return moment ? wall_time(options_.clock, *moment) : Timestamp{};
}

session::Settings Gateway::session_settings() {
    session::Settings settings;
    if (options_.intents) settings.intents = options_.intents->bits();
    settings.properties = {operating_system, "intent-cpp", "intent-cpp/" + std::string(version())};
    settings.random_seed = running_->loop().random_seed();
    settings.openings = openings_;
    settings.secrets = tokens_->secrets();
    settings.at_gap =
        options_.sequence_gaps == SequenceGapPolicy::resume ? session::AtGap::resume : session::AtGap::go_on;
    if (options_.silence_limit.count() != 0) settings.silence_limit = options_.silence_limit;
    if (saves_session(options_)) settings.at_stop = session::AtStop::keep_session;
    return settings;
}

Follower* Gateway::begin(Running& running) {
    running_ = &running;
    net::WebSocketOptions socket;
    socket.tls = tls_options(options_.tls);
    socket.proxy = proxies_;
    socket.user_agent = "intent-cpp/" + std::string(version());
    socket.close_deadline =
        std::chrono::milliseconds(1'800);  // shorter than the wait of a stop, so that the stop sees the end
    session_ =
        std::make_unique<runner::SessionRunner>(running.loop(), url_, std::move(socket), session_settings(), *this);
    commands_ = std::make_unique<Commands>(command_port());
    channels_ = make_channel_fetch(options_, running, dispatcher_, tokens_);
    follower_ = std::make_unique<GatewayFollower>(*commands_, channels_.get());
    over_ = false;
    status_ = 0;
    backlog_ = Lanes::Backlog::dropped;
    return follower_.get();
}

/// Locks and reads the session file. Null: there is none. Blocks on the disk.
///
/// Errors: UsageError if another client uses it.
std::shared_ptr<SessionFile> Gateway::open_session_file() const {
    if (!saves_session(options_)) return nullptr;
    SessionFile::Settings file;
    file.path = options_.session_file;
    file.store = options_.session_store;
    file.gateway = url_.text();
    file.gateway.resize(std::min(file.gateway.find('?'), file.gateway.size()));  // a query may contain a secret
    file.token = [tokens = tokens_] { return tokens->token(); };
    file.log = [log = GuardedLog(options_.log)](LogLevel level, const std::string& text) {
        log(level, "client", text);
    };
    file.on_thread = [&owner = owner_] { owner.mark_own_thread(); };
    auto opened = std::make_shared<SessionFile>(std::move(file));
    opened->lock();
    opened->load(tokens_->token());
    return opened;
}

Commands::Port Gateway::command_port() {
    Commands::Port port;
    // Posted, because a command may be a reaction to what the session's runner is reporting now.
    port.send = [this](session::CommandId id, codec::Opcode op, codec::Bytes data) {
        running_->loop().post([this, id, op, data = std::move(data)] { session_->command(id, op, data); });
    };
    port.after = timer_of(*running_);
    port.report_error = [this](std::exception_ptr error, std::string where) {
        dispatcher_.emit_error(std::move(error), std::move(where));
    };
    return port;
}

/// Continues the session of the file if it holds one.
void Gateway::connect(std::shared_ptr<SessionFile> file) {
    file_ = std::move(file);
    if (file_) {
        if (const auto& saved = file_->loaded()) session_->restore(*saved);
        file_->start();
    }
    session_->start();
}

void Gateway::begin_stop() {
    openings_ = session_->session().openings();
    if (file_) file_->progress().alive(complete_until());
    if (over_) return owner_.on_upstream_stopped();
    session_->stop();
}

void Gateway::end() noexcept {
    follower_.reset();
    channels_.reset();
    commands_.reset();
    session_.reset();
    running_ = nullptr;
}

void Gateway::finish() { file_.reset(); }

void Gateway::resume_reading() {
    if (!session_) return;
    session_->resume_reading();
    publish();
}

void Gateway::on_finished() {
    over_ = true;
    publish();
    running_->lanes()->flush();
    owner_.on_session_over(status_, backlog_);
    if (running_->stopping()) owner_.on_upstream_stopped();
}

void Gateway::on_batch_end() {
    if (running_->lanes()->full()) session_->pause_reading();
    new_session_.reset();
    if (const auto& id = session_->session().session_id(); file_ && id) file_->progress().rename(*id);
    if (metrics_) metrics_->handlers.new_batch();
    publish();  // first, so that the counters include every event that a handler sees
    running_->lanes()->flush();
}

void Gateway::on_action(session::Action& action) {
    using namespace std::chrono;
    if (const auto* signal = std::get_if<session::VoiceSignal>(&action)) {
        dispatcher_.voice_signal(signal->data);
    } else if (const auto* ready = std::get_if<session::SessionReady>(&action)) {
        on_ready(*ready);
    } else if (const auto* resumed = std::get_if<session::SessionResumed>(&action)) {
        log(LogLevel::info, "gateway", "resumed, " + std::to_string(resumed->replayed) + " events replayed");
        dispatcher_.emit_session_event("RESUMED", Resumed{resumed->replayed});
        commands_->on_resumed();
    } else if (const auto* ended = std::get_if<session::Disconnected>(&action)) {
        log(LogLevel::info, "gateway",
            "disconnected: " + std::to_string(ended->code) + (ended->reason.empty() ? "" : " " + ended->reason));
        dispatcher_.emit_session_event("disconnect", Disconnect{ended->code, ended->reason, ended->will_resume});
        // Operations that a stop ends report their own errors.
        if (!running_->stopping()) commands_->on_disconnected(ended->will_resume);
    } else if (const auto* failed = std::get_if<session::ConnectFailed>(&action)) {
        dispatcher_.emit_error(std::make_exception_ptr(NetworkError("gateway: " + failed->text)), "connect");
    } else if (const auto* again = std::get_if<session::Reconnecting>(&action)) {
        const auto delay = duration_cast<milliseconds>(again->delay);
        log(LogLevel::info, "gateway",
            "reconnecting in " + std::to_string(delay.count()) + " ms (attempt " + std::to_string(again->attempt) +
                ")");
        dispatcher_.emit_session_event("reconnecting", Reconnecting{again->attempt, delay});
    } else if (const auto* lost = std::get_if<session::SessionLost>(&action)) {
        on_lost(*lost);
    } else if (const auto* gap = std::get_if<session::SequenceGap>(&action)) {
        log(LogLevel::warn, "gateway",
            "sequence number " + std::to_string(gap->to) + " follows " + std::to_string(gap->from) +
                (gap->to < gap->from ? ": events up to the latter are dropped" : ": events are missing"));
        dispatcher_.emit_session_event("sequence gap", SequenceGap{gap->from, gap->to});
    } else if (const auto* bad = std::get_if<session::BadFrame>(&action)) {
        dispatcher_.emit_error(std::make_exception_ptr(DecodeError("gateway: " + bad->text)), "gateway");
    } else if (const auto* line = std::get_if<session::LogLine>(&action)) {
        log(line->level, "gateway", line->text);
    } else if (const auto* sent = std::get_if<session::CommandSent>(&action)) {
        commands_->on_sent(sent->id);
    } else if (const auto* refused = std::get_if<session::CommandFailed>(&action)) {
        commands_->on_failed(*refused);
    } else if (const auto* stopped = std::get_if<session::Stopped>(&action)) {
        on_stopped(*stopped);
        commands_->on_stopped(*stopped);
    }
}

void Gateway::on_dispatch(const codec::Frame& frame) {
    if (!file_ && dispatcher_.ignores(frame)) return;
    if (file_ && frame.seq && file_->progress().handled_before(*frame.seq)) return board_.skipped();
    ContextRef context;
    if (session_->session().state() == session::State::replaying) [[unlikely]]
        context = replay_context();
    dispatcher_.dispatch(frame, file_ ? file_->progress().accept(frame.seq, complete_until()) : nullptr,
                         std::move(context));
}

/// Only events of a replay have one: it costs an allocation.
ContextRef Gateway::replay_context() const {
    const auto trace = options_.tracing == Tracing::off ? Trace{} : new_trace(options_.tracing == Tracing::sampled);
    const Delivery delivery{.source = DeliverySource::replay};
    return std::make_shared<const detail::EventContext>(trace, delivery, std::string());
}

bool Gateway::decodes_ahead() const noexcept {
    return !file_ && dispatcher_.decodes_ahead();  // a file may know that the event was handled before
}

void Gateway::on_lost(const session::SessionLost& lost) {
    log(LogLevel::warn, "gateway", "the session was lost; events were missed: " + lost.reason);
    const Timestamp to = wall_time(options_.clock, lost.to);
    Timestamp from = to;
    if (lost.from) {
        from = wall_time(options_.clock, *lost.from);
    } else if (file_) {
        from = std::min(file_->loaded_time().value_or(to), to);
    }
    // A process that ends before the bot has handled this Gap reports it again.
    dispatcher_.emit_session_event("gap", Gap{from, to, lost.reason}, std::move(new_session_));
}

void Gateway::on_ready(const session::SessionReady& ready) {
    log(LogLevel::info, "gateway", "ready");
    dispatcher_.ready(*ready.ready);
    if (file_) new_session_ = file_->progress().begin(ready.ready->session_id.value_or(""), complete_until());
}

void Gateway::on_stopped(const session::Stopped& stopped) {
    if (stopped.reason == session::StopReason::by_user) return;
    status_ = exit_status(stopped.reason);
    backlog_ = Lanes::Backlog::handled;  // not a requested stop: accepted events are still handled
    dispatcher_.emit_error(error_of(stopped), "gateway");
}

}  // namespace intent::client
