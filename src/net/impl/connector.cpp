#include "net/impl/connector.hpp"

#include "net/impl/descriptors.hpp"
#include "net/impl/resolver.hpp"

#include <utility>

namespace intent::net {

using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto attempt_stagger = std::chrono::milliseconds(250);
// Clients that start within this time share an answer. Short, because a server may have moved when a client
// reconnects.
constexpr auto max_address_age = std::chrono::seconds(5);

using Addresses = std::vector<boost::asio::ip::address>;

// The system's order, but with alternating families: if one does not work here, the other follows soon.
std::vector<tcp::endpoint> interleave(const Addresses& found, std::uint16_t port) {
    std::vector<tcp::endpoint> kinds[2];
    for (const auto& address : found)
        kinds[address.is_v4() == found.front().is_v4() ? 0 : 1].emplace_back(address, port);
    std::vector<tcp::endpoint> result;
    for (std::size_t i = 0; i < found.size(); ++i)
        for (const auto& kind : kinds)
            if (i < kind.size()) result.push_back(kind[i]);
    return result;
}

}  // namespace

Connector::Connector(Loop::Impl& loop) : loop_(loop), stagger_(loop.io) {}

void Connector::start(const std::string& host, std::uint16_t port, Done done) {
    done_ = std::move(done);
    port_ = port;
    error_code error;
    const auto address = boost::asio::ip::make_address(host, error);
    if (!error) return found_at_once({address});
    auto& resolver = Resolver::shared();
    auto known = resolver.known(host);
    if (known && known->age < max_address_age) return found_at_once(std::move(known->addresses));
    looking_up_ = true;
    resolver.look_up(host, weak_from_this(), [gate = loop_.gate, weak = weak_from_this()](const auto& answer) {
        gate->post([weak, answer] {
            if (const auto self = weak.lock()) self->on_found(answer.error, answer.addresses);
        });
    });
}

void Connector::found_at_once(Addresses addresses) {
    boost::asio::post(loop_.io,
                      [self = shared_from_this(), addresses = std::move(addresses)] { self->on_found("", addresses); });
}

void Connector::on_found(const std::string& error, const Addresses& addresses) {
    looking_up_ = false;
    if (!done_) return;
    if (!error.empty()) return finish(error, tcp::socket(loop_.io));
    endpoints_ = interleave(addresses, port_);
    try_next();
}

void Connector::try_next() {
    const auto index = attempts_.size();
    if (index == endpoints_.size()) return;
    auto& socket = *attempts_.emplace_back(std::make_unique<tcp::socket>(loop_.io));
    const auto tried = [self = shared_from_this(), index](const error_code& error) { self->on_tried(index, error); };
    error_code opening;
    open_socket(socket, endpoints_[index].protocol(), opening);
    if (opening)
        boost::asio::post(loop_.io, [tried, opening] { tried(opening); });
    else
        socket.async_connect(endpoints_[index], tried);
    stagger_.expires_after(attempt_stagger);
    stagger_.async_wait([self = shared_from_this()](const error_code& cancelled) {
        if (!cancelled && self->done_) self->try_next();
    });
}

void Connector::on_tried(std::size_t index, const error_code& error) {
    if (!done_) return;
    if (!error) return finish("", std::move(*attempts_[index]));
    ++failed_;
    if (first_error_.empty()) {
        first_error_ = error.message();
        if (endpoints_.size() > 1) first_error_ += " (" + endpoints_[index].address().to_string() + ")";
    }
    if (attempts_.size() < endpoints_.size()) return try_next();
    if (failed_ < endpoints_.size()) return;
    if (failed_ > 1) first_error_ += ", and " + std::to_string(failed_ - 1) + " more addresses failed";
    finish(first_error_, tcp::socket(loop_.io));
}

void Connector::finish(std::string error, tcp::socket socket) {
    const auto done = std::exchange(done_, nullptr);
    cancel();
    done(std::move(error), std::move(socket));
}

void Connector::cancel() {
    done_ = nullptr;
    stagger_.cancel();
    attempts_.clear();
}

}  // namespace intent::net
