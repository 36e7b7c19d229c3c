// Arguments of calls about accounts.
#pragma once

#include <intent/detail/body.hpp>
#include <intent/secret.hpp>

#include <optional>
#include <string>
#include <utility>

namespace intent::inline v0 {

namespace raw {
struct UserEdit;     // complete in <intent/raw/bodies.hpp>
struct NewAccount;   // complete in <intent/raw/bodies.hpp>
struct Credentials;  // complete in <intent/raw/bodies.hpp>
}

/// Changes to the current user; unset fields stay unchanged. At least one must be set (protocol §9).
class INTENT_API UserEdit : public detail::Body<raw::UserEdit> {
public:
    UserEdit() = default;
    /// 1-32 code points.
    UserEdit& display_name(std::string text);
};

/// A new account for a person: username 2-32 of `a-z 0-9 _` (protocol §8, §9).
class INTENT_API NewAccount : public detail::Body<raw::NewAccount> {
public:
    /// Limits are checked when it is sent.
    NewAccount(std::string username, std::string email, Secret password);
};

/// The credentials of a person (protocol §9).
class INTENT_API Credentials : public detail::Body<raw::Credentials> {
public:
    /// Limits are checked when they are sent.
    Credentials(std::string username_or_email, Secret password);
};

}  // namespace intent
