#include "net/server.hpp"

#include "net/impl/descriptors.hpp"
#include "net/impl/server_core.hpp"

#include <boost/asio/ip/v6_only.hpp>

#include <system_error>
#include <utility>
#include <vector>

namespace intent::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr int max_accepts_in_turn = 64;  // then other connections have their turn

std::string place(const ServerOptions& options) {
    const bool v6 = options.host.find(':') != std::string::npos;
    return (v6 ? "[" + options.host + "]" : options.host) + ":" + std::to_string(options.port);
}

void check(const error_code& error, const std::string& what) {
    // system_error appends the code's own text after a colon.
    if (error) throw std::system_error(std::error_code(error), what);
}

tcp::endpoint resolve(asio::io_context& io, const ServerOptions& options) {
    error_code error;
    const auto address = asio::ip::make_address(options.host, error);
    if (!error) return {address, options.port};
    tcp::resolver resolver(io);
    const auto found = resolver.resolve(options.host, std::to_string(options.port), tcp::resolver::passive, error);
    check(error, place(options));
    return found.begin()->endpoint();
}

}  // namespace

std::string_view ServerRequest::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (key == name) return value;
    return {};
}

ServerCore::ServerCore(Loop& loop, const ServerOptions& options, ServerHandler& handler)
    : loop_(loop.impl()),
      clock_(loop.clock()),
      options_(options),
      handler_(&handler),
      acceptor_(loop_.io),
      retry_(loop_.io) {
    if (!options_.certificate_file.empty() && !options_.private_key_file.empty()) {
        error_code error;
        tls_.emplace(asio::ssl::context::tls_server);
        tls_->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                          asio::ssl::context::no_tlsv1_1);
        tls_->use_certificate_chain_file(options_.certificate_file, error);
        check(error, "certificate " + options_.certificate_file);
        tls_->use_private_key_file(options_.private_key_file, asio::ssl::context::pem, error);
        check(error, "private key " + options_.private_key_file);
    }
    listen();
}

void ServerCore::listen() {
    const auto endpoint = resolve(loop_.io, options_);
    error_code error;
    open_acceptor(acceptor_, endpoint.protocol(), error);
    check(error, place(options_));
    acceptor_.set_option(asio::socket_base::reuse_address(true), error);
    check(error, place(options_));
    acceptor_.bind(endpoint, error);
    check(error, place(options_));
    acceptor_.listen(asio::socket_base::max_listen_connections, error);
    check(error, place(options_));
    acceptor_.non_blocking(true, error);
    check(error, place(options_));
    port_ = acceptor_.local_endpoint(error).port();
    check(error, place(options_));
}

void ServerCore::start() { accept(); }

// Waits, then accepts with our own call: programs started meanwhile would inherit a socket from Asio's accept.
void ServerCore::accept() {
    acceptor_.async_wait(tcp::acceptor::wait_read, [self = shared_from_this()](error_code error) {
        if (self->ended_) return;
        try {
            if (!error) self->accept_waiting(error);
        } catch (...) {  // out of memory for that connection: later ones may succeed
            self->accept();
            throw;
        }
        if (!error) return self->accept();
        // Probably out of descriptors: some may be free again soon.
        self->retry_.expires_after(std::chrono::milliseconds(100));
        self->retry_.async_wait([self](const error_code& cancelled) {
            if (!cancelled && !self->ended_) self->accept();
        });
    });
}

void ServerCore::accept_waiting(error_code& error) {
    for (int i = 0; i < max_accepts_in_turn; ++i) {
        tcp::socket socket = accept_socket(acceptor_, error);
        if (error == asio::error::would_block || error == asio::error::try_again) break;
        if (error == asio::error::connection_aborted || error == asio::error::interrupted) continue;
        if (error) return;
        if (is_full()) continue;  // closes it
        error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        serve_http(shared_from_this(), ServerStream(std::move(socket), tls_ ? &*tls_ : nullptr));
        if (ended_) break;
    }
    error = {};
}

void ServerCore::end() {
    ended_ = true;
    handler_ = nullptr;
    error_code ignored;
    acceptor_.close(ignored);
    retry_.cancel();
    std::vector<std::shared_ptr<ServerConnection>> living;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [key, connection] : connections_)
            if (auto held = connection.lock()) living.push_back(std::move(held));
    }
    for (const auto& connection : living)
        connection->abandon();
}

struct Server::Impl {
    Loop::Impl& loop;
    std::shared_ptr<ServerCore> core;
};

Server::Server(Loop& loop, const ServerOptions& options, ServerHandler& handler)
    : impl_(new Impl{loop.impl(), std::make_shared<ServerCore>(loop, options, handler)}) {
    loop.impl().post([core = impl_->core] { core->start(); });
}

Server::~Server() {
    impl_->loop.call_and_wait([core = impl_->core] { core->end(); });
}

std::uint16_t Server::port() const noexcept { return impl_->core->port(); }

}  // namespace intent::net
