// A connection to a broker that speaks its text protocol byte by byte: what a worker is refused must not depend on a
// client library.
#pragma once

#include "tests/support/raw_connection.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace intent::test {

/// A connection of one user.
class NatsUser {
public:
    NatsUser(std::uint16_t port, const std::string& user, const std::string& password) : connection_(port) {
        const std::string login = user.empty() ? "" : ",\"user\":\"" + user + "\",\"pass\":\"" + password + "\"";
        connection_.send(
            "CONNECT {\"verbose\":false,\"pedantic\":false,\"headers\":true,\"no_responders\":true,"
            "\"protocol\":1,\"lang\":\"test\",\"version\":\"1\"" +
            login + "}\r\n");
        welcome_ = synchronise();
    }

    /// What the broker answered to the login; contains "PONG" if it accepted.
    const std::string& welcome() const { return welcome_; }
    bool accepted() const { return welcome_.find("PONG") != std::string::npos; }

    /// Everything that came since the last operation, after the broker has processed what was sent.
    std::string synchronise() {
        mark_ = seen_;
        connection_.send("PING\r\n");
        const std::string all = connection_.read_from("PONG\r\n", mark_);
        seen_ = all.size();
        return all.substr(mark_);
    }

    std::string publish(const std::string& subject, const std::string& body = {}, const std::string& reply = {}) {
        connection_.send("PUB " + subject + (reply.empty() ? "" : " " + reply) + " " + std::to_string(body.size()) +
                         "\r\n" + body + "\r\n");
        return synchronise();
    }

    std::string subscribe(const std::string& subject) {
        connection_.send("SUB " + subject + " " + std::to_string(++subscriptions_) + "\r\n");
        return synchronise();
    }

    /// What has come since the last operation, once it contains `wanted`.
    std::string wait(std::string_view wanted) {
        const std::string all = connection_.read_from(wanted, mark_);
        seen_ = all.size();
        return all.substr(mark_);
    }

private:
    RawConnection connection_;
    std::string welcome_;
    std::size_t seen_ = 0;
    std::size_t mark_ = 0;  // where the answer to the last operation begins
    int subscriptions_ = 0;
};

/// Whether the broker has refused the last operation.
inline bool refused(const std::string& answer) { return answer.find("Permissions Violation") != std::string::npos; }

}  // namespace intent::test
