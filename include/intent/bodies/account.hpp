// Arguments of calls about accounts.
#pragma once

#include <intent/secret.hpp>

#include <optional>
#include <string>
#include <utility>

namespace intent {

/// Changes to the current user; unset fields stay unchanged. At least one must be set (protocol §9).
///
/// Distinct objects: safe. Shared objects: unsafe.
class UserEdit {
public:
    UserEdit() = default;
    /// 1-32 code points.
    UserEdit& display_name(std::string text) & { return display_name_ = std::move(text), *this; }
    UserEdit&& display_name(std::string text) && { return std::move(display_name(std::move(text))); }

    const std::optional<std::string>& display_name() const noexcept { return display_name_; }

private:
    std::optional<std::string> display_name_ = {};
};

/// A new account for a person: username 2-32 of `a-z 0-9 _` (protocol §8, §9).
///
/// Distinct objects: safe. Shared objects: unsafe.
class NewAccount {
public:
    NewAccount(std::string username, std::string email, Secret password)
        : username_(std::move(username)), email_(std::move(email)), password_(std::move(password)) {}

    const std::string& username() const noexcept { return username_; }
    const std::string& email() const noexcept { return email_; }
    const Secret& password() const noexcept { return password_; }

private:
    std::string username_;
    std::string email_;
    Secret password_;
};

/// The credentials of a person (protocol §9).
///
/// Distinct objects: safe. Shared objects: unsafe.
class Credentials {
public:
    Credentials(std::string username_or_email, Secret password)
        : username_or_email_(std::move(username_or_email)), password_(std::move(password)) {}

    const std::string& username_or_email() const noexcept { return username_or_email_; }
    const Secret& password() const noexcept { return password_; }

private:
    std::string username_or_email_;
    Secret password_;
};

}  // namespace intent
