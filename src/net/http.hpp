// The REST API's transport: HTTP requests over a pool of persistent connections, independent of their meaning.
#pragma once

#include "net/loop.hpp"
#include "net/proxy.hpp"
#include "net/websocket.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace intent::net {

struct HttpRequest {
    std::string method;  ///< "GET"
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string body = {};
    Duration timeout = std::chrono::seconds(15);  ///< for connecting, sending, headers and body together
};

struct HttpResponse {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers = {};  ///< names in lower case
    std::string body = {};
};

struct HttpFailure {
    enum class Kind { connect, timeout, broken, too_large, tls };
    Kind kind = Kind::connect;
    bool request_sent = false;  ///< a byte of the request may have reached the server
    std::string text = {};      ///< without the URL's query
};

using HttpResult = std::variant<HttpResponse, HttpFailure>;

struct HttpOptions {
    TlsOptions tls = {};
    ProxyRules proxy = {};  ///< https:// goes through a proxy by CONNECT, http:// as a request to the proxy
    std::string user_agent = "intent-cpp";
    std::size_t max_body_bytes = 16u << 20;
    std::size_t max_header_bytes = 64u << 10;
};

/// Sends HTTP requests concurrently over a pool of persistent connections (HTTP/2 where the server offers it). Does
/// not follow redirects or read the environment.
///
/// A lack of memory in a callback from curl ends the process.
///
/// Threads: the loop's thread only.
class HttpClient {
public:
    HttpClient(Loop& loop, HttpOptions options);
    ~HttpClient();  ///< drops all transfers without calling `done`
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    using Id = std::uint64_t;

    /// Starts a transfer. Calls `done` once, later, on the loop's thread, unless the transfer is cancelled first.
    Id start(HttpRequest request, std::function<void(HttpResult)> done);

    /// Drops a transfer without calling its `done`. Unknown ids are ignored.
    void cancel(Id id);

private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace intent::net
