// The server's WebSocket connections.
#include "net/impl/server_core.hpp"
#include "net/transit.hpp"
#include "text/utf8.hpp"
#include "websocket/protocol.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <cstdint>
#include <deque>
#include <limits>
#include <utility>

namespace intent::net {

namespace beast = boost::beast;
namespace websocket = beast::websocket;
using boost::system::error_code;

namespace {

constexpr std::size_t read_bytes = 64u << 10;

class SocketConnection : public ServerSocket,
                         public ServerConnection,
                         public std::enable_shared_from_this<SocketConnection> {
public:
    using UpgradeRequest = beast::http::request<beast::http::string_body>;

    SocketConnection(std::shared_ptr<ServerCore> core, ServerStream stream, std::shared_ptr<Transit> transit)
        : core_(std::move(core)),
          transit_(std::move(transit)),
          ws_(std::move(stream)),
          close_timer_(ws_.get_executor()) {}
    ~SocketConnection() override { core_->remove(this); }

    ServerStream take_stream() {
        closing_ = true;
        return std::move(ws_.next_layer());
    }

    void start(const UpgradeRequest& upgrade, std::unique_ptr<ServerSocketHandler> handler) {
        handler_ = std::move(handler);
        if (transit_) transit_->join();
        core_->add(shared_from_this());
        ws_.next_layer().tcp().expires_never();
        ws_.set_option(
            websocket::stream_base::timeout{core_->options().handshake_timeout, websocket::stream_base::none(), false});
        // on_read enforces the limit, so that the handler may choose the close code. This limit only refuses a length
        // with the top bit set, which RFC 6455 forbids, instead of waiting for that many bytes.
        ws_.read_message_max(std::numeric_limits<std::int64_t>::max());
        ws_.auto_fragment(false);
        // Called while reading, so this connection is alive.
        ws_.control_callback([this](websocket::frame_type kind, beast::string_view) {
            if (kind == websocket::frame_type::pong) on_pong();
        });
        ws_.async_accept(upgrade, [self = shared_from_this()](const error_code& error) {
            if (error) return self->finish(1006, error.message());
            self->open_ = true;
            self->read();
            self->write_next();
        });
    }

    void abandon() override {
        closing_ = true;
        if (!in_handler_) handler_.reset();  // otherwise destroyed when its call returns
        abandoned_ = true;
        ws_.next_layer().cut();
        if (transit_) transit_->gone(Transit::End::server);
    }

    void send_binary(std::vector<std::uint8_t> message) override {
        push({.kind = Item::binary_message, .bytes = std::move(message)});
    }

    void send_text(std::string message) override {
        push({.kind = Item::text_message, .bytes = {message.begin(), message.end()}});
    }

    void close(std::uint16_t code, std::string reason) override {
        reason.resize(text::utf8_prefix(reason, intent::websocket::max_close_reason).size());
        if (closing_) return;
        push({.kind = Item::close_frame, .code = code, .reason = std::move(reason)});
        begin_to_close();
        cut_later();
    }

    void cut() override {
        begin_to_close();
        ws_.next_layer().cut();
    }

    void ping() override {
        if (!open_ || closing_ || pinged_) return;
        pinged_ = now();
        ws_.async_ping({}, [self = shared_from_this()](const error_code&) {});
    }

    std::size_t queued_bytes() const override { return queued_bytes_; }
    bool follows_clock() const override { return transit_ && !transit_->to_stranger(); }

private:
    struct Item {
        enum Kind { binary_message, text_message, close_frame } kind = binary_message;
        std::vector<std::uint8_t> bytes = {};
        std::uint16_t code = 0;
        std::string reason = {};
    };

    void begin_to_close() {
        closing_ = true;
        if (transit_) transit_->ended(Transit::End::server);
    }

    void push(Item item) {
        if (closing_) return;
        if (transit_ && item.kind != Item::close_frame) transit_->sent(Transit::End::server);
        queued_bytes_ += item.bytes.size();
        queue_.push_back(std::move(item));
        write_next();
    }

    // The close frame waits behind the queued data, which a peer that does not read never takes.
    void cut_later() {
        close_timer_.expires_after(core_->options().handshake_timeout);
        close_timer_.async_wait([weak = weak_from_this()](const error_code& cancelled) {
            const auto self = weak.lock();
            if (!cancelled && self) self->ws_.next_layer().cut();
        });
    }

    void write_next() {
        if (!open_ || writing_ || queue_.empty()) return;
        writing_ = true;
        Item& item = queue_.front();
        if (item.kind == Item::close_frame) return write_close(item);
        ws_.binary(item.kind == Item::binary_message);
        ws_.async_write(boost::asio::buffer(item.bytes),
                        [self = shared_from_this()](const error_code& error, std::size_t) {
                            if (error) return;  // reading detects and reports it too
                            self->queued_bytes_ -= self->queue_.front().bytes.size();
                            self->queue_.pop_front();
                            self->writing_ = false;
                            if (self->transit_) self->transit_->written();
                            self->write_next();
                        });
    }

    void write_close(const Item& item) {
        close_sent_ = true;
        const websocket::close_reason reason(static_cast<websocket::close_code>(item.code), item.reason);
        ws_.async_close(item.code == 0 ? websocket::close_reason() : reason,
                        [self = shared_from_this()](const error_code& error) {
                            self->close_sent_ = false;
                            self->end(error ? error : make_error_code(websocket::error::closed));
                        });
    }

    void read() {
        ws_.async_read_some(buffer_, read_bytes, [self = shared_from_this()](const error_code& error, std::size_t) {
            if (error) return self->end(error);
            try {
                self->on_read();
            } catch (...) {
                self->cut();
                self->read();
                throw;
            }
            self->read();
        });
    }

    void on_read() {
        const auto data = buffer_.data();
        if (closing_ || !handler_) return buffer_.clear();
        if (buffer_.size() > core_->options().max_message_bytes) {
            buffer_.clear();
            call_handler([](ServerSocketHandler& handler) { handler.on_too_large(); });
            return close(1009, "message too large");
        }
        if (!ws_.is_message_done()) return;
        const std::span message(static_cast<const std::uint8_t*>(data.data()), data.size());
        call_handler([&](ServerSocketHandler& handler) { handler.on_message(message, ws_.got_binary()); });
        buffer_.clear();
        if (transit_) transit_->handled(Transit::End::server);
    }

    void on_pong() {
        if (!pinged_ || closing_ || !handler_) return;
        const Duration taken = now() - *std::exchange(pinged_, std::nullopt);
        call_handler([&](ServerSocketHandler& handler) { handler.on_pong(taken); });
    }

    template <class Call>
    void call_handler(Call&& call) {
        struct Guard {
            SocketConnection& self;
            ~Guard() {
                self.in_handler_ = false;
                if (self.abandoned_) self.handler_.reset();
            }
        };
        in_handler_ = true;
        const Guard guard{*this};
        call(*handler_);
    }

    void end(const error_code& error) {
        if (close_sent_) return;  // the close handshake ends it, within its deadline
        if (error != websocket::error::closed) return finish(1006, error.message());
        const auto& reason = ws_.reason();
        finish(reason.code == websocket::close_code::none ? 1005 : static_cast<int>(reason.code),
               std::string_view(reason.reason.data(), reason.reason.size()));
    }

    void finish(int code, std::string_view reason) {
        closing_ = true;
        close_timer_.cancel();
        if (abandoned_) return;
        if (const auto handler = std::exchange(handler_, nullptr)) handler->on_closed(code, reason);
        if (transit_) transit_->gone(Transit::End::server);
        ws_.next_layer().cut();
    }

    std::shared_ptr<ServerCore> core_;
    const std::shared_ptr<Transit> transit_;  // null: the system's clock
    websocket::stream<ServerStream, false> ws_;
    boost::asio::steady_timer close_timer_;
    std::unique_ptr<ServerSocketHandler> handler_;
    beast::flat_buffer buffer_;
    std::deque<Item> queue_;
    std::size_t queued_bytes_ = 0;
    std::optional<Time> pinged_;  // when the unanswered ping was sent
    bool open_ = false;
    bool writing_ = false;
    bool closing_ = false;  // no message is sent or delivered any more
    bool in_handler_ = false;
    bool abandoned_ = false;
    bool close_sent_ = false;  // the close handshake is under way
};

}  // namespace

std::optional<ServerStream> serve_socket(const std::shared_ptr<ServerCore>& core, ServerStream stream,
                                         const boost::beast::http::request<boost::beast::http::string_body>& upgrade,
                                         const ServerRequest& request) {
    std::shared_ptr<Transit> transit;
    if (core->clock()) {
        transit = Transit::find(core->clock(), request.header(Transit::header));
        if (!transit) transit = Transit::open_to_stranger(core->clock(), Work::connection);
    }
    auto connection = std::make_shared<SocketConnection>(core, std::move(stream), std::move(transit));
    auto handler = core->handler()->on_socket(request, connection);
    if (!handler) return connection->take_stream();
    connection->start(upgrade, std::move(handler));
    return std::nullopt;
}

}  // namespace intent::net
