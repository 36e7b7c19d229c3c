// The server's HTTP connections.
#include "net/impl/server_core.hpp"
#include "text/ascii.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace intent::net {

namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

namespace {

bool clean(std::string_view text) {
    return std::none_of(text.begin(), text.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; });
}

bool has_body(int status) { return status >= 200 && status != 204 && status != 304; }

int status_of(const error_code& error) {
    if (error == http::error::header_limit) return 431;
    return 400;
}

// Malformed, as opposed to cut off.
bool is_malformed(const error_code& error) {
    return error.category() == make_error_code(http::error::bad_method).category() &&
           error != http::error::end_of_stream && error != http::error::partial_message;
}

ServerResponse plain_answer(int status, std::string text) {
    return {.status = status, .headers = {{"content-type", "text/plain"}}, .body = std::move(text) + "\n"};
}

// 16 bytes as base64 (RFC 6455, 4.2.1).
bool is_websocket_key(std::string_view key) {
    constexpr std::size_t digits = 22;
    return key.size() == digits + 2 && key.ends_with("==") &&
           std::all_of(key.begin(), key.begin() + digits, [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
                      c == '/';
           });
}

// Problems that the parser accepts but that would make the rest of the connection ambiguous.
std::optional<ServerResponse> problem_of(const http::request<http::string_body>& head) {
    const auto [coding, codings_end] = head.equal_range(http::field::transfer_encoding);
    if (coding != codings_end && (std::next(coding) != codings_end || !beast::iequals(coding->value(), "chunked")))
        return plain_answer(501, "Transfer-Encoding: only chunked is supported");
    if (!beast::websocket::is_upgrade(head)) return std::nullopt;
    const auto [key, keys_end] = head.equal_range(http::field::sec_websocket_key);
    const bool one_key = key != keys_end && std::next(key) == keys_end;
    if (!one_key || !is_websocket_key({key->value().data(), key->value().size()}))
        return plain_answer(400, "Sec-WebSocket-Key: expected one, 16 bytes in base64");
    return std::nullopt;
}

class HttpConnection : public ServerConnection, public std::enable_shared_from_this<HttpConnection> {
public:
    HttpConnection(std::shared_ptr<ServerCore> core, ServerStream stream)
        : core_(std::move(core)), stream_(std::move(stream)) {}
    ~HttpConnection() override { core_->remove(this); }

    void start() {
        core_->add(shared_from_this());
        error_code error;
        const auto peer = stream_->tcp().socket().remote_endpoint(error);
        if (!error) peer_ = peer.address().to_string();
        if (!stream_->tls()) return read_header();
        stream_->tcp().expires_after(core_->options().handshake_timeout);
        stream_->tls()->async_handshake(boost::asio::ssl::stream_base::server,
                                        [self = shared_from_this()](const error_code& failed) {
                                            if (!failed) self->read_header();
                                        });
    }

    void abandon() override {
        if (stream_) stream_->cut();
    }

private:
    void read_header() {
        parser_.emplace();
        parser_->header_limit(static_cast<std::uint32_t>(core_->options().max_header_bytes));
        parser_->body_limit(boost::none);  // set once the header is known
        stream_->tcp().expires_after(core_->options().idle_timeout);
        http::async_read_header(*stream_, buffer_, *parser_,
                                [self = shared_from_this()](const error_code& error, std::size_t) {
                                    if (error) return self->on_read_failed(error);
                                    self->on_header();
                                });
    }

    void on_header() {
        if (!core_->handler()) return;
        request_ = take_head();
        if (auto problem = problem_of(parser_->get())) return refuse(*std::move(problem));
        if (auto answer = core_->handler()->turn_away(request_)) return refuse(*std::move(answer));
        const auto limit = core_->handler()->body_limit(request_).value_or(core_->options().max_body_bytes);
        if (parser_->content_length().value_or(0) > limit) return refuse_body();
        parser_->body_limit(limit);
        if (!beast::iequals(parser_->get()[http::field::expect], "100-continue")) return read_body();
        go_on_ = {http::status::continue_, 11};
        http::async_write(*stream_, go_on_, [self = shared_from_this()](const error_code& error, std::size_t) {
            if (!error) self->read_body();
        });
    }

    void read_body() {
        http::async_read(*stream_, buffer_, *parser_,
                         [self = shared_from_this()](const error_code& error, std::size_t) {
                             if (error) return self->on_read_failed(error);
                             self->on_request();
                         });
    }

    void on_read_failed(const error_code& error) {
        if (!core_->handler()) return;
        if (error == http::error::end_of_stream) return shut_down();
        if (!is_malformed(error)) return;
        if (error == http::error::body_limit) return refuse_body();
        keep_alive_ = false;
        head_ = false;
        const int status = status_of(error);
        write(plain_answer(status, error.message()));
    }

