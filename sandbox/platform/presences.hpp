// The presence of users as others see it (protocol §4, §7).
#pragma once

#include <intent/snowflake.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace intent::inline v0::sandbox {

/// The presence of every user, derived from their sessions: the status that was set last among the sessions with a
/// connection, `offline` if there is no connection. A session starts as `online` and keeps its status when it resumes.
///
/// Each input returns the new presence that others see, if it changed.
class Presences {
public:
    using Change = std::optional<std::string_view>;

    Change on_attached(UserId user, std::uint64_t session);
    Change on_detached(UserId user, std::uint64_t session);
    void on_ended(UserId user, std::uint64_t session);
    /// `status`: one of protocol §4.
    Change on_status(UserId user, std::uint64_t session, std::string_view status);

    std::string_view of(UserId user) const;

private:
    struct Setting {
        std::string status = "online";
        std::uint64_t set_at = 0;  ///< a counter: the maximum was set last
        bool attached = false;
    };
    struct User {
        std::map<std::uint64_t, Setting> sessions = {};
        std::string shown = "offline";
    };

    static Change show(User& user);

    std::map<UserId, User> users_;
    std::uint64_t settings_ = 0;
};

}  // namespace intent::sandbox
