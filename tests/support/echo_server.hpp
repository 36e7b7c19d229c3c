// A server that repeats the token of a request in every text that it sends.
#pragma once

#include "net/server.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace intent::test {

/// The token as it is, percent-encoded and JSON-escaped (for tokens that consist of letters, digits and '_').
std::vector<std::string> spellings_of(const std::string& token);

/// REST: GET /v1/raw/N is refused with the N-th spelling in its body, /v1/before/N with that of the token of the
/// request before it, /v1/code/N with it in the code, /v1/users/N with a user whose id it is; /v1/data answers the
/// token as data, a message to channel 2 has it for content, everything else is a 429 whose bucket it is. Gateway: an
/// event with an id of each spelling, text frames, a name, and then a close frame that all hold it; the next connection
/// is refused likewise.
///
/// Threads: those of the loop.
class EchoServer final : public net::ServerHandler {
public:
    EchoServer();
    ~EchoServer() override;

    std::string rest_url() const { return "http://127.0.0.1:" + std::to_string(server_->port()) + "/v1"; }
    std::string gateway_url() const { return "ws://127.0.0.1:" + std::to_string(server_->port()) + "/gateway"; }

    void on_request(net::ServerRequest request, std::function<void(net::ServerResponse)> respond) override;

    std::unique_ptr<net::ServerSocketHandler> on_socket(const net::ServerRequest&,
                                                        std::shared_ptr<net::ServerSocket> socket) override;

private:
    class Connection;

    std::string last_token_;
    net::Loop loop_;
    std::unique_ptr<net::Server> server_;
};

}  // namespace intent::test
