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

namespace intent::inline v0 {

namespace raw {
struct MemberEdit;  // complete in <intent/raw/bodies.hpp>
struct NewRole;     // complete in <intent/raw/bodies.hpp>
struct RoleEdit;    // complete in <intent/raw/bodies.hpp>
}

/// Changes to a member; unset fields stay unchanged. At least one must be set (protocol §8, §9).
class INTENT_API MemberEdit : public detail::Body<raw::MemberEdit> {
public:
    MemberEdit() = default;
    /// 1-32 code points; `std::nullopt` removes the nickname.
    MemberEdit& nickname(std::optional<std::string> text);
    /// The complete new list of the member's roles.
    MemberEdit& roles(const IdList<RoleId>& ids);
};

/// A new role: name 1-100 code points; the server chooses unset fields (protocol §8, §9).
class INTENT_API NewRole : public detail::Body<raw::NewRole> {
public:
    /// A role of this name.
    NewRole(std::string name);  // NOLINT(google-explicit-constructor)
    NewRole(const char* name);  // NOLINT(google-explicit-constructor)
    /// What its members may do.
    NewRole& permissions(Permissions set);
    /// 0-0xFFFFFF.
    NewRole& color(std::uint32_t rgb);
    /// Whether its members are listed apart from the others.
    NewRole& hoist(bool apart);
    /// Whether members may mention it.
    NewRole& mentionable(bool allowed);
};

/// Changes to a role; unset fields stay unchanged. At least one must be set.
class INTENT_API RoleEdit : public detail::Body<raw::RoleEdit> {
public:
    RoleEdit() = default;
    /// 1-100 code points.
    RoleEdit& name(std::string text);
    /// What its members may do: the complete new set.
    RoleEdit& permissions(Permissions set);
    /// Its place among the server's roles.
    RoleEdit& position(int index);
    /// 0-0xFFFFFF.
    RoleEdit& color(std::uint32_t rgb);
    /// Whether its members are listed apart from the others.
    RoleEdit& hoist(bool apart);
    /// Whether members may mention it.
    RoleEdit& mentionable(bool allowed);
};

}  // namespace intent
