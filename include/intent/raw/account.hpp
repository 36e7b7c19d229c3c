#pragma once

#include <intent/raw/user.hpp>
#include <intent/secret.hpp>

namespace intent::raw {

/// What logging in and registering answer (protocol §9).
struct Login {
    Secret token;
    User user;

    friend bool operator==(const Login&, const Login&) = default;
};

}  // namespace intent::raw
