#include "client/api/look_up.hpp"

#include "client/api/structure_call.hpp"

#include <intent/client.hpp>
#include <intent/errors.hpp>

#include <utility>

namespace intent::client {

namespace {

template <class Structure>
task<Structure> ready(Structure value) {
    co_return value;
}

template <class Structure, class Id, class Fetch>
task<Structure> look_up(const ClientRef& ref, Id id, Fetch fetch) {
    return structure_call(ref, [&](RestClient rest) -> task<Structure> {
        if (auto known = context_of(ref)->dispatcher().caches().known(id))
            return ready(Structure(*std::move(known), ref));
        return fetch(rest);
    });
}

}  // namespace

task<Channel> look_up_channel(const ClientRef& ref, ChannelId id) {
    return look_up<Channel>(ref, id, [&](RestClient& rest) { return rest.get_channel(id); });
}
task<Server> look_up_server(const ClientRef& ref, ServerId id) {
    return look_up<Server>(ref, id, [&](RestClient& rest) { return rest.get_server(id); });
}
task<Member> look_up_member(const ClientRef& ref, MemberId id) {
    return look_up<Member>(ref, id, [&](RestClient& rest) { return rest.get_member(id.server_id, id.user_id); });
}
task<User> look_up_user(const ClientRef& ref, UserId id) {
    return look_up<User>(ref, id, [&](RestClient& rest) { return rest.get_user(id); });
}

task<Server> look_up_server_of(ClientRef ref, ChannelId channel) {
    auto looking = look_up_channel(ref, channel);
    const Channel found = co_await std::move(looking);
    if (!found.server_id) {
        throw UsageError("server: channel " + channel.str() + " holds direct messages, which belong to no server");
    }
    auto asking = look_up_server(ref, found.server_id);
    co_return co_await std::move(asking);
}

}  // namespace intent::client

namespace intent::inline v0 {

task<Channel> Message::channel() const { return client::look_up_channel(client_, channel_id); }
task<Server> Message::server() const { return client::look_up_server_of(client_, channel_id); }

task<Channel> Client::channel(ChannelId id) const { return client::look_up_channel(context_->ref(), id); }
task<Server> Client::server(ServerId id) const { return client::look_up_server(context_->ref(), id); }
task<Member> Client::member(ServerId server, UserId user) const {
    return client::look_up_member(context_->ref(), MemberId{server, user});
}
task<User> Client::user(UserId id) const { return client::look_up_user(context_->ref(), id); }

}  // namespace intent
