#include "client/rest_core.hpp"

#include <intent/channel.hpp>
#include <intent/errors.hpp>
#include <intent/message.hpp>
#include <intent/rest.hpp>
#include <intent/server.hpp>
#include <intent/user.hpp>

#include <utility>

namespace intent {

namespace detail {

/// A RestClient for the client that `ref` refers to.
struct Reach {
    static RestClient rest(const ClientRef& ref) {
        auto core = ref.lock();
        if (!core) {
            throw UsageError(
                "the client that this object came from is gone (or the object was made by hand): keep the client alive "
                "while its structures act");
        }
        return RestClient(std::move(core));
    }
};

}  // namespace detail

namespace {

// The error of a dead reference is thrown by the awaited task, as every other error of the call.
template <class Result, class Call>
task<Result> act(ClientRef ref, Call call) {
    RestClient rest = detail::Reach::rest(ref);
    auto running = call(rest);
    co_return co_await std::move(running);
}

template <class Call>
task<> act_silently(ClientRef ref, Call call) {
    RestClient rest = detail::Reach::rest(ref);
    auto running = call(rest);
    co_await std::move(running);
}

}  // namespace

task<User> User::fetch() const {
    return act<User>(client_, [id = id](RestClient& rest) { return rest.get_user(id); });
}

task<Message> Message::reply(MessageBody body) const {
    return act<Message>(client_, [channel = channel_id, body = std::move(body)](RestClient& rest) {
        return rest.create_message(channel, body);
    });
}
task<Message> Message::edit(MessageBody body) const {
    return act<Message>(client_, [channel = channel_id, id = id, body = std::move(body)](RestClient& rest) {
        return rest.edit_message(channel, id, body);
    });
}
task<> Message::remove() const {
    return act_silently(client_,
                        [channel = channel_id, id = id](RestClient& rest) { return rest.delete_message(channel, id); });
}

task<Message> Channel::send(MessageBody body) const {
    return act<Message>(client_,
                        [id = id, body = std::move(body)](RestClient& rest) { return rest.create_message(id, body); });
}
task<std::vector<Message>> Channel::messages(PageOptions page) const {
    return act<std::vector<Message>>(client_,
                                     [id = id, page](RestClient& rest) { return rest.get_messages(id, page); });
}
task<Channel> Channel::edit(ChannelEdit changes) const {
    return act<Channel>(
        client_, [id = id, changes = std::move(changes)](RestClient& rest) { return rest.edit_channel(id, changes); });
}
task<> Channel::remove() const {
    return act_silently(client_, [id = id](RestClient& rest) { return rest.delete_channel(id); });
}

task<std::vector<Channel>> Server::channels() const {
    return act<std::vector<Channel>>(client_, [id = id](RestClient& rest) { return rest.get_channels(id); });
}
task<Channel> Server::create_channel(NewChannel channel) const {
    return act<Channel>(client_, [id = id, channel = std::move(channel)](RestClient& rest) {
        return rest.create_channel(id, channel);
    });
}
task<Server> Server::edit(ServerEdit changes) const {
    return act<Server>(
        client_, [id = id, changes = std::move(changes)](RestClient& rest) { return rest.edit_server(id, changes); });
}
task<> Server::remove() const {
    return act_silently(client_, [id = id](RestClient& rest) { return rest.delete_server(id); });
}
task<> Server::leave() const {
    return act_silently(client_, [id = id](RestClient& rest) { return rest.leave_server(id); });
}
task<std::vector<Member>> Server::members() const {
    return act<std::vector<Member>>(client_, [id = id](RestClient& rest) { return rest.get_members(id); });
}

}  // namespace intent
