#include "net/websocket.hpp"

#include "net/impl/connector.hpp"
#include "net/impl/loop_impl.hpp"
#include "net/impl/read_buffer.hpp"
#include "net/impl/text.hpp"
#include "net/impl/tls.hpp"
#include "net/impl/transport.hpp"
#include "net/impl/tunnel.hpp"
#include "net/impl/upgrade.hpp"
#include "net/transit.hpp"
#include "websocket/protocol.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/error.hpp>
#include <openssl/rand.h>

#include <array>
#include <exception>
#include <stdexcept>
#include <utility>

namespace intent::net {

namespace asio = boost::asio;
using boost::system::error_code;
using Protocol = websocket::Protocol;

namespace {

constexpr std::size_t max_upgrade_head = 16u << 10;
constexpr auto refusal_body_wait = std::chrono::seconds(1);
constexpr std::size_t max_unsent_bytes = 16u << 20;  // beyond it the peer is not reading, and the connection is closed
constexpr std::size_t kept_output_bytes = 64u << 10;
constexpr int max_reads_in_batch = 64;  // then other connections have their turn
constexpr int max_discarding_reads = 16;

std::string bracketed(const std::string& host) { return host.find(':') == std::string::npos ? host : "[" + host + "]"; }

std::string host_header(const Url& url) {
    const std::string host = bracketed(url.host);
    return url.port == (url.secure() ? 443 : 80) ? host : host + ":" + std::to_string(url.port);
}

std::string seconds_text(Duration time) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
    return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

// Fetched in batches, because a call of OpenSSL's generator takes longer than writing a frame.
class MaskKeys {
public:
    websocket::MaskKey next() {
        if (used_ == keys_.size()) {
            if (RAND_bytes(keys_.front().data(), sizeof keys_) != 1)
                throw std::runtime_error("OpenSSL's random generator failed");
            used_ = 0;
        }
        return keys_[used_++];
    }

private:
    std::array<websocket::MaskKey, 16> keys_{};
    std::size_t used_ = keys_.size();
};

bool is_end_of_stream(const error_code& error) {
    return error == asio::error::eof || error == asio::ssl::error::stream_truncated;
}

}  // namespace

struct WebSocket::Impl : Transport::User, std::enable_shared_from_this<WebSocket::Impl> {
    // What the connection waits for.
    enum class State {
        connection,   // name look-up and TCP, to the proxy if there is one
        tunnel,       // the proxy's answer
        security,     // the TLS handshake
        upgrade,      // the head of the answer to the upgrade request
        refusal,      // the body of an answer with a status other than 101
        messages,     // open
        peers_close,  // our close frame is queued or sent
        last_bytes,   // the end is decided; earlier output is still being sent
        nothing,      // ended; `on_closed` or `on_connect_failed` is pending or done
    };

    Impl(Loop& loop_, const Url& url_, const WebSocketOptions& options_, WebSocketHandler& handler_)
        : loop(loop_.impl()),
          url(url_),
          options(options_),
          handler(&handler_),
          connector(std::make_shared<Connector>(loop)),
          deadline(loop_, Timer::Kind::real),
          transit(loop_.clock() ? Transit::open(loop_.clock(), Work::connection) : nullptr),
          protocol(options_.max_message_bytes, [keys = MaskKeys()]() mutable { return keys.next(); }) {}

    // Runs the work that a socket event causes. An exception from a handler (or for lack of memory) ends this
    // connection and propagates to the loop.
    template <class Work>
    void guarded(Work&& work) {
        try {
            work();
        } catch (...) {
            finish({1006, "an error on this side ended the connection"});
            throw;
        }
    }

    void start() {
        arm_connect_deadline(connect_by);
        auto choice = choose_proxy(options.proxy, url);
        if (const auto* fault = std::get_if<std::string>(&choice)) return fail(*fault);
        if (auto* address = std::get_if<ProxyAddress>(&choice)) proxy = std::move(*address);
        connector->start(proxy ? proxy->host : url.host, proxy ? proxy->port : url.port,
                         [weak = weak_from_this()](const std::string& error, asio::ip::tcp::socket socket) {
                             if (const auto self = weak.lock()) self->on_connected(error, std::move(socket));
                         });
    }

    void arm_connect_deadline(Time when) {
        deadline.arm(when, [weak = weak_from_this()] {
            if (const auto self = weak.lock()) self->on_connect_deadline();
        });
    }

