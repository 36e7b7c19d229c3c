// The platform's invites.
#include "sandbox/base/problem.hpp"
#include "sandbox/base/secrets.hpp"
#include "sandbox/platform/platform.hpp"

namespace intent::inline v0::sandbox {
namespace {

bool is_used_up(const raw::Invite& invite) { return invite.max_uses && invite.uses >= *invite.max_uses; }

bool has_run_out(const raw::Invite& invite, Timestamp now) { return invite.expires_at && *invite.expires_at <= now; }

}  // namespace

raw::Invite Platform::require_invite(std::string_view code, Timestamp now) {
    auto invite = store_.invite(code);
    if (!invite) throw Problem(404, "NOT_FOUND", "code: no such invite");
    if (has_run_out(*invite, now)) throw Problem(410, "INVITE_EXPIRED", "code: this invite has expired");
    if (is_used_up(*invite))
        throw Problem(410, "INVITE_USED_UP",
                      "code: this invite was used " + std::to_string(invite->uses) + " times, its maximum");
    return std::move(*invite);
}

std::vector<raw::Invite> Platform::invites(UserId actor, ServerId id, Timestamp now) {
    require_member(actor, id);
    auto invites = store_.invites_of(id);
    std::erase_if(invites, [&](const auto& invite) { return is_used_up(invite) || has_run_out(invite, now); });
    return invites;
}

raw::Invite Platform::create_invite(UserId actor, ServerId id, const NewInvite& wanted, Timestamp now) {
    require_member(actor, id);
    if (wanted.channel) {
        const auto channel = store_.channel(*wanted.channel);
        if (!channel || channel->server_id != id)
            throw invalid("channel_id", wanted.channel->str() + " is not a channel of this server");
        require_channel(actor, *wanted.channel);
    }
    raw::Invite invite{.code = make_token("").substr(0, 10),
                       .server_id = id,
                       .channel_id = wanted.channel,
                       .inviter = {.id = actor, .username = name_of(actor)},
                       .max_uses = wanted.max_uses,
                       .created_at = now};
    if (wanted.max_age_seconds) {
        invite.max_age_seconds = *wanted.max_age_seconds;
        invite.expires_at = now + std::chrono::seconds(*wanted.max_age_seconds);
    }
    store_.add_invite(invite);
    return invite;
}

raw::Invite Platform::create_invite(UserId actor, ChannelId id, NewInvite wanted, Timestamp now) {
    const raw::Channel channel = require_channel(actor, id);
    if (is_direct(channel.type)) throw invalid("channel_id", "invites are for servers, not for direct messages");
    wanted.channel = id;
    return create_invite(actor, channel.server_id, wanted, now);
}

raw::Invite Platform::invite(std::string_view code, Timestamp now) { return require_invite(code, now); }

raw::AcceptedInvite Platform::accept_invite(UserId actor, std::string_view code, Timestamp now) {
    const raw::Invite invite = require_invite(code, now);
    const raw::Server server = *store_.server(invite.server_id);
    if (store_.is_member(server.id, actor))
        throw Problem(409, "ALREADY_A_MEMBER", name_of(actor) + " is already a member of " + name_of(server));
    Transaction transaction(store_.database());
    join(server.id, *store_.account(actor), now);
    store_.count_invite_use(code);
    transaction.commit();
    announce_join(server.id, actor);
    return {.server = *store_.server(server.id), .channel_id = invite.channel_id};
}

void Platform::delete_invite(UserId actor, std::string_view code, Timestamp now) {
    const raw::Invite invite = require_invite(code, now);
    require_member(actor, invite.server_id);
    if (invite.inviter.id != actor) require(actor, invite.server_id, Permission::manage_server);
    store_.remove_invite(code);
}

}  // namespace intent::sandbox
