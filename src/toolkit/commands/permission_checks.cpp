#include "toolkit/commands/permission_checks.hpp"

#include "toolkit/commands/command_set.hpp"
#include "toolkit/commands/invocation.hpp"

#include <intent/attempt.hpp>
#include <intent/errors.hpp>

#include <memory>
#include <string>
#include <utility>

namespace intent::toolkit {

namespace {

struct Wanted {
    Permissions permissions;
    bool of_bot;
};

/// The roles come from the REST API: the caches do not follow changes of roles.
task<Permissions> fetch_permissions(Context context, MemberId id) {
    auto asking_server = context.server();
    const Server server = co_await std::move(asking_server);
    if (server.owner_id == id.user_id) co_return Permissions::all();
    RestClient& rest = context.client().rest();
    auto asking_member = attempt(rest.get_member(id.server_id, id.user_id));
    const auto member = co_await std::move(asking_member);
    if (!member && member.is<NotFoundError>()) co_return Permissions();
    auto asking_roles = rest.get_roles(id.server_id);
    const std::vector<Role> roles = co_await std::move(asking_roles);
    co_return permissions_in(server.owner_id, *member, roles);
}

task<Permissions> permissions_of(Context context, UserId user) {
    const auto set = detail::Invocation::of(context).set;
    const MemberId id{context.server_id(), user};
    if (const auto known = set->known_permissions(id)) co_return *known;
    auto fetching = fetch_permissions(context, id);
    const Permissions permissions = co_await std::move(fetching);
    set->keep_permissions(id, permissions);
    co_return permissions;
}

std::string refusal(const std::string& missing, bool of_bot) {
    const bool several = missing.find(',') != std::string::npos;
    return std::string(of_bot ? "I need" : "You need") + (several ? " the permissions " : " the permission ") +
           missing + (of_bot ? " to do this." : " to use this command.");
}

task<bool> check_permissions(Context context, Wanted wanted) {
    if (!context.server_id()) throw CheckFailed("This command can only be used in a server.");
    UserId user = context.author().id;
    if (wanted.of_bot) {
        const auto self = context.client().user();
        if (!self) co_return false;
        user = self->id;
    }
    auto asking = permissions_of(context, user);
    const Permissions permissions = co_await std::move(asking);
    const std::string missing = missing_permissions(permissions, wanted.permissions);
    if (!missing.empty()) throw CheckFailed(refusal(missing, wanted.of_bot));
    co_return true;
}

}  // namespace

detail::CommandCheck permission_check(Permissions wanted, bool of_bot) {
    const auto call = [](void* erased, Context context) {
        return check_permissions(std::move(context), *static_cast<const Wanted*>(erased));
    };
    return {std::make_shared<Wanted>(Wanted{wanted, of_bot}), call, "The permissions of the bot are not known yet."};
}

}  // namespace intent::toolkit
