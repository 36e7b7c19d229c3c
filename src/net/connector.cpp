#include "net/impl/connector.hpp"

#include <netdb.h>

#include <system_error>
#include <thread>
#include <utility>

namespace intent::net {

using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto attempt_stagger = std::chrono::milliseconds(250);

// Blocks for as long as the system's resolver likes.
std::string blocking_look_up(const std::string& host, std::uint16_t port, std::vector<tcp::endpoint>& found) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    const int status = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &list);
    if (status != 0) return "the name look-up failed: " + std::string(gai_strerror(status));
    for (const addrinfo* entry = list; entry; entry = entry->ai_next) {
        tcp::endpoint endpoint;
        if (entry->ai_addrlen > endpoint.capacity()) continue;
        endpoint.resize(entry->ai_addrlen);
        std::copy_n(reinterpret_cast<const char*>(entry->ai_addr), entry->ai_addrlen,
                    reinterpret_cast<char*>(endpoint.data()));
        found.push_back(endpoint);
    }
    freeaddrinfo(list);
    return found.empty() ? "the name has no address" : "";
}

// The system's order, but the families in turn: when one of them does not work here, the other is not far.
std::vector<tcp::endpoint> interleave(const std::vector<tcp::endpoint>& found) {
    std::vector<tcp::endpoint> kinds[2];
    for (const auto& endpoint : found)
        kinds[endpoint.protocol() == found.front().protocol() ? 0 : 1].push_back(endpoint);
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
    error_code error;
    const auto address = boost::asio::ip::make_address(host, error);
    if (error) return look_up(host, port);
    boost::asio::post(loop_.io, [self = shared_from_this(), address, port] { self->on_found("", {{address, port}}); });
}

// On a thread of its own that nobody waits for: getaddrinfo can take many seconds and cannot be interrupted, and
// neither the loop nor its end may hang on it.
void Connector::look_up(const std::string& host, std::uint16_t port) {
    looking_up_ = true;
    try {
        std::thread([host, port, gate = loop_.gate, weak = weak_from_this()] {
            std::vector<tcp::endpoint> found;
            auto error = blocking_look_up(host, port, found);
            gate->post([weak, error = std::move(error), found = std::move(found)]() mutable {
                if (const auto self = weak.lock()) self->on_found(std::move(error), std::move(found));
            });
        }).detach();
    } catch (const std::system_error& failure) {
        boost::asio::post(loop_.io, [self = shared_from_this(), text = std::string(failure.what())] {
            self->on_found("the name look-up failed: " + text, {});
        });
    }
}

void Connector::on_found(std::string error, std::vector<Endpoint> found) {
    looking_up_ = false;
    if (!done_) return;
    if (!error.empty()) return finish(std::move(error), tcp::socket(loop_.io));
    endpoints_ = interleave(found);
    try_next();
}

void Connector::try_next() {
    const auto index = attempts_.size();
    if (index == endpoints_.size()) return;
    attempts_.push_back(std::make_unique<tcp::socket>(loop_.io));
    attempts_[index]->async_connect(endpoints_[index], [self = shared_from_this(), index](const error_code& error) {
        self->on_tried(index, error);
    });
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
