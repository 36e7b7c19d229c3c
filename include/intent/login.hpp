// The result of logging in.
#pragma once

#include <intent/token.hpp>
#include <intent/user.hpp>

#include <utility>

namespace intent::inline v0 {

/// A person's token, valid for 7 days, and their user (protocol §1, §9). A RestClient does not use it automatically:
/// pass it to `set_token`.
class Login {
public:
    Login() = default;
    /// This token and its user.
    Login(Token its_token, User its_user) : token(std::move(its_token)), user(std::move(its_user)) {}

    Token token;  ///< of the person
    User user;    ///< the person
};

}  // namespace intent
