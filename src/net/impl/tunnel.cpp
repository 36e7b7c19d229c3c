#include "net/impl/tunnel.hpp"

#include "net/impl/text.hpp"
#include "net/impl/upgrade.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include <utility>

namespace intent::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t max_answer_bytes = 16u << 10;
constexpr std::size_t answer_read_bytes = 4u << 10;

}  // namespace

std::string proxy_refusal(int status) {
    std::string text = "the proxy refused the connection with status " + std::to_string(status);
    if (status == 407) text += " (it requires a user and a password, or refused them)";
    if (status == 403) text += " (it does not allow this host or port)";
    return text;
}

void Tunnel::start(const std::string& target, const ProxyAddress& proxy, const std::string& user_agent, Done done) {
    done_ = std::move(done);
    request_ = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\nUser-Agent: " + user_agent + "\r\n";
    if (!proxy.user.empty() || !proxy.password.empty())
        request_ += "Proxy-Authorization: Basic " + base64(proxy.user + ":" + proxy.password) + "\r\n";
    request_ += "\r\n";
    asio::async_write(socket_, asio::buffer(request_),
                      [self = shared_from_this()](const error_code& error, std::size_t) {
                          if (error) return self->finish("the proxy ended the connection: " + error.message());
                          self->read();
                      });
}

void Tunnel::read() {
    const auto before = answer_.size();
    answer_.resize(before + answer_read_bytes);
    socket_.async_read_some(asio::buffer(answer_.data() + before, answer_read_bytes),
                            [self = shared_from_this(), before](const error_code& error, std::size_t bytes) {
                                self->answer_.resize(before + bytes);
                                if (error == asio::error::eof)
                                    return self->finish("the proxy ended the connection before it answered");
                                if (error) return self->finish("the proxy ended the connection: " + error.message());
                                self->on_bytes();
                            });
}

void Tunnel::on_bytes() {
    if (!done_) return;
    if (is_no_http(answer_)) return finish("the proxy does not speak HTTP/1.1");
    const auto head = upgrade_head_bytes(answer_);
    if (head == 0) {
        if (answer_.size() > max_answer_bytes) return finish("the head of the proxy's answer is too large");
        return read();
    }
    const int status = upgrade_status(answer_);
    if (status < 200 || status > 299) return finish(proxy_refusal(status));
    // The client speaks first, with TLS and without, so these bytes are not from the server.
    if (answer_.size() > head) return finish("the proxy sent extra bytes after its answer");
    finish({});
}

void Tunnel::finish(std::string error) {
    const auto done = std::exchange(done_, nullptr);
    if (done) done(std::move(error), std::move(socket_));
}

void Tunnel::cancel() {
    done_ = nullptr;
    error_code ignored;
    socket_.close(ignored);
}

}  // namespace intent::net
