// Which members of a server to ask the gateway for (protocol §4).
#pragma once

#include <intent/snowflake.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace intent {

/// A request for members (op 7): `MemberQuery{server}.query("ad").limit(50)`.
///
/// Distinct objects: safe. Shared objects: unsafe.
class MemberQuery {
public:
    MemberQuery(ServerId server) noexcept : server_(server) {}  // NOLINT(google-explicit-constructor)

    /// No name is longer than this: what `query` takes, in characters.
    static constexpr std::size_t max_query = 100;

    /// What their names begin with, at most 100 characters; unset: all.
    MemberQuery& query(std::string start) & { return query_ = std::move(start), *this; }
    MemberQuery&& query(std::string start) && { return std::move(query(std::move(start))); }

    /// At most so many, 1-1000; 1000 if unset.
    MemberQuery& limit(int count) & { return limit_ = count, *this; }
    MemberQuery&& limit(int count) && { return std::move(limit(count)); }

    /// Asks for a PresenceUpdate of each, too.
    MemberQuery& presences(bool yes = true) & { return presences_ = yes, *this; }
    MemberQuery&& presences(bool yes = true) && { return std::move(presences(yes)); }

    /// How long to wait for the whole answer, from the moment it is sent: 1 ms to 1 h, 10 s if unset.
    MemberQuery& timeout(std::chrono::milliseconds time) & { return timeout_ = time, *this; }
    MemberQuery&& timeout(std::chrono::milliseconds time) && { return std::move(timeout(time)); }

    ServerId server() const noexcept { return server_; }
    const std::optional<std::string>& query() const noexcept { return query_; }
    int limit() const noexcept { return limit_; }
    bool wants_presences() const noexcept { return presences_; }
    std::chrono::milliseconds timeout() const noexcept { return timeout_; }

private:
    ServerId server_;
    std::optional<std::string> query_ = {};
    int limit_ = 1000;
    bool presences_ = false;
    std::chrono::milliseconds timeout_ = std::chrono::seconds(10);
};

}  // namespace intent
