#include "sandbox/host/host.hpp"

#include "net/clock.hpp"
#include "sandbox/base/problem.hpp"
#include "sandbox/base/secrets.hpp"
#include "sandbox/rest/router.hpp"

#include <intent/errors.hpp>
#include <intent/limits.hpp>

#include <algorithm>
#include <system_error>

namespace intent::inline v0::sandbox {
namespace {

/// Limits the memory that a client can use that stopped reading. A client may pause, e.g. while its queue is full.
constexpr std::size_t max_queued_bytes = 64u << 20;
constexpr auto stop_time = std::chrono::milliseconds(500);
constexpr auto ping_interval = std::chrono::seconds(5);

template <class... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

Options checked(Options options) {
    const auto interval = options.heartbeat_interval;
    if (interval < limits::min_heartbeat_interval || interval > limits::max_heartbeat_interval)
        throw ConfigError("heartbeat_interval: " + std::to_string(interval.count()) + " ms; must be 100 ms to 10 min");
    if (options.certificate_file.empty() != options.private_key_file.empty())
        throw ConfigError("certificate_file and private_key_file: set both or neither");
    return options;
}

}  // namespace

/// Passes the events of one gateway connection to the host.
class Host::SocketHandler final : public net::ServerSocketHandler {
public:
    SocketHandler(Host& host, ConnectionId id) : host_(host), id_(id) {}

