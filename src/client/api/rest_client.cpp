#include "client/api/rest_calls.hpp"
#include "client/api/timed_calls.hpp"

#include <intent/errors.hpp>
#include <intent/rest.hpp>

#include <utility>

namespace intent::inline v0 {

using namespace client;

namespace {

task<RateLimitInfo> call_for_limits(client::Context context, std::string bucket) {
    client::LimitsCall running(std::move(context), std::move(bucket));
    const limits::RouteLimits known = co_await running;
    RateLimitInfo info;
    if (known.limit) info.limit = static_cast<int>(*known.limit);
    if (known.remaining) info.remaining = static_cast<int>(*known.remaining);
    if (known.reset_in) info.reset_after = std::chrono::ceil<std::chrono::milliseconds>(*known.reset_in);
    info.waiting = known.queued;
    co_return info;
}

}  // namespace

RestClient::RestClient(RestOptions options)
    : context_(detail::make_rest_client(std::move(options))), owns_thread_(true) {}

RestClient::RestClient(std::shared_ptr<detail::ClientContext> context) : context_(std::move(context)) {}

RestClient::RestClient(RestClient&&) noexcept = default;

RestClient& RestClient::operator=(RestClient&& other) noexcept {
    if (this != &other) {
        if (context_ && owns_thread_) context_->stop();
        context_ = std::move(other.context_);
        owns_thread_ = other.owns_thread_;
    }
    return *this;
}

RestClient::~RestClient() {
    if (context_ && owns_thread_) context_->stop();
}

task<std::vector<Server>> RestClient::get_servers() {
    return call_for<std::vector<Server>>(context_, rest::get_servers());
}
task<Server> RestClient::get_server(ServerId id) { return call_for<Server>(context_, rest::get_server(id)); }
task<Server> RestClient::create_server(NewServer server) {
    return call_for<Server>(context_, rest::create_server(server));
}
task<Server> RestClient::edit_server(ServerId id, ServerEdit changes) {
    return call_for<Server>(context_, rest::edit_server(id, changes));
}
task<> RestClient::remove_server(ServerId id) { return call_for_nothing(context_, rest::remove_server(id)); }
task<> RestClient::leave_server(ServerId id) { return call_for_nothing(context_, rest::leave_server(id)); }

task<std::vector<Channel>> RestClient::get_channels(ServerId id) {
    return call_for<std::vector<Channel>>(context_, rest::get_channels(id));
}
task<Channel> RestClient::get_channel(ChannelId id) { return call_for<Channel>(context_, rest::get_channel(id)); }
task<Channel> RestClient::create_channel(ServerId id, NewChannel channel) {
    return call_for<Channel>(context_, rest::create_channel(id, channel));
}
task<Channel> RestClient::edit_channel(ChannelId id, ChannelEdit changes) {
    return call_for<Channel>(context_, rest::edit_channel(id, changes));
}
task<> RestClient::remove_channel(ChannelId id) { return call_for_nothing(context_, rest::remove_channel(id)); }

task<std::vector<Message>> RestClient::get_messages(ChannelId channel, PageOptions page) {
    return call_for<std::vector<Message>>(context_, rest::get_messages(channel, page));
}
task<Message> RestClient::get_message(ChannelId channel, MessageId id) {
    return call_for<Message>(context_, rest::get_message(channel, id));
}
task<Message> RestClient::create_message(ChannelId channel, MessageBody body) {
    return post_message(context_, channel, body);
}
task<Message> RestClient::edit_message(ChannelId channel, MessageId id, MessageBody body) {
    return change_message(context_, channel, id, body);
}
task<> RestClient::remove_message(ChannelId channel, MessageId id) {
    return call_for_nothing(context_, rest::remove_message(channel, id));
}
task<> RestClient::remove_messages(ChannelId channel, IdList<MessageId> ids) {
    return call_for_nothing(context_, rest::remove_messages(channel, ids.get()));
}

task<> RestClient::trigger_typing(ChannelId channel) {
    return call_for_nothing(context_, rest::trigger_typing(channel));
}

Typing RestClient::typing(ChannelId channel) { return show_typing(context_, channel); }

History RestClient::history(ChannelId channel) { return History(channel, context_->ref()); }

task<Channel> RestClient::create_dm(UserId recipient) {
    return call_for<Channel>(context_, rest::create_dm(recipient));
}
task<Channel> RestClient::create_dm(IdList<UserId> recipients) {
    return call_for<Channel>(context_, rest::create_dm(recipients.get()));
}
task<> RestClient::add_recipient(ChannelId channel, UserId user) {
    return call_for_nothing(context_, rest::add_recipient(channel, user));
}
task<> RestClient::remove_recipient(ChannelId channel, UserId user) {
    return call_for_nothing(context_, rest::remove_recipient(channel, user));
}

task<User> RestClient::get_current_user() { return call_for<User>(context_, rest::get_current_user()); }
task<User> RestClient::edit_current_user(UserEdit changes) {
    return call_for<User>(context_, rest::edit_current_user(changes));
}
task<User> RestClient::get_user(UserId id) { return call_for<User>(context_, rest::get_user(id)); }

task<std::string> RestClient::get_json(std::string path) {
    return call_for_json(context_, rest::get_path(path), EmptyAnswer::refused);
}

task<std::string> RestClient::call_json(std::string method, std::string path, std::string body) {
    return call_for_json(context_, rest::any_path(method, path, body), EmptyAnswer::allowed);
}

task<RateLimitInfo> RestClient::message_limit(ChannelId channel) {
    return call_for_limits(context_, rest::message_bucket(channel));
}

void RestClient::set_token(Token token) {
    if (token.empty()) throw ConfigError("token: empty");
    context_->set_token(std::move(token));
}

}  // namespace intent
