// A person or a bot, with what can be done to them.
#pragma once

#include <intent/client_ref.hpp>
#include <intent/raw/user.hpp>
#include <intent/task.hpp>

#include <cstddef>
#include <utility>

namespace intent {

class Channel;

/// A user (protocol §8). The actions fail with UsageError when the client is gone, else with what the REST call throws.
///
/// Distinct objects: safe. Shared objects: unsafe.
class User : public raw::User {
public:
    User() = default;
    User(raw::User user, ClientRef client) : raw::User(std::move(user)), client_(std::move(client)) {}

    /// Fetches this user again. Cost: one request.
    task<User> fetch() const;

    /// The channel of direct messages with this user, made if there is none yet. Its messages are encrypted end to end
    /// (protocol §16). Channel is in <intent/channel.hpp>. Cost: one request.
    task<Channel> create_dm() const;

    const ClientRef& client() const noexcept { return client_; }

    /// The same user: ids are compared. `raw::User` compares every field.
    friend bool operator==(const User& a, const User& b) noexcept { return a.id == b.id; }

private:
    ClientRef client_ = {};
};

}  // namespace intent

template <>
struct std::hash<intent::User> {
    std::size_t operator()(const intent::User& value) const noexcept { return std::hash<intent::UserId>{}(value.id); }
};
