#pragma once

#include <intent/raw/user.hpp>
#include <intent/secret.hpp>

namespace intent::raw {

/// The answer to logging in or registering (protocol §9).
struct Login {
    Secret token;
    User user;

    friend bool operator==(const Login&, const Login&) = default;
};

}  // namespace intent::raw
