// Arguments of calls about members and roles.
#pragma once

#include <intent/detail/body.hpp>
#include <intent/id_list.hpp>
#include <intent/permissions.hpp>
#include <intent/snowflake.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace intent {

namespace raw {

struct MemberEdit {
    std::optional<std::optional<std::string>> nickname = {};
    std::optional<std::vector<RoleId>> roles = {};
};

struct NewRole {
    std::string name;
    std::optional<Permissions> permissions = {};
    std::optional<std::uint32_t> color = {};
    std::optional<bool> hoist = {};
    std::optional<bool> mentionable = {};
};

struct RoleEdit {
    std::optional<std::string> name = {};
    std::optional<int> position = {};
    std::optional<Permissions> permissions = {};
    std::optional<std::uint32_t> color = {};
    std::optional<bool> hoist = {};
    std::optional<bool> mentionable = {};
};

}  // namespace raw

/// Changes to a member; unset fields stay unchanged. At least one must be set (protocol §8, §9).
class MemberEdit : public detail::Body<raw::MemberEdit> {
public:
    MemberEdit() = default;
    /// 1-32 code points; `std::nullopt` removes the nickname.
    MemberEdit& nickname(std::optional<std::string> text) { return raw_.nickname.emplace(std::move(text)), *this; }
    /// The complete new list of the member's roles.
    MemberEdit& roles(const IdList<RoleId>& ids) { return raw_.roles = ids.get(), *this; }
};

/// A new role: name 1-100 code points; the server chooses unset fields (protocol §8, §9).
class NewRole : public detail::Body<raw::NewRole> {
public:
    NewRole(std::string name) : Body({std::move(name)}) {}  // NOLINT(google-explicit-constructor)
    NewRole(const char* name) : Body({name}) {}             // NOLINT(google-explicit-constructor)
    NewRole& permissions(Permissions set) { return raw_.permissions = set, *this; }
    /// 0-0xFFFFFF.
    NewRole& color(std::uint32_t rgb) { return raw_.color = rgb, *this; }
    /// Whether its members are listed apart from the others.
    NewRole& hoist(bool apart) { return raw_.hoist = apart, *this; }
    NewRole& mentionable(bool allowed) { return raw_.mentionable = allowed, *this; }
};

/// Changes to a role; unset fields stay unchanged. At least one must be set.
class RoleEdit : public detail::Body<raw::RoleEdit> {
public:
    RoleEdit() = default;
    /// 1-100 code points.
    RoleEdit& name(std::string text) { return raw_.name = std::move(text), *this; }
    RoleEdit& permissions(Permissions set) { return raw_.permissions = set, *this; }
    RoleEdit& position(int index) { return raw_.position = index, *this; }
    /// 0-0xFFFFFF.
    RoleEdit& color(std::uint32_t rgb) { return raw_.color = rgb, *this; }
    /// Whether its members are listed apart from the others.
    RoleEdit& hoist(bool apart) { return raw_.hoist = apart, *this; }
    RoleEdit& mentionable(bool allowed) { return raw_.mentionable = allowed, *this; }
};

}  // namespace intent
