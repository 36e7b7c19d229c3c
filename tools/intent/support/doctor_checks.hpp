// The checks of `intent doctor`.
#pragma once

#include "net/proxy.hpp"
#include "tools/intent/support/connection.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace tool {

struct Finding {
    enum class State { ok, warning, problem, skipped };
    std::string check;  ///< "gateway"
    State state = State::ok;
    std::string text = {};    ///< the result
    std::string advice = {};  ///< how to fix it
    bool refused = false;     ///< the token was refused
};

/// Threads: one thread.
class Doctor {
public:
    Doctor(const Connection& connection, std::chrono::milliseconds timeout)
        : connection_(connection), timeout_(timeout) {}

    /// Runs all checks in order and passes each finding to `on_finding` at once. Ends early if it returns
    /// false.
    void examine(const std::function<bool(const Finding&)>& on_finding);

private:
    /// A host and the proxy to reach it.
    struct Way {
        intent::net::Url url;
        std::optional<intent::net::ProxyAddress> proxy = {};
        bool known = false;  ///< the name of the host or proxy has an address
    };

    Finding check_token();
    /// Checks the proxy for a URL, if there is one, and looks up the name.
    Way check_way(const std::string& part, const std::string& url, bool web_socket);
    Finding check_name(const std::string& check, const std::string& host, const std::string& note);
    void check_rest(const Way& way);
    void check_clock(const std::string& date, std::chrono::system_clock::time_point middle);
    void check_gateway(const Way& way);
    /// Connects and waits for Ready, up to the timeout.
    Finding meet(intent::ClientOptions options);
    void report(Finding finding);

    const Connection& connection_;
    std::chrono::milliseconds timeout_;
    std::function<bool(const Finding&)> on_finding_;
    bool ended_ = false;
    intent::ClientOptions options_ = {};
};

}  // namespace tool