    void on_connect_deadline() {
        if (state == State::refusal) return fail(describe_refusal(place(), head, received()));
        fail("gave up after " + seconds_text(options.connect_deadline) + " of waiting for the " + awaited());
    }

    const char* awaited() const {
        if (state == State::connection) return connector->looking_up() ? "name look-up" : "TCP connection";
        if (state == State::tunnel) return "answer of the proxy";
        return state == State::security ? "TLS handshake" : "answer to the upgrade";
    }

    void on_connected(const std::string& error, asio::ip::tcp::socket socket) {
        if (!error.empty()) return fail(error);
        error_code ignored;
        socket.set_option(asio::ip::tcp::no_delay(true), ignored);
        socket.non_blocking(true, ignored);
        if (!proxy) return secure(std::move(socket));
        state = State::tunnel;
        tunnel = std::make_shared<Tunnel>(std::move(socket));
        tunnel->start(place(), *proxy, options.user_agent,
                      [weak = weak_from_this()](const std::string& refused, asio::ip::tcp::socket through) {
                          const auto self = weak.lock();
                          if (!self || self->state != State::tunnel) return;
                          if (!refused.empty()) return self->fail(refused);
                          self->secure(std::move(through));
                      });
    }

    void secure(asio::ip::tcp::socket socket) {
        state = State::security;
        try {
            transport = url.secure()
                            ? make_tls_transport(std::move(socket), tls_client_context(loop, options.tls), url.host)
                            : make_tcp_transport(std::move(socket));
        } catch (const std::exception& failure) {
            return fail(failure.what());
        }
        transport->secure(shared_from_this());
    }

    void on_secured(const error_code& error) override {
        if (state != State::security) return;
        if (error) return fail(transport->describe(error));
        state = State::upgrade;
        const auto request = upgrade_request(host_header(url), url.target, options.user_agent, upgrade_key,
                                             transit ? transit->number() : std::string());
        sending.assign(request.begin(), request.end());
        write();
        read();
    }

    void on_answer_bytes() {
        const auto text = received();
        if (is_no_http(text)) return fail("the server does not speak HTTP/1.1");
        const auto head_bytes = upgrade_head_bytes(text);
        if (head_bytes == 0) {
            if (text.size() > max_upgrade_head) return fail("the head of the answer to the upgrade is too large");
            return stream_error ? on_stream_error() : read();
        }
        head = std::string(text.substr(0, head_bytes));
        buffer.consume(head_bytes);
        if (upgrade_status(head) == 101) return on_accepted();
        state = State::refusal;
        arm_connect_deadline(std::min(now() + refusal_body_wait, connect_by));
        on_refusal_bytes();
    }

    void on_refusal_bytes() {
        if (stream_error || refusal_is_complete(head, received()))
            return fail(describe_refusal(place(), head, received()));
        read();
    }

    void on_accepted() {
        const auto problem = upgrade_problem(std::exchange(head, {}), upgrade_key);
        if (!problem.empty()) {
            ConnectFailure failure;
            failure.text =
                place() + ": the server's answer to the upgrade is invalid: " + peer_text(problem, max_failure_text);
            failure.http_status = 101;
            return fail(failure);
        }
        state = State::messages;
        deadline.cancel();
        handler->on_open();
        if (transit) {
            transit->hold(Transit::End::client, paused);
            transit->handled(Transit::End::client);
        }
        proceed();  // the same segment may contain frames
    }

    void read() {
        if (reading || !transport || state == State::nothing || state == State::last_bytes) return;
        if (paused && state == State::messages) return;
        const auto room = buffer.prepare(needed);
        room_bytes = room.size();
        reading = true;
        transport->read(asio::buffer(room.data(), room.size()), shared_from_this());
    }

    void on_read(const error_code& error, std::size_t bytes) override {
        reading = false;
        if (state == State::nothing || state == State::last_bytes) return;
        guarded([&] {
            buffer.commit(bytes);
            if (error) {
                stream_error = error;
            } else {
                read_on(bytes == room_bytes);
            }
            proceed();
        });
    }

    // Reads whatever else has arrived, so that one batch contains everything.
    void read_on(bool filled) {
        buffer.note_read(filled);
        for (int i = 0; i < max_reads_in_batch && !writing && (filled || transport->reads_in_pieces()); ++i) {
            if (buffer.size() >= std::max(needed, ReadBuffer::large_bytes)) return;
            const auto room = buffer.prepare(needed);
            error_code error;
            const auto count = transport->read_now(asio::buffer(room.data(), room.size()), error);
            if (error == asio::error::would_block || error == asio::error::try_again) return;
            buffer.commit(count);
            if (error) {
                stream_error = error;
                return;
            }
            filled = count == room.size();
        }
    }

