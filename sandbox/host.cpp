#include "sandbox/host.hpp"

#include "net/clock.hpp"
#include "sandbox/problem.hpp"
#include "sandbox/router.hpp"
#include "sandbox/secrets.hpp"

#include <intent/errors.hpp>

#include <algorithm>
#include <system_error>

namespace intent::sandbox {
namespace {

/// A client may stop reading for a while (its queue is full); one that never reads again must not fill the memory.
constexpr std::size_t max_queued_bytes = 64u << 20;
constexpr auto stop_time = std::chrono::milliseconds(500);
constexpr auto ping_interval = std::chrono::seconds(5);

template <class... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

SandboxOptions checked(SandboxOptions options) {
    using namespace std::chrono_literals;
    if (options.heartbeat_interval < 1ms || options.heartbeat_interval > 24h)
        throw ConfigError("heartbeat_interval: 1 ms to 24 h allowed");
    if (options.certificate_file.empty() != options.private_key_file.empty())
        throw ConfigError("certificate_file and private_key_file: give both, or none");
    return options;
}

}  // namespace

/// Passes on what one gateway connection reports.
class Host::SocketHandler final : public net::ServerSocketHandler {
public:
    SocketHandler(Host& host, ConnectionId id) : host_(host), id_(id) {}

    void on_message(std::span<const std::uint8_t> message, bool binary) override {
        host_.on_socket_message(id_, message, binary);
    }
    void on_too_large() override { host_.perform(host_.gateway.on_too_large(host_.clock.now(), id_)); }
    void on_pong(net::Duration taken) override { host_.on_pong(id_, taken); }
    void on_closed(int code, std::string_view reason) override { host_.on_socket_closed(id_, code, reason); }

private:
    Host& host_;
    ConnectionId id_;
};

Host::Host(SandboxOptions given, std::vector<SandboxBot> bots)
    : store(checked(given).database),
      platform(store, given.dialect, [this](Event event) { perform(gateway.dispatch(clock.now(), std::move(event))); }),
      realtime(
          platform, store, [this] { return moment().system; }, [] { return make_token(""); }),
      gateway({.hello = given.hello,
               .resume = given.resume,
               .heartbeat_interval = given.heartbeat_interval,
               .refusal = given.refuse_token},
              *this, &faults, &realtime),
      api(platform, store, given.dialect, given.limits),
      loop([this](std::exception_ptr error) {
          try {
              std::rethrow_exception(error);
          } catch (const std::exception& failure) {
              log(LogLevel::error, std::string("failed: ") + failure.what());
          }
      }),
      deliveries(loop, clock),
      run(make_token("").substr(0, 16)),
      options_(given),
      bots_(std::move(bots)),
      log_(given.log),
      access_(given.host, given.allowed_origins, secure()),
      control_(*this),
      timer_(loop),
      ping_timer_(loop) {
    const bool fresh = store.highest_id() == 0;
    platform.seed(bots_, moment().system);
    platform.on_access_change = [this] { perform(gateway.on_reactions(clock.now(), realtime.on_access_change())); };
    note_seed();
    if (fresh) beginning_ = snapshot();
    platform.on_message = [this](const raw::Message& message) { on_message(message); };
    try {
        const net::ServerOptions options{.host = given.host,
                                         .port = given.port,
                                         .certificate_file = given.certificate_file,
                                         .private_key_file = given.private_key_file,
                                         .max_body_bytes = max_request_body,
                                         .max_message_bytes = Gateway::max_frame_bytes};
        server_ = std::make_unique<net::Server>(loop, options, *this);
    } catch (const std::system_error& error) {
        throw ConfigError("cannot listen on " + std::string(error.what()));
    }
    port_ = server_->port();
    addresses = make_addresses(given.host, port_, !given.certificate_file.empty());
    api.set_base(addresses.rest);
    api.set_voice_endpoint(addresses.gateway);
    realtime.set_voice_endpoint(addresses.gateway);
}

Host::~Host() { stop(); }

void Host::stop() {
    if (std::exchange(stopped_, true)) return;
    const auto all_closed = std::make_shared<std::promise<void>>();
    auto closing = all_closed->get_future();
    loop.post([this, all_closed] {
        waiters_.clear();
        entry_waiters_.clear();
        deliveries.stop();
        perform(gateway.close_all(clock.now(), 1001, "the sandbox stops"));
        if (open_sockets_ == 0)
            all_closed->set_value();
        else
            all_closed_ = all_closed;
    });
    // Peers that do not answer the close frame are cut with the server.
    closing.wait_for(stop_time);
    server_.reset();
    loop.stop();
}

void Host::log(LogLevel level, std::string_view text) const {
    if (!log_ || !log_->enabled(level)) return;
    try {
        log_->write({.level = level, .component = "sandbox", .text = text});
    } catch (...) {  // a log that fails is no reason to stop
    }
}

std::optional<UserId> Host::authenticate(std::string_view token) { return store.token_user(token, moment().system); }

std::string Host::new_session_id() { return make_token(""); }

void Host::perform(GatewayActions actions) {
    for (auto& action : actions)
        std::visit(Overloaded{
                       [&](SendFrame& wish) { send(wish); },
                       [&](SendText& wish) {
                           const auto socket = sockets_.find(wish.connection);
                           if (socket == sockets_.end()) return;
                           ++counters.frames_out;
                           socket->second.socket->send_text(wish.text);
                           record({.text = true,
                                   .connection = wish.connection,
                                   .whose = wish.whose,
                                   .bytes = {wish.text.begin(), wish.text.end()}});
                       },
                       [&](CloseSocket& wish) {
                           journal_connection("closed", wish.connection, wish.whose, wish.code, wish.reason);
                           if (const auto socket = sockets_.extract(wish.connection))
                               socket.mapped().socket->close(wish.code, wish.reason);
                       },
                       [&](CutSocket& wish) {
                           journal_connection("cut", wish.connection, wish.whose);
                           if (const auto socket = sockets_.extract(wish.connection)) socket.mapped().socket->cut();
                       },
                       [&](Attached& wish) {
                           if (const auto socket = sockets_.find(wish.connection); socket != sockets_.end())
                               socket->second.socket->ping();
                           ping_later();
                           journal_connection(wish.resumed ? "resumed" : "identified", wish.connection, wish.whose);
                       },
                       [&](FaultStruck& wish) { journal_fault(wish.fault, wish.kind, wish.connection, wish.whose); },
                       [&](Note& note) { log(note.level, note.text); },
                   },
                   action);
    // Not in the midst of the others: what follows from it has later sequence numbers.
    for (const ConnectionId id : std::exchange(unread_, {}))
        perform(gateway.cut(clock.now(), id, "it does not read"));
    wake_later();
}

void Host::send(SendFrame& wish) {
    const auto socket = sockets_.find(wish.connection);
    if (socket == sockets_.end()) return;
    JournalEntry entry{
        .connection = wish.connection, .whose = wish.whose, .event = std::move(wish.event), .seq = wish.seq};
    if (!entry.event) entry.bytes = wish.bytes;
    record(std::move(entry));
    ++counters.frames_out;
    auto& line = *socket->second.socket;
    line.send_binary(std::move(wish.bytes));
    if (line.queued_bytes() > max_queued_bytes) unread_.push_back(wish.connection);
}

void Host::wake_later() {
    // A wake-up that comes too early is harmless; only an earlier one needs the timer set again.
    auto wake = gateway.next_wake();
    if (!later_.empty() && (!wake || later_.begin()->first < *wake)) wake = later_.begin()->first;
    if (!wake || (armed_ && *armed_ <= *wake)) return;
    armed_ = wake;
    timer_.arm(clock.real(*wake), [this] {
        armed_.reset();
        do_due_work();
    });
}

void Host::do_due_work() {
    while (!later_.empty() && later_.begin()->first <= clock.now())
        later_.extract(later_.begin()).mapped()();
    perform(gateway.on_time(clock.now()));
}

void Host::after(Time::duration wait, std::function<void()> work) {
    later_.emplace(clock.now() + wait, std::move(work));
    wake_later();
}

void Host::advance(std::chrono::milliseconds step) {
    if (!clock.can_advance(step))
        throw invalid("clock", "at most 10 years (" + std::to_string(Clock::most.count()) +
                                   " ms) ahead of the real one, it is " + std::to_string(clock.offset().count()) +
                                   " ms already");
    clock.advance(step);
    gateway.on_clock_moved(step);
    deliveries.on_clock_moved();
    armed_.reset();  // the timer goes by the real clock
    do_due_work();
}

void Host::note_seed() {
    seed_server_ = platform.seed_server().value;
    seed_channel_ = platform.seed_channel().value;
}

Faults::View Host::add_fault(SandboxFault fault) {
    std::optional<UserId> user;
    if (fault.user && *fault.user != "*") user = find_account(store, *fault.user).user.id;
    const bool now = strikes_now(fault.kind) && !fault.event;
    const std::uint64_t id = faults.add(clock.now(), std::move(fault), user);
    Faults::View view = *faults.find(clock.now(), id);
    if (!now) return view;
    std::size_t hits = 0;
    perform(gateway.strike_now(clock.now(), id, hits));
    view.hits = hits;
    return view;
}

void Host::record(JournalEntry entry) {
    entry.time = clock.system();
    journal.add(std::move(entry));
    if ((control_.awaits_news() || !entry_waiters_.empty()) && !std::exchange(news_posted_, true))
        loop.post([this] {
            news_posted_ = false;
            on_news();
        });
}

void Host::journal_connection(const char* what, ConnectionId id, const Whose& whose, std::optional<int> code,
                              std::string reason) {
    record({.kind = JournalKind::connection,
            .connection = id,
            .whose = whose,
            .details = std::make_unique<const JournalDetails>(
                JournalDetails{.what = what, .reason = std::move(reason), .code = code})});
}

void Host::journal_fault(std::uint64_t id, SandboxFaultKind kind, ConnectionId connection, const Whose& whose,
                         std::string path) {
    JournalDetails details{.what = std::string(name_of(kind)), .path = std::move(path), .fault = id};
    record({.kind = JournalKind::fault,
            .connection = connection,
            .whose = whose,
            .details = std::make_unique<const JournalDetails>(std::move(details))});
}

void Host::ping_later() {
    if (std::exchange(pinging_, true)) return;
    ping_timer_.arm(net::now() + ping_interval, [this] {
        pinging_ = false;
        for (const auto& [id, line] : sockets_)
            line.socket->ping();
        if (!sockets_.empty()) ping_later();
    });
}

void Host::on_pong(ConnectionId id, net::Duration taken) {
    if (const auto socket = sockets_.find(id); socket != sockets_.end()) socket->second.round_trip = taken;
}

Host::Line Host::line(ConnectionId id) const {
    const auto socket = sockets_.find(id);
    if (socket == sockets_.end()) return {};
    return {.round_trip = socket->second.round_trip, .queued_bytes = socket->second.socket->queued_bytes()};
}

void Host::on_socket_message(ConnectionId id, codec::ByteView message, bool binary) {
    ++counters.frames_in;
    record({.direction = Direction::in,
            .text = !binary,
            .connection = id,
            .whose = gateway.whose(id),
            .bytes = codec::Bytes(message.begin(), message.end())});
    perform(gateway.on_message(clock.now(), id, message, binary));
}

std::unique_ptr<net::ServerSocketHandler> Host::on_socket(const net::ServerRequest& request,
                                                          std::shared_ptr<net::ServerSocket> socket) {
    if (request.path != "/gateway" && request.path != "/gateway/") return nullptr;
    const ConnectionId id = next_connection_++;
    sockets_.emplace(id, Socket{std::move(socket)});
    ++open_sockets_;
    // The socket takes frames (Hello is one) only after this function has returned.
    loop.post([this, id, peer = request.peer] {
        if (!sockets_.contains(id)) return;
        journal_connection("opened", id, {});
        perform(gateway.on_open(clock.now(), id, peer));
    });
    return std::make_unique<SocketHandler>(*this, id);
}

void Host::on_socket_closed(ConnectionId id, int code, std::string_view reason) {
    constexpr int no_close_frame = 1006;
    // What the sandbox has closed itself is told already.
    if (sockets_.erase(id) > 0) {
        if (code == no_close_frame)
            journal_connection("cut", id, gateway.whose(id));
        else
            journal_connection("closed", id, gateway.whose(id), code, std::string(reason));
    }
    perform(gateway.on_closed(clock.now(), id, code));
    if (--open_sockets_ == 0 && all_closed_) std::exchange(all_closed_, nullptr)->set_value();
}

}  // namespace intent::sandbox
