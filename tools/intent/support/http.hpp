// HTTP for commands that go step by step.
#pragma once

#include "net/http.hpp"
#include "net/proxy.hpp"

#include <chrono>
#include <exception>
#include <memory>

namespace tool {

/// SIGINT or SIGTERM came while a command waited.
class Interrupted : public std::exception {
public:
    const char* what() const noexcept override { return "interrupted"; }
};

/// Requests one after the other, on a loop of its own.
///
/// Threads: one thread.
class Http {
public:
    /// Through the proxies that the environment names.
    Http();
    explicit Http(intent::net::ProxyRules proxy);
    ~Http();
    Http(const Http&) = delete;
    Http& operator=(const Http&) = delete;

    /// Waits for the answer. Errors: Interrupted, after `heed_signals`.
    intent::net::HttpResult call(intent::net::HttpRequest request);

    /// Waits. Errors: Interrupted, after `heed_signals`.
    void pause(std::chrono::milliseconds time);

    /// From now on SIGINT and SIGTERM end `call` and `pause`, and all later ones, in place of the process.
    void heed_signals();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace tool