    // Processes the received bytes, then waits for more.
    void proceed() {
        if (in_batch) return;
        if (state == State::messages || state == State::peers_close) {
            take_frames();
        } else if (state == State::upgrade && !buffer.empty()) {
            return on_answer_bytes();
        } else if (state == State::refusal) {
            return on_refusal_bytes();
        }
        if (state == State::nothing || state == State::last_bytes) return;
        if (stream_error) return on_stream_error();
        read();
    }

    void take_frames() {
        in_batch = true;
        messages_in_batch = 0;
        struct Leave {
            bool& flag;
            ~Leave() { flag = false; }
        };
        {
            const Leave leave{in_batch};
            if (hand_out_frames() && state != State::nothing) handler->on_batch_end();
        }
        if (transit) transit->handled(Transit::End::client, messages_in_batch);
        flush();
    }

    // True if there was a message.
    bool hand_out_frames() {
        bool handed_out = false;
        while ((state == State::messages && !paused) || state == State::peers_close) {
            const auto step = protocol.next(buffer.data());
            switch (step.event) {
                case Protocol::Event::need_more:
                    needed = step.needed;
                    return handed_out;
                case Protocol::Event::ended:
                    end_after_flush({protocol.code(), peer_text(protocol.reason(), max_failure_text)});
                    return handed_out;
                case Protocol::Event::nothing:
                    buffer.consume(step.consumed);
                    break;
                case Protocol::Event::binary:
                case Protocol::Event::text:
                    buffer.consume(step.consumed);
                    needed = 2;
                    handed_out = true;
                    ++messages_in_batch;
                    if (step.event == Protocol::Event::binary)
                        handler->on_binary(step.message);
                    else
                        handler->on_text(step.message);
                    break;
            }
        }
        return handed_out;
    }

    void on_stream_error() {
        if (state == State::messages && paused && !buffer.empty()) return;  // reported when reading resumes
        const auto error = stream_error;
        if (state == State::messages || state == State::peers_close) {
            if (is_end_of_stream(error)) return finish({1006, "the connection ended without a close frame"});
            return finish({1006, error.message()});
        }
        if (is_end_of_stream(error)) return fail("the server ended the connection before it answered the upgrade");
        fail(error.message());
    }

    void flush() {
        if (writing || in_batch || !transport || state == State::nothing) return;
        if (protocol.unsent() == 0 || write_failed) {
            if (state == State::last_bytes) finish(last_words);
            return;
        }
        protocol.take_output(sending);
        write();
    }

    void write() {
        writing = true;
        transport->write(asio::buffer(sending), shared_from_this());
    }

    void on_written(const error_code& error) override {
        writing = false;
        sending.clear();
        if (sending.capacity() > kept_output_bytes) sending.shrink_to_fit();
        if (state == State::nothing) return;
        if (error && !write_failed) on_write_error();
        flush();
    }

    // The peer's close frame may be unread in the socket, and its code matters. Reading also finds the end of the
    // connection; if it does not, the deadline closes it.
    void on_write_error() {
        write_failed = true;
        if (state == State::messages || state == State::peers_close) {
            set_paused(false);
            arm_close_deadline("sending failed");
            proceed();
        }
    }

    void arm_close_deadline(std::string reason) {
        deadline.arm(now() + options.close_deadline, [weak = weak_from_this(), reason = std::move(reason)] {
            const auto self = weak.lock();
            if (!self) return;
            self->finish(self->state == State::last_bytes ? self->last_words : CloseInfo{1006, reason});
        });
    }

    void end_after_flush(CloseInfo info) {
        state = State::last_bytes;
        last_words = std::move(info);
        arm_close_deadline({});
    }

    void close(std::uint16_t code, std::string_view reason) {
        if (state == State::messages) {
            protocol.close(code, reason);
            state = State::peers_close;
            set_paused(false);
            if (transit) transit->ended(Transit::End::client);
            arm_close_deadline("no close frame from the server within " + seconds_text(options.close_deadline));
            flush();
            // Not from inside this call: messages held back while paused may end the connection.
            asio::post(loop.io, [self = shared_from_this()] {
                if (self->state != State::nothing) self->guarded([&] { self->proceed(); });
            });
        } else if (state < State::messages) {
            finish({1006, "closed before the connection was open"});
        }
    }

