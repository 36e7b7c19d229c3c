// A server and its actions.
#pragma once

#include <intent/bodies.hpp>
#include <intent/channel.hpp>
#include <intent/client_ref.hpp>
#include <intent/invite.hpp>
#include <intent/member.hpp>
#include <intent/raw/server.hpp>
#include <intent/role.hpp>
#include <intent/task.hpp>
#include <intent/webhook.hpp>

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace intent {

/// A server (protocol §8). The actions fail with UsageError if the client no longer exists, with ConfigError for an
/// invalid argument, and with the errors of the REST call (errors.hpp). Each costs one request; rest.hpp lists the
/// permissions and buckets.
///
/// Distinct objects: safe. Shared objects: unsafe.
class Server : public raw::Server {
public:
    Server() = default;
    Server(raw::Server server, ClientRef client) : raw::Server(std::move(server)), client_(std::move(client)) {}

    task<std::vector<Channel>> channels() const;
    task<Channel> create_channel(NewChannel channel) const;
    task<Server> edit(ServerEdit changes) const;

    /// Deletes this server; only its owner may do this.
    task<> remove() const;

    /// Removes the bot from this server.
    task<> leave() const;

    /// Returns the members. Some servers send plain users: such a member has no roles and the join time 1970-01-01
    /// (protocol §9).
    task<std::vector<Member>> members() const;
    task<Member> member(UserId user) const;

    task<std::vector<Role>> roles() const;
    task<Role> create_role(NewRole role) const;

    task<std::vector<Invite>> invites() const;
    task<Invite> create_invite(NewInvite invite = {}) const;

    /// Returns the webhooks of all channels.
    task<std::vector<Webhook>> webhooks() const;

    const ClientRef& client() const noexcept { return client_; }

    /// Compares ids. `raw::Server` compares every field.
    friend bool operator==(const Server& a, const Server& b) noexcept { return a.id == b.id; }

private:
    ClientRef client_ = {};
};

/// The result of accepting an invite (protocol §9).
///
/// Distinct objects: safe. Shared objects: unsafe.
class AcceptedInvite {
public:
    AcceptedInvite() = default;
    AcceptedInvite(raw::AcceptedInvite accepted, ClientRef client)
        : server(std::move(accepted.server), std::move(client)), channel_id(accepted.channel_id) {}

    Server server;
    std::optional<ChannelId> channel_id = {};  ///< the channel to show first, if the invite names one
};

}  // namespace intent

template <>
struct std::hash<intent::Server> {
    std::size_t operator()(const intent::Server& value) const noexcept {
        return std::hash<intent::ServerId>{}(value.id);
    }
};
