// A server and its actions.
#pragma once

#include <intent/bodies.hpp>
#include <intent/channel.hpp>
#include <intent/detail/export.hpp>
#include <intent/invite.hpp>
#include <intent/member.hpp>
#include <intent/raw/server.hpp>
#include <intent/role.hpp>
#include <intent/structure.hpp>
#include <intent/task.hpp>
#include <intent/webhook.hpp>

#include <optional>
#include <utility>
#include <vector>

namespace intent::inline v0 {

/// A server (protocol §8). The actions fail with UsageError if the client no longer exists, with ConfigError for an
/// invalid argument, and with the errors of the REST call (errors.hpp). Each costs one request; rest.hpp lists the
/// permissions and buckets.
class INTENT_API Server : public Structure<raw::Server> {
public:
    using Structure::Structure;

    /// Returns the channels.
    task<std::vector<Channel>> channels() const;
    /// Creates a channel and returns it.
    task<Channel> create_channel(NewChannel channel) const;
    /// Changes this server and returns the result.
    task<Server> edit(ServerEdit changes) const;

    /// Deletes this server; only its owner may do this.
    task<> remove() const;

    /// Removes the bot from this server.
    task<> leave() const;

    /// Returns the members. Some servers send plain users: such a member has no roles and the join time 1970-01-01
    /// (protocol §9).
    task<std::vector<Member>> members() const;
    /// Returns a member; NotFoundError if the user is none.
    task<Member> member(UserId user) const;

    /// Returns the roles.
    task<std::vector<Role>> roles() const;
    /// Creates a role and returns it.
    task<Role> create_role(NewRole role) const;

    /// Returns the invites.
    task<std::vector<Invite>> invites() const;
    /// Creates an invite and returns it. Not every server supports this without a channel.
    task<Invite> create_invite(NewInvite invite = {}) const;

    /// Returns the webhooks of all channels.
    task<std::vector<Webhook>> webhooks() const;
};

/// The result of accepting an invite (protocol §9).
class AcceptedInvite {
public:
    using Raw = raw::AcceptedInvite;  ///< the answer as plain data

    AcceptedInvite() = default;
    /// From the answer and the client that it came through.
    AcceptedInvite(Raw accepted, ClientRef client)
        : server(std::move(accepted.server), std::move(client)), channel_id(accepted.channel_id) {}

    Server server;                             ///< the server that was joined
    std::optional<ChannelId> channel_id = {};  ///< the channel to show first, if the invite names one
};

}  // namespace intent