    void finish(CloseInfo info) {
        if (!begin_end()) return;
        asio::post(loop.io, [self = shared_from_this(), info = std::move(info)] {
            if (const auto to = std::exchange(self->handler, nullptr)) to->on_closed(info);
            if (self->transit) self->transit->gone(Transit::End::client);
        });
    }

    void fail(const std::string& what) {
        ConnectFailure failure;
        failure.text =
            place() + (proxy ? " through the proxy " + proxy->place() : "") + ": " + peer_text(what, max_failure_text);
        fail(failure);
    }

    void fail(ConnectFailure failure) {
        if (!begin_end()) return;
        asio::post(loop.io, [self = shared_from_this(), failure = std::move(failure)] {
            if (const auto to = std::exchange(self->handler, nullptr)) to->on_connect_failed(failure);
            if (self->transit) self->transit->gone(Transit::End::client);
        });
    }

    // False if the connection was already ending.
    bool begin_end() {
        if (state == State::nothing) return false;
        const bool orderly = state == State::last_bytes && !writing;
        state = State::nothing;
        deadline.cancel();
        connector->cancel();
        if (tunnel) tunnel->cancel();
        if (!transport) return true;
        if (!orderly) {
            transport->cut();
            return true;
        }
        // Unread data would make the system reset the connection, and the peer might never see our close frame.
        error_code error;
        std::uint8_t discarded[4096];
        for (int i = 0; i < max_discarding_reads && !error; ++i)
            transport->read_now(asio::buffer(discarded), error);
        transport->shut_down();
        return true;
    }

    void abandon() {
        handler = nullptr;
        begin_end();
        if (transit) transit->gone(Transit::End::client);
    }

    void send(std::span<const std::uint8_t> message) {
        if (state != State::messages) return;
        protocol.send(message);
        if (transit) transit->sent(Transit::End::client);
        if (protocol.unsent() + sending.size() > max_unsent_bytes)
            return finish(
                {1006, "the server does not read: " + std::to_string(max_unsent_bytes >> 20) + " MiB wait to be sent"});
        flush();
    }

    void set_paused(bool pause) {
        paused = pause;
        if (transit && state >= State::messages) transit->hold(Transit::End::client, pause);
    }

    void resume() {
        if (!paused) return;
        set_paused(false);
        asio::post(loop.io, [self = shared_from_this()] {
            if (self->state == State::messages) self->guarded([&] { self->proceed(); });
        });
    }

    bool unread() {
        if (state != State::messages) return false;
        return paused || transport->available() > 0 || buffer.size() >= needed;
    }

    std::string place() const { return bracketed(url.host) + ":" + std::to_string(url.port); }

    std::string_view received() {
        const auto bytes = buffer.data();
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }

    Loop::Impl& loop;
    const Url url;
    const WebSocketOptions options;
    WebSocketHandler* handler;  // null after its last call, or if it must not be called
    State state = State::connection;
    std::optional<ProxyAddress> proxy;
    std::shared_ptr<Connector> connector;
    std::shared_ptr<Tunnel> tunnel;  // through the proxy
    std::unique_ptr<Transport> transport;
    Timer deadline;
    const std::shared_ptr<Transit> transit;  // null: the system's clock
    const Time connect_by = now() + options.connect_deadline;
    const std::string upgrade_key = make_upgrade_key();
    Protocol protocol;
    ReadBuffer buffer;
    std::size_t room_bytes = 0;  // the room for the current read
    std::size_t needed = 2;      // bytes of the arriving frame, as far as known
    std::string head;            // of a refusal
    std::vector<std::uint8_t> sending;
    error_code stream_error;  // ends the connection once the earlier bytes are processed
    CloseInfo last_words;
    bool reading = false;
    bool writing = false;
    bool write_failed = false;
    bool in_batch = false;
    bool paused = false;
    std::size_t messages_in_batch = 0;
};

WebSocket::WebSocket(Loop& loop, const Url& url, const WebSocketOptions& options, WebSocketHandler& handler)
    : impl_(std::make_shared<Impl>(loop, url, options, handler)) {
    impl_->start();
}

WebSocket::~WebSocket() { impl_->abandon(); }

void WebSocket::send(std::vector<std::uint8_t> message) { impl_->send(message); }
void WebSocket::close(std::uint16_t code, std::string_view reason) { impl_->close(code, reason); }
void WebSocket::pause_reading() { impl_->set_paused(true); }
void WebSocket::resume_reading() { impl_->resume(); }
bool WebSocket::unread() const { return impl_->unread(); }

}  // namespace intent::net