    void refuse_body() { refuse(core_->handler()->on_body_too_large(request_)); }

    // Does not read a body that has not arrived yet.
    void refuse(ServerResponse answer) {
        keep_alive_ = false;
        body_follows_ = true;
        head_ = parser_->get().method() == http::verb::head;
        write(std::move(answer));
    }

    ServerRequest take_head() {
        const auto& message = parser_->get();
        ServerRequest request;
        request.method = std::string(message.method_string());
        const std::string_view target(message.target().data(), message.target().size());
        const auto mark = target.find('?');
        request.path = std::string(target.substr(0, mark));
        if (mark != target.npos) request.query = std::string(target.substr(mark + 1));
        for (const auto& field : message)
            request.headers.emplace_back(text::lower_case({field.name_string().data(), field.name_string().size()}),
                                         std::string(field.value()));
        request.peer = peer_;
        return request;
    }

    void on_request() {
        if (!core_->handler()) return;
        stream_->tcp().expires_never();  // the response may take any time
        auto request = std::move(request_);
        keep_alive_ = parser_->get().keep_alive();
        head_ = parser_->get().method() == http::verb::head;
        if (beast::websocket::is_upgrade(parser_->get())) {
            // The request's packet may also contain frames.
            const auto rest = buffer_.data();
            stream_->give_back({static_cast<const char*>(rest.data()), rest.size()});
            buffer_.clear();
            auto returned = serve_socket(core_, std::move(*stream_), parser_->get(), request);
            stream_.reset();
            if (!returned) return;
            stream_.emplace(std::move(*returned));
            return write(plain_answer(404, "no WebSocket here"));
        }
        request.body = std::move(parser_->get().body());
        const auto number = ++request_number_;
        auto respond = [number, self = shared_from_this()](ServerResponse response) mutable {
            // The first response releases the connection: the user may keep `respond` for longer.
            const auto connection = std::move(self);
            if (connection && connection->core_->handler() && connection->request_number_ == number)
                connection->write(std::move(response));
        };
        core_->handler()->on_request(std::move(request), std::move(respond));
    }

    void write(ServerResponse answer) {
        if (answer.cut) return abandon();
        response_ = {};
        response_.version(11);
        response_.result(static_cast<unsigned>(answer.status));
        for (const auto& [name, value] : answer.headers)
            if (clean(name) && clean(value)) response_.insert(name, value);
        response_.keep_alive(keep_alive_);
        if (has_body(answer.status)) {
            response_.content_length(answer.body.size());
            if (answer.cut_after) answer.body.resize(std::min(*answer.cut_after, answer.body.size()));
            if (!head_) response_.body() = std::move(answer.body);
        }
        stream_->tcp().expires_after(core_->options().idle_timeout);
        const bool cut = answer.cut_after.has_value();
        http::async_write(*stream_, response_, [cut, self = shared_from_this()](const error_code& error, std::size_t) {
            if (error || !self->core_->handler()) return;
            if (cut) return self->abandon();
            if (!self->keep_alive_) return self->shut_down();
            self->read_header();
        });
    }

    void shut_down() {
        // TLS cannot be shut down while the peer is sending: the peer closes once it has the response.
        if (stream_->tls() && body_follows_) return drain();
        if (stream_->tls()) {
            stream_->tcp().expires_after(core_->options().handshake_timeout);
            return stream_->tls()->async_shutdown([self = shared_from_this()](const error_code&) { self->abandon(); });
        }
        error_code ignored;
        stream_->tcp().socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
        drain();
    }

    // Reads the peer's remaining bytes for a short while: closing with unread bytes would reset the connection and
    // could destroy our response.
    void drain() {
        stream_->tcp().expires_after(std::chrono::seconds(2));
        drain_more();
    }

    void drain_more() {
        buffer_.clear();
        stream_->async_read_some(buffer_.prepare(4096),
                                 [self = shared_from_this()](const error_code& error, std::size_t) {
                                     if (error) return self->abandon();
                                     self->drain_more();
                                 });
    }

    std::shared_ptr<ServerCore> core_;
    std::optional<ServerStream> stream_;  // empty once it serves a WebSocket
    std::string peer_;
    beast::flat_buffer buffer_;
    ServerRequest request_;  // the head, while the body is being read
    std::optional<http::request_parser<http::string_body>> parser_;
    http::response<http::empty_body> go_on_;
    http::response<http::string_body> response_;
    bool keep_alive_ = false;
    bool head_ = false;
    bool body_follows_ = false;  // of a refused request; it may still arrive
    std::uint64_t request_number_ = 0;
};

}  // namespace

void serve_http(std::shared_ptr<ServerCore> core, ServerStream stream) {
    std::make_shared<HttpConnection>(std::move(core), std::move(stream))->start();
}

}  // namespace intent::net
