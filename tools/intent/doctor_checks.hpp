// What `intent doctor` looks at.
#pragma once

#include "tools/intent/connection.hpp"

#include <chrono>
#include <functional>
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
    Finding check_token();
    /// The name of the host in a URL, looked up.
    Finding check_name(const std::string& check, const std::string& url, bool web_socket);
    void check_rest();
    void check_clock(const std::string& date, std::chrono::system_clock::time_point middle);
    void check_gateway();
    void tell(Finding finding);

    const Connection& connection_;
    std::chrono::milliseconds timeout_;
    std::function<bool(const Finding&)> tell_;
    bool ended_ = false;
    intent::ClientOptions options_ = {};
};

}  // namespace tool
