// A user and their actions.
#pragma once

#include <intent/client_ref.hpp>
#include <intent/raw/user.hpp>
#include <intent/task.hpp>

#include <cstddef>
#include <utility>

namespace intent {

class Channel;

/// A user (protocol §8): a person or a bot. The actions fail with UsageError if the client no longer exists, and with
/// the errors of the REST call (errors.hpp).
///
/// Distinct objects: safe. Shared objects: unsafe.
class User : public raw::User {
public:
    User() = default;
    User(raw::User user, ClientRef client) : raw::User(std::move(user)), client_(std::move(client)) {}

    /// Fetches this user again. Cost: one request.
    task<User> fetch() const;

    /// Returns the channel of direct messages with this user, and creates it if it does not exist. Its messages are
    /// encrypted end to end (protocol §16). Channel is defined in <intent/channel.hpp>. Cost: one request.
    task<Channel> create_dm() const;

    const ClientRef& client() const noexcept { return client_; }

    /// Compares ids. `raw::User` compares every field.
    friend bool operator==(const User& a, const User& b) noexcept { return a.id == b.id; }

private:
    ClientRef client_ = {};
};

}  // namespace intent

template <>
struct std::hash<intent::User> {
    std::size_t operator()(const intent::User& value) const noexcept { return std::hash<intent::UserId>{}(value.id); }
};
