// A small HTTP proxy in the test's own process.
#pragma once

#include "tests/support/net_peer.hpp"
#include "tests/support/net_wait.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace intent::test {

/// Supports CONNECT and requests with an absolute URL. Whatever host is requested, it connects to that port of this
/// machine: a test may use names that do not exist, which proves that the client left the look-up to the proxy.
class ConnectProxy {
public:
    /// `credentials` ("user:password" in base64) are required; empty: none are.
    explicit ConnectProxy(std::string credentials = {});

    std::string url(std::string_view user_info = {}) const;
    std::uint16_t port() const { return peer_.port(); }
    int connections() const { return peer_.connections(); }

    /// Heads of the requests so far.
    std::vector<std::string> heads();

private:
    void serve(PeerConnection& connection);

    const std::string credentials_;
    Monitor monitor_;
    std::vector<std::string> heads_;
    ScriptedPeer peer_;
};

}  // namespace intent::test
