// What `intent doctor` looks at.
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
    std::string text = {};    ///< what was found
    std::string advice = {};  ///< what to do about it
    bool refused = false;     ///< the token was
};

/// Threads: one thread.
class Doctor {
public:
    Doctor(const Connection& connection, std::chrono::milliseconds timeout)
        : connection_(connection), timeout_(timeout) {}

    /// Makes all checks, one after the other, and tells of each at once. Ends early when `tell` gives false.
    void examine(const std::function<bool(const Finding&)>& tell);

private:
    /// A host, and the proxy on the way to it.
    struct Way {
        intent::net::Url url;
        std::optional<intent::net::ProxyAddress> proxy = {};
        bool known = false;  ///< its name, or the proxy's, has an address
    };

    Finding check_token();
    /// Tells of the proxy for a URL, if there is one, and of the name that is to be looked up.
    Way check_way(const std::string& part, const std::string& url, bool web_socket);
    Finding check_name(const std::string& check, const std::string& host, const std::string& note);
    void check_rest(const Way& way);
    void check_clock(const std::string& date, std::chrono::system_clock::time_point middle);
    void check_gateway(const Way& way);
    /// Connects until Ready, or the end of the time.
    Finding meet(intent::ClientOptions options);
    void tell(Finding finding);

    const Connection& connection_;
    std::chrono::milliseconds timeout_;
    std::function<bool(const Finding&)> tell_;
    bool ended_ = false;
    intent::ClientOptions options_ = {};
};

}  // namespace tool