    void on_message(std::span<const std::uint8_t> message, bool binary) override {
        host_.on_socket_message(id_, message, binary);
    }
    void on_too_large() override { host_.perform(host_.gateway_.on_too_large(host_.clock_.now(), id_)); }
    void on_pong(net::Duration taken) override { host_.on_pong(id_, taken); }
    void on_closed(int code, std::string_view reason) override { host_.on_socket_closed(id_, code, reason); }

private:
    Host& host_;
    ConnectionId id_;
};

Host::Host(Options given, std::vector<Bot> bots)
    : clock_(detail::ClockAccess::of(given.clock)),
      store_(checked(given).database),
      redactor_(store_.tokens()),
      platform_(store_, given.dialect,
                [this](Event event) { perform(gateway_.dispatch(clock_.now(), std::move(event))); }),
      commands_(
          platform_, store_, [this] { return read_clock().system; }, [] { return make_token(""); }),
      gateway_({.hello = given.hello,
                .resume = given.resume,
                .heartbeat_interval = given.heartbeat_interval,
                .refusal = given.refuse_token},
               *this, &faults_, &commands_),
      api_(platform_, store_, given.dialect, given.limits),
      loop_(
          [this](std::exception_ptr error) {
              try {
                  std::rethrow_exception(error);
              } catch (const std::exception& failure) {
                  log(LogLevel::error, std::string("failed: ") + failure.what());
              }
          },
          clock_.test_clock()),
      deliveries_(loop_, clock_),
      parts_{clock_, store_, platform_, faults_, journal_, gateway_, api_, deliveries_, loop_},
      run_id_(make_token("").substr(0, 16)),
      options_(given),
      bots_(std::move(bots)),
      log_(given.log),
      access_(given.host, given.allowed_origins, secure()),
      control_(*this),
      timer_(loop_),
      ping_timer_(loop_, net::Timer::Kind::real) {
    const bool fresh = store_.max_id() == 0;
    platform_.seed(bots_, read_clock().system);
    platform_.on_access_change = [this] { perform(gateway_.on_reactions(clock_.now(), commands_.on_access_change())); };
    note_seed();
    if (fresh) beginning_ = snapshot();
    platform_.on_message = [this](const raw::Message& message) { on_message(message); };
    try {
        const net::ServerOptions options{.host = given.host,
                                         .port = given.port,
                                         .certificate_file = given.certificate_file,
                                         .private_key_file = given.private_key_file,
                                         .max_body_bytes = max_request_body,
                                         .max_message_bytes = Gateway::max_frame_bytes};
        server_ = std::make_unique<net::Server>(loop_, options, static_cast<net::ServerHandler&>(*this));
    } catch (const std::system_error& error) {
        throw ConfigError("cannot listen on " + std::string(error.what()));
    }
    port_ = server_->port();
    addresses_ = make_addresses(given.host, port_, !given.certificate_file.empty());
    api_.set_base(addresses_.rest);
    api_.set_voice_endpoint(addresses_.gateway);
    commands_.set_voice_endpoint(addresses_.gateway);
}

Host::~Host() { stop(); }

void Host::stop() {
    if (std::exchange(stopped_, true)) return;
    const auto all_closed = std::make_shared<std::promise<void>>();
    auto closing = all_closed->get_future();
    loop_.post([this, all_closed] {
        waiters_.clear();
        entry_waiters_.clear();
        deliveries_.stop();
        control_.stop();
        perform(gateway_.close_all(clock_.now(), 1001, "the sandbox stops"));
        if (open_sockets_ == 0)
            all_closed->set_value();
        else
            all_closed_ = all_closed;
    });
    // Destroying the server cuts peers that did not answer the close frame.
    closing.wait_for(stop_time);
    server_.reset();
    loop_.stop();
    advances_.reset();
}

void Host::log(LogLevel level, std::string_view text) const {
    if (!log_ || !log_->enabled(level, "sandbox")) return;
    try {
        std::string line(text);
        redactor_.text(line);
        log_->write({.level = level, .component = "sandbox", .text = line});
    } catch (...) {  // a failing log must not stop the sandbox
    }
}

std::optional<UserId> Host::authenticate(std::string_view token) {
    return store_.token_user(token, read_clock().system);
}

std::string Host::new_session_id() { return make_token(""); }

void Host::perform(GatewayActions actions) {
    for (auto& action : actions)
        std::visit(Overloaded{
                       [&](SendFrame& frame) { send(frame); },
                       [&](SendText& text) {
                           const auto socket = sockets_.find(text.connection);
                           if (socket == sockets_.end()) return;
                           traffic_.count_out(text.text.size());
                           socket->second.socket->send_text(text.text);
                           record({.text = true,
                                   .connection = text.connection,
                                   .owner = text.owner,
                                   .bytes = {text.text.begin(), text.text.end()}});
                       },
                       [&](CloseSocket& close) {
                           journal_connection("closed", close.connection, close.owner, close.code, close.reason);
                           if (const auto socket = sockets_.extract(close.connection))
                               socket.mapped().socket->close(close.code, close.reason);
                       },
                       [&](CutSocket& cut) {
                           journal_connection("cut", cut.connection, cut.owner);
                           if (const auto socket = sockets_.extract(cut.connection)) socket.mapped().socket->cut();
                       },
                       [&](Attached& attached) {
                           if (const auto socket = sockets_.find(attached.connection); socket != sockets_.end())
                               socket->second.socket->ping();
                           ping_later();
                           journal_connection(attached.resumed ? "resumed" : "identified", attached.connection,
                                              attached.owner);
                       },
                       [&](FaultApplied& applied) {
                           record_fault(applied.fault, applied.kind, applied.connection, applied.owner);
                       },
                       [&](Note& note) { log(note.level, note.text); },
                   },
                   action);
    // Cut them only after all actions: the resulting events have later sequence numbers.
    for (const ConnectionId id : std::exchange(unread_, {}))
        perform(gateway_.cut(clock_.now(), id, "the client does not read"));
    wake_later();
}

void Host::send(SendFrame& frame) {
    const auto found = sockets_.find(frame.connection);
    if (found == sockets_.end()) return;
    traffic_.count_out(frame.bytes.size());
    if (frame.event) traffic_.count_event(frame.event->name);
    JournalEntry entry{
        .connection = frame.connection, .owner = frame.owner, .event = std::move(frame.event), .seq = frame.seq};
    if (!entry.event) entry.bytes = frame.bytes;
    record(std::move(entry));
    auto& socket = *found->second.socket;
    socket.send_binary(std::move(frame.bytes));
    if (socket.queued_bytes() > max_queued_bytes) unread_.push_back(frame.connection);
}

void Host::wake_later() {
    // An early wake-up is harmless, so the timer is only set again for an earlier one.
    auto wake = gateway_.next_wake();
    if (!later_.empty() && (!wake || later_.begin()->first < *wake)) wake = later_.begin()->first;
    if (!wake || (armed_ && *armed_ <= *wake)) return;
    armed_ = wake;
    timer_.arm(clock_.of_loop(*wake), [this] {
        armed_.reset();
        do_due_work();
    });
}

void Host::do_due_work() {
    while (!later_.empty() && later_.begin()->first <= clock_.now())
        later_.extract(later_.begin()).mapped()();
    perform(gateway_.on_time(clock_.now()));
}

void Host::after(Time::duration wait, std::function<void()> work) {
    later_.emplace(clock_.now() + wait, std::move(work));
    wake_later();
}

void Host::advance(std::chrono::milliseconds step, std::function<void(std::string)> then) {
    if (!clock_.can_advance(step))
        throw invalid("clock", "at most 10 years (" + std::to_string(Clock::max_offset.count()) +
                                   " ms) ahead of the real clock, already at " +
                                   std::to_string(clock_.offset().count()) + " ms");
    if (clock_.test_clock()) {
        if (!advances_) advances_ = std::make_unique<Advances>(loop_, clock_.test_clock());
        return advances_->add(step, std::move(then));
    }
    clock_.advance(step);
    gateway_.on_clock_moved(step);
    deliveries_.on_clock_moved();
    armed_.reset();  // the timer uses the real clock
    do_due_work();
    then({});
}

void Host::note_seed() {
    seed_server_ = platform_.seed_server().value;
    seed_channel_ = platform_.seed_channel().value;
}

Faults::View Host::add_fault(Fault fault) {
    std::optional<UserId> user;
    if (fault.user && *fault.user != "*") user = platform_.find_account(*fault.user).user.id;
    const bool now = applies_at_once(fault.kind) && !fault.event;
    const std::uint64_t id = faults_.add(clock_.now(), std::move(fault), user);
    Faults::View view = *faults_.find(clock_.now(), id);
    if (!now) return view;
    std::size_t hits = 0;
    perform(gateway_.apply_now(clock_.now(), id, hits));
    view.hits = hits;
    return view;
}

void Host::record(JournalEntry entry) {
    entry.time = clock_.system();
    journal_.add(std::move(entry));
    if ((control_.awaits_news() || !entry_waiters_.empty()) && !std::exchange(news_posted_, true))
        loop_.post([this] {
            news_posted_ = false;
            on_news();
        });
}

void Host::journal_connection(const char* what, ConnectionId id, const Owner& owner, std::optional<int> code,
                              std::string reason) {
    record({.kind = JournalKind::connection,
            .connection = id,
            .owner = owner,
            .details = std::make_unique<const JournalDetails>(
                JournalDetails{.what = what, .reason = std::move(reason), .code = code})});
}

void Host::record_fault(std::uint64_t id, FaultKind kind, ConnectionId connection, const Owner& owner,
                        std::string path) {
    traffic_.count_fault(kind);
    JournalDetails details{.what = std::string(name_of(kind)), .path = std::move(path), .fault = id};
    record({.kind = JournalKind::fault,
            .connection = connection,
            .owner = owner,
            .details = std::make_unique<const JournalDetails>(std::move(details))});
}

void Host::ping_later() {
    if (std::exchange(pinging_, true)) return;
    ping_timer_.arm(net::now() + ping_interval, [this] {
        pinging_ = false;
        for (const auto& [id, socket] : sockets_)
            socket.socket->ping();
        if (!sockets_.empty()) ping_later();
    });
}

void Host::on_pong(ConnectionId id, net::Duration taken) {
    if (const auto socket = sockets_.find(id); socket != sockets_.end()) socket->second.round_trip = taken;
}

SocketState Host::socket_state(ConnectionId id) const {
    const auto socket = sockets_.find(id);
    if (socket == sockets_.end()) return {};
    return {.round_trip = socket->second.round_trip, .queued_bytes = socket->second.socket->queued_bytes()};
}

void Host::on_socket_message(ConnectionId id, codec::ByteView message, bool binary) {
    traffic_.count_in(message.size());
    record({.direction = Direction::in,
            .text = !binary,
            .connection = id,
            .owner = gateway_.owner(id),
            .bytes = codec::Bytes(message.begin(), message.end())});
    perform(gateway_.on_message(clock_.now(), id, message, binary));
}

std::unique_ptr<net::ServerSocketHandler> Host::on_socket(const net::ServerRequest& request,
                                                          std::shared_ptr<net::ServerSocket> socket) {
    if (request.path != "/gateway" && request.path != "/gateway/") return nullptr;
    const ConnectionId id = next_connection_++;
    sockets_.emplace(id, Socket{std::move(socket)});
    ++open_sockets_;
    // A client with the system's clock cannot be expected to send heartbeats by a test clock.
    const bool times_out = !clock_.test_clock() || sockets_.at(id).socket->follows_clock();
    // The socket accepts frames such as Hello only after this function has returned.
    loop_.post([this, id, times_out, peer = request.peer] {
        if (!sockets_.contains(id)) return;
        journal_connection("opened", id, {});
        perform(gateway_.on_open(clock_.now(), id, peer, times_out));
    });
    return std::make_unique<SocketHandler>(*this, id);
}

void Host::on_socket_closed(ConnectionId id, int code, std::string_view reason) {
    constexpr int no_close_frame = 1006;
    // Connections that the sandbox closed are in the journal already.
    if (sockets_.erase(id) > 0) {
        if (code == no_close_frame)
            journal_connection("cut", id, gateway_.owner(id));
        else
            journal_connection("closed", id, gateway_.owner(id), code, std::string(reason));
    }
    perform(gateway_.on_closed(clock_.now(), id, code));
    if (--open_sockets_ == 0 && all_closed_) std::exchange(all_closed_, nullptr)->set_value();
}

}  // namespace intent::sandbox
