#include "sandbox/host.hpp"

#include "net/clock.hpp"
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
constexpr std::string_view rest_base = "/api/v1";

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

bool below_rest_base(std::string_view path) {
    return path.starts_with(rest_base) && (path.size() == rest_base.size() || path[rest_base.size()] == '/');
}

}  // namespace

/// An absent `authorization` and one that is empty mean the same.
ApiRequest api_request(const net::ServerRequest& request, std::string path) {
    // Some clients escape the "@" of "@me".
    if (const auto at = path.find("%40"); at != std::string::npos) path.replace(at, 3, "@");
    return {.method = request.method,
            .path = std::move(path),
            .query = request.query,
            .authorization = std::string(request.header("authorization")),
            .body = request.body,
            .peer = request.peer};
}

/// Passes on what one gateway connection reports.
class Host::SocketHandler final : public net::ServerSocketHandler {
public:
    SocketHandler(Host& host, ConnectionId id) : host_(host), id_(id) {}

    void on_message(std::span<const std::uint8_t> message, bool binary) override {
        host_.on_socket_message(id_, message, binary);
    }
    void on_too_large() override { host_.perform(host_.gateway.on_too_large(host_.clock.now(), id_)); }
    void on_pong(net::Duration taken) override { host_.on_pong(id_, taken); }
    void on_closed(int code, std::string_view) override { host_.on_socket_closed(id_, code); }

private:
    Host& host_;
    ConnectionId id_;
};

Host::Host(SandboxOptions given, std::vector<SandboxBot> bots)
    : store(checked(given).database),
      platform(store, given.dialect, [this](Event event) { perform(gateway.dispatch(clock.now(), std::move(event))); }),
      gateway({.hello = given.hello, .resume = given.resume, .heartbeat_interval = given.heartbeat_interval}, *this),
      api(platform, store, given.dialect, given.limits),
      loop([this](std::exception_ptr error) {
          try {
              std::rethrow_exception(error);
          } catch (const std::exception& failure) {
              log(LogLevel::error, std::string("failed: ") + failure.what());
          }
      }),
      options_(given),
      log_(given.log),
      control_(*this),
      timer_(loop),
      ping_timer_(loop) {
    platform.seed(bots, moment().system);
    platform.on_message = [this](const raw::Message& message) { on_message(message); };
    try {
        const net::ServerOptions options{.host = given.host,
                                         .port = given.port,
                                         .certificate_file = given.certificate_file,
                                         .private_key_file = given.private_key_file,
                                         .max_body_bytes = 4u << 20,
                                         .max_message_bytes = Gateway::max_frame_bytes};
        server_ = std::make_unique<net::Server>(loop, options, *this);
    } catch (const std::system_error& error) {
        throw ConfigError("cannot listen on " + std::string(error.what()));
    }
    addresses = make_addresses(given.host, server_->port(), !given.certificate_file.empty());
}

Host::~Host() { stop(); }

void Host::stop() {
    if (std::exchange(stopped_, true)) return;
    const auto all_closed = std::make_shared<std::promise<void>>();
    auto closing = all_closed->get_future();
    loop.post([this, all_closed] {
        waiters_.clear();
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
                       [&](SendFrame& wish) { send(wish.connection, std::move(wish.bytes)); },
                       [&](CloseSocket& wish) {
                           if (const auto socket = sockets_.extract(wish.connection))
                               socket.mapped().socket->close(wish.code, wish.reason);
                       },
                       [&](CutSocket& wish) {
                           if (const auto socket = sockets_.extract(wish.connection)) socket.mapped().socket->cut();
                       },
                       [&](Attached& wish) {
                           if (const auto socket = sockets_.find(wish.connection); socket != sockets_.end())
                               socket->second.socket->ping();
                           ping_later();
                       },
                       [&](Note& note) { log(note.level, note.text); },
                   },
                   action);
    wake_later();
}

void Host::send(ConnectionId id, codec::Bytes bytes) {
    const auto socket = sockets_.find(id);
    if (socket == sockets_.end()) return;
    ++counters.frames_out;
    auto& line = *socket->second.socket;
    line.send_binary(std::move(bytes));
    if (line.queued_bytes() > max_queued_bytes) perform(gateway.cut(clock.now(), id, "it does not read"));
}

void Host::wake_later() {
    // A wake-up that comes too early is harmless; only an earlier one needs the timer set again.
    const auto wake = gateway.next_wake();
    if (!wake || (armed_ && *armed_ <= *wake)) return;
    armed_ = wake;
    timer_.arm(clock.real(*wake), [this] {
        armed_.reset();
        perform(gateway.on_time(clock.now()));
    });
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
        if (sockets_.contains(id)) perform(gateway.on_open(clock.now(), id, peer));
    });
    return std::make_unique<SocketHandler>(*this, id);
}

void Host::on_socket_closed(ConnectionId id, int code) {
    sockets_.erase(id);
    perform(gateway.on_closed(clock.now(), id, code));
    if (--open_sockets_ == 0 && all_closed_) std::exchange(all_closed_, nullptr)->set_value();
}

void Host::on_request(net::ServerRequest request, std::function<void(net::ServerResponse)> respond) {
    if (Control::is_order(request.path)) return control_.handle(request, respond);
    const Moment now = moment();
    net::ServerResponse response = answer(request, now);
    response.headers.emplace_back("Date", http_date(now.system));
    ++counters.requests;
    if (response.status == 429) ++counters.rate_limited;
    log(response.status < 400 ? LogLevel::debug : LogLevel::info,
        request.method + " " + request.path + " " + std::to_string(response.status));
    respond(std::move(response));
}

net::ServerResponse Host::answer(const net::ServerRequest& request, Moment now) {
    if (request.path == "/" && (request.method == "GET" || request.method == "HEAD"))
        return {
            .status = 200, .headers = {{"Content-Type", "text/html; charset=utf-8"}}, .body = front_page(addresses)};
    ApiReply reply;
    if (below_rest_base(request.path)) {
        reply = api.handle(api_request(request, request.path.substr(rest_base.size())), now);
    } else if (request.path == "/gateway") {
        reply = error_reply(426, "UPGRADE_REQUIRED", "the gateway speaks WebSocket");
        reply.headers = {{"Content-Type", "application/json"}, {"Upgrade", "websocket"}};
    } else {
        reply = error_reply(404, "UNKNOWN_ROUTE", "no such route; the REST API is below /api/v1");
        reply.headers = {{"Content-Type", "application/json"}};
    }
    return {.status = reply.status, .headers = std::move(reply.headers), .body = std::move(reply.body)};
}

bool Host::settle(Waiter& waiter, const raw::Message& message) const {
    try {
        if (!waiter.matches(message)) return false;
        waiter.found.set_value(message);
    } catch (...) {
        waiter.found.set_exception(std::current_exception());
    }
    return true;
}

void Host::add_waiter(std::shared_ptr<Waiter> waiter) {
    for (const auto& message : store.all_messages(waiter->channel))
        if (settle(*waiter, message)) return;
    waiters_.push_back(std::move(waiter));
}

void Host::on_message(const raw::Message& message) {
    waiters_.remove_if(
        [&](const auto& waiter) { return waiter->channel == message.channel_id && settle(*waiter, message); });
}

}  // namespace intent::sandbox
