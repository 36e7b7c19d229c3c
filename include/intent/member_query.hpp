// A query for members of a server (protocol §4).
#pragma once

#include <intent/detail/chrono.hpp>
#include <intent/limits.hpp>
#include <intent/snowflake.hpp>

#include <optional>
#include <string>
#include <utility>

namespace intent::inline v0 {

/// A request for members (op 7): `MemberQuery{server}.query("ad").limit(50)`.
class MemberQuery {
public:
    /// Requests the members of a server.
    MemberQuery(ServerId server) noexcept : server_(server) {}  // NOLINT(google-explicit-constructor)

    /// Only members with names that begin with this text, at most 100 characters; unset: all members.
    MemberQuery& query(std::string start) { return query_ = std::move(start), *this; }

    /// Maximum number of members, 1-1000; 1000 if unset.
    MemberQuery& limit(int count) { return limit_ = count, *this; }

    /// Also requests a PresenceUpdate for each member.
    MemberQuery& presences(bool yes = true) { return presences_ = yes, *this; }

    /// Timeout for the complete answer, from the moment the request is sent: 1 ms to 1 h, 10 s if unset.
    MemberQuery& timeout(std::chrono::milliseconds time) { return timeout_ = time, *this; }

    /// The server.
    ServerId server() const noexcept { return server_; }
    /// What the names begin with; unset: all members.
    const std::optional<std::string>& query() const noexcept { return query_; }
    /// The maximum number of members.
    int limit() const noexcept { return limit_; }
    /// Whether presences are requested too.
    bool wants_presences() const noexcept { return presences_; }
    /// The timeout for the complete answer.
    std::chrono::milliseconds timeout() const noexcept { return timeout_; }

private:
    ServerId server_;
    std::optional<std::string> query_ = {};
    int limit_ = limits::requested_members;
    bool presences_ = false;
    std::chrono::milliseconds timeout_ = std::chrono::seconds(10);
};

}  // namespace intent
