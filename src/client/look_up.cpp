#include "client/look_up.hpp"

#include "client/act.hpp"
#include "client/client_core.hpp"

#include <intent/client.hpp>
#include <intent/errors.hpp>

#include <utility>

namespace intent {

namespace client {

namespace {

template <class Structure, class Id, class Ask>
task<Structure> look_up(ClientRef ref, Id id, Ask ask) {
    RestClient rest = detail::Reach::rest(ref);
    if (const auto core = ref.lock()) {
        if (auto known = core->known(id)) co_return Structure(*std::move(known), std::move(ref));
    }
    auto asking = ask(rest);
    co_return co_await std::move(asking);
}

}  // namespace

task<Channel> look_up_channel(ClientRef ref, ChannelId id) {
    return look_up<Channel>(std::move(ref), id, [id](RestClient& rest) { return rest.get_channel(id); });
}
task<Server> look_up_server(ClientRef ref, ServerId id) {
    return look_up<Server>(std::move(ref), id, [id](RestClient& rest) { return rest.get_server(id); });
}
task<Member> look_up_member(ClientRef ref, MemberId id) {
    return look_up<Member>(std::move(ref), id,
                           [id](RestClient& rest) { return rest.get_member(id.server_id, id.user_id); });
}

task<Server> look_up_server_of(ClientRef ref, ChannelId channel) {
    auto looking = look_up_channel(ref, channel);
    const Channel found = co_await std::move(looking);
    if (!found.server_id) {
        throw UsageError("server: channel " + channel.str() + " holds direct messages, which belong to no server");
    }
    auto asking = look_up_server(std::move(ref), found.server_id);
    co_return co_await std::move(asking);
}

}  // namespace client

task<Channel> Message::channel() const { return client::look_up_channel(client_, channel_id); }
task<Server> Message::server() const { return client::look_up_server_of(client_, channel_id); }

task<Channel> Client::channel(ChannelId id) const { return client::look_up_channel(core_->ref(), id); }
task<Server> Client::server(ServerId id) const { return client::look_up_server(core_->ref(), id); }
task<Member> Client::member(ServerId server, UserId user) const {
    return client::look_up_member(core_->ref(), MemberId{server, user});
}

}  // namespace intent
