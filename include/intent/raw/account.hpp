// A person's login as plain data (protocol §9).
#pragma once

#include <intent/raw/user.hpp>
#include <intent/secret.hpp>

namespace intent::inline v0::raw {

/// The answer to logging in or registering (protocol §9).
struct Login {
    Secret token;  ///< of the person, valid for 7 days
    User user;     ///< the person

    friend bool operator==(const Login&, const Login&) = default;
};

}  // namespace intent::raw
