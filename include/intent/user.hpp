// A person or a bot, with what can be done to them.
#pragma once

#include <intent/client_ref.hpp>
#include <intent/raw/user.hpp>
#include <intent/task.hpp>

#include <utility>

namespace intent {

/// A user (protocol §8). The actions fail with UsageError when the client is gone, else with what the REST call throws.
///
/// Distinct objects: safe. Shared objects: unsafe.
class User : public raw::User {
public:
    User() = default;
    User(raw::User user, ClientRef client) : raw::User(std::move(user)), client_(std::move(client)) {}

    /// Fetches this user anew. Cost: one request.
    task<User> fetch() const;

    const ClientRef& client() const noexcept { return client_; }

private:
    ClientRef client_ = {};
};

}  // namespace intent
