// Sends control requests to a running sandbox (docs/sandbox-control.md).
#pragma once

#include "tools/intent/support/http.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tool {

/// The address of the sandbox: a flag, else INTENT_REST_URL, else http://localhost:8080.
struct SandboxAddress {
    std::optional<std::string> url = {};
};

/// Adds the flag to a command. `address` must outlive it.
void add_address_flag(CLI::App& command, SandboxAddress& address);

/// The sandbox does not answer, or refuses the request.
class ControlError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// The sandbox does not answer: it may be restarting.
class Unreachable : public ControlError {
public:
    using ControlError::ControlError;
};

/// Controls a sandbox. Every call throws ControlError (status 1) unless it succeeds.
///
/// Threads: one thread.
class Control {
public:
    /// Errors: WrongUsage for an invalid address.
    explicit Control(const SandboxAddress& address);

    struct Request {
        std::string method = "GET";
        std::string path;  ///< below /_sandbox/v1, e.g. "/state"
        std::string body = {};
        std::string content_type = "application/json";
        std::chrono::milliseconds timeout = std::chrono::seconds(60);
    };
    intent::net::HttpResponse call(Request request);

    boost::json::value get(const std::string& path);
    boost::json::value post(const std::string& path, const boost::json::value& body);
    void remove(const std::string& path);

    /// "http://localhost:8080"
    const std::string& origin() const { return origin_; }
    Http& http() { return http_; }

private:
    std::string origin_;
    Http http_;
};

/// `text` as one segment of a path or one value of a query.
std::string percent_encoded(std::string_view text);

/// A header of a response; unset if missing. `name` must be in lower case.
std::optional<std::string> header(const intent::net::HttpResponse& answer, std::string_view name);

}  // namespace tool
