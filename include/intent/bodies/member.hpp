// Arguments of calls about members and roles.
#pragma once

#include <intent/id_list.hpp>
#include <intent/permissions.hpp>
#include <intent/snowflake.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace intent {

/// Changes to a member; unset fields stay unchanged. At least one must be set (protocol §8, §9).
///
/// Distinct objects: safe. Shared objects: unsafe.
class MemberEdit {
public:
    MemberEdit() = default;
    /// 1-32 code points.
    MemberEdit& nickname(std::string text) & { return nickname_ = std::move(text), *this; }
    MemberEdit&& nickname(std::string text) && { return std::move(nickname(std::move(text))); }
    /// Removes the nickname.
    MemberEdit& no_nickname() & { return nickname_.emplace(), *this; }
    MemberEdit&& no_nickname() && { return std::move(no_nickname()); }
    /// The complete new list of the member's roles.
    MemberEdit& roles(const IdList<RoleId>& ids) & { return roles_ = ids.get(), *this; }
    MemberEdit&& roles(const IdList<RoleId>& ids) && { return std::move(roles(ids)); }

    /// Empty: the nickname is removed.
    const std::optional<std::string>& nickname() const noexcept { return nickname_; }
    const std::optional<std::vector<RoleId>>& roles() const noexcept { return roles_; }

private:
    std::optional<std::string> nickname_ = {};
    std::optional<std::vector<RoleId>> roles_ = {};
};

/// A new role: name 1-100 code points; the server chooses unset fields (protocol §8, §9).
///
/// Distinct objects: safe. Shared objects: unsafe.
class NewRole {
public:
    NewRole(std::string name) : name_(std::move(name)) {}  // NOLINT(google-explicit-constructor)
    NewRole(const char* name) : name_(name) {}             // NOLINT(google-explicit-constructor)
    NewRole& permissions(Permissions set) & { return permissions_ = set, *this; }
    NewRole&& permissions(Permissions set) && { return std::move(permissions(set)); }
    /// 0-0xFFFFFF.
    NewRole& color(std::uint32_t rgb) & { return color_ = rgb, *this; }
    NewRole&& color(std::uint32_t rgb) && { return std::move(color(rgb)); }
    /// Whether its members are listed apart from the others.
    NewRole& hoist(bool apart) & { return hoist_ = apart, *this; }
    NewRole&& hoist(bool apart) && { return std::move(hoist(apart)); }
    NewRole& mentionable(bool allowed) & { return mentionable_ = allowed, *this; }
    NewRole&& mentionable(bool allowed) && { return std::move(mentionable(allowed)); }

    const std::string& name() const noexcept { return name_; }
    std::optional<Permissions> permissions() const noexcept { return permissions_; }
    std::optional<std::uint32_t> color() const noexcept { return color_; }
    std::optional<bool> hoist() const noexcept { return hoist_; }
    std::optional<bool> mentionable() const noexcept { return mentionable_; }

private:
    std::string name_;
    std::optional<Permissions> permissions_ = {};
    std::optional<std::uint32_t> color_ = {};
    std::optional<bool> hoist_ = {};
    std::optional<bool> mentionable_ = {};
};

/// Changes to a role; unset fields stay unchanged. At least one must be set.
///
/// Distinct objects: safe. Shared objects: unsafe.
class RoleEdit {
public:
    RoleEdit() = default;
    /// 1-100 code points.
    RoleEdit& name(std::string text) & { return name_ = std::move(text), *this; }
    RoleEdit&& name(std::string text) && { return std::move(name(std::move(text))); }
    RoleEdit& permissions(Permissions set) & { return permissions_ = set, *this; }
    RoleEdit&& permissions(Permissions set) && { return std::move(permissions(set)); }
    RoleEdit& position(int index) & { return position_ = index, *this; }
    RoleEdit&& position(int index) && { return std::move(position(index)); }
    /// 0-0xFFFFFF.
    RoleEdit& color(std::uint32_t rgb) & { return color_ = rgb, *this; }
    RoleEdit&& color(std::uint32_t rgb) && { return std::move(color(rgb)); }
    /// Whether its members are listed apart from the others.
    RoleEdit& hoist(bool apart) & { return hoist_ = apart, *this; }
    RoleEdit&& hoist(bool apart) && { return std::move(hoist(apart)); }
    RoleEdit& mentionable(bool allowed) & { return mentionable_ = allowed, *this; }
    RoleEdit&& mentionable(bool allowed) && { return std::move(mentionable(allowed)); }

    const std::optional<std::string>& name() const noexcept { return name_; }
    std::optional<Permissions> permissions() const noexcept { return permissions_; }
    std::optional<int> position() const noexcept { return position_; }
    std::optional<std::uint32_t> color() const noexcept { return color_; }
    std::optional<bool> hoist() const noexcept { return hoist_; }
    std::optional<bool> mentionable() const noexcept { return mentionable_; }

private:
    std::optional<std::string> name_ = {};
    std::optional<Permissions> permissions_ = {};
    std::optional<int> position_ = {};
    std::optional<std::uint32_t> color_ = {};
    std::optional<bool> hoist_ = {};
    std::optional<bool> mentionable_ = {};
};

}  // namespace intent
