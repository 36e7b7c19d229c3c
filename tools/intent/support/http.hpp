// Blocking HTTP requests for commands.
#pragma once

#include "net/http.hpp"
#include "net/proxy.hpp"

#include <chrono>
#include <exception>
#include <memory>

namespace tool {

/// SIGINT or SIGTERM arrived while a command waited.
class Interrupted : public std::exception {
public:
    const char* what() const noexcept override { return "interrupted"; }
};

/// Sends one request at a time, on its own loop.
///
/// Threads: one thread.
class Http {
public:
    /// Uses the proxies of the environment.
    Http();
    explicit Http(intent::net::ProxyRules proxy);
    ~Http();
    Http(const Http&) = delete;
    Http& operator=(const Http&) = delete;

    /// Waits for the response. Errors: Interrupted, after `heed_signals`.
    intent::net::HttpResult call(intent::net::HttpRequest request);

    /// Waits. Errors: Interrupted, after `heed_signals`.
    void pause(std::chrono::milliseconds time);

    /// After this call, SIGINT and SIGTERM make current and later `call` and `pause` throw, and do not end the process.
    void heed_signals();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace tool
