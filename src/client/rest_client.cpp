#include "client/rest_calls.hpp"
#include "client/rest_client_settings.hpp"

#include <intent/errors.hpp>
#include <intent/rest.hpp>

#include <utility>

namespace intent {

namespace {

using client::call_for_json;
using client::call_for_list;
using client::call_for_nothing;
using client::call_for_one;
using client::Core;
using client::EmptyAnswer;

task<Server> one_server(const Core& core, rest::Call call) {
    return call_for_one<Server, raw::Server>(core, std::move(call), "server");
}
task<Channel> one_channel(const Core& core, rest::Call call) {
    return call_for_one<Channel, raw::Channel>(core, std::move(call), "channel");
}
task<Message> one_message(const Core& core, rest::Call call) {
    return call_for_one<Message, raw::Message>(core, std::move(call), "message");
}
task<RateLimitInfo> call_for_limits(Core core, std::string bucket) {
    detail::LimitsCall running(std::move(core), std::move(bucket));
    const limits::RouteLimits known = co_await running;
    RateLimitInfo info;
    if (known.limit) info.limit = static_cast<int>(*known.limit);
    if (known.remaining) info.remaining = static_cast<int>(*known.remaining);
    if (known.reset_in) info.reset_after = std::chrono::ceil<std::chrono::milliseconds>(*known.reset_in);
    info.waiting = known.queued;
    co_return info;
}

task<User> one_user(const Core& core, rest::Call call) {
    return call_for_one<User, raw::User>(core, std::move(call), "user");
}

}  // namespace

RestClient::RestClient(RestOptions options)
    : core_(std::make_shared<detail::RestCore>(client::rest_settings(std::move(options)))), owns_thread_(true) {}

RestClient::RestClient(std::shared_ptr<detail::RestCore> core) : core_(std::move(core)) {}

RestClient::RestClient(RestClient&&) noexcept = default;

RestClient& RestClient::operator=(RestClient&& other) noexcept {
    if (this != &other) {
        if (core_ && owns_thread_) core_->stop();
        core_ = std::move(other.core_);
        owns_thread_ = other.owns_thread_;
    }
    return *this;
}

RestClient::~RestClient() {
    if (core_ && owns_thread_) core_->stop();
}

task<std::vector<Server>> RestClient::get_servers() {
    return call_for_list<Server, raw::Server>(core_, rest::get_servers(), "servers");
}
task<Server> RestClient::get_server(ServerId id) { return one_server(core_, rest::get_server(id)); }
task<Server> RestClient::create_server(NewServer server) { return one_server(core_, rest::create_server(server)); }
task<Server> RestClient::edit_server(ServerId id, ServerEdit changes) {
    return one_server(core_, rest::edit_server(id, changes));
}
task<> RestClient::delete_server(ServerId id) { return call_for_nothing(core_, rest::delete_server(id)); }
task<> RestClient::leave_server(ServerId id) { return call_for_nothing(core_, rest::leave_server(id)); }

task<std::vector<Channel>> RestClient::get_channels(ServerId id) {
    return call_for_list<Channel, raw::Channel>(core_, rest::get_channels(id), "channels");
}
task<Channel> RestClient::get_channel(ChannelId id) { return one_channel(core_, rest::get_channel(id)); }
task<Channel> RestClient::create_channel(ServerId id, NewChannel channel) {
    return one_channel(core_, rest::create_channel(id, channel));
}
task<Channel> RestClient::edit_channel(ChannelId id, ChannelEdit changes) {
    return one_channel(core_, rest::edit_channel(id, changes));
}
task<> RestClient::delete_channel(ChannelId id) { return call_for_nothing(core_, rest::delete_channel(id)); }

task<std::vector<Message>> RestClient::get_messages(ChannelId channel, PageOptions page) {
    return call_for_list<Message, raw::Message>(core_, rest::get_messages(channel, page), "messages");
}
task<Message> RestClient::get_message(ChannelId channel, MessageId id) {
    return one_message(core_, rest::get_message(channel, id));
}
task<Message> RestClient::create_message(ChannelId channel, MessageBody body) {
    return one_message(core_, rest::create_message(channel, body));
}
task<Message> RestClient::edit_message(ChannelId channel, MessageId id, MessageBody body) {
    return one_message(core_, rest::edit_message(channel, id, body));
}
task<> RestClient::delete_message(ChannelId channel, MessageId id) {
    return call_for_nothing(core_, rest::delete_message(channel, id));
}
task<> RestClient::delete_messages(ChannelId channel, IdList<MessageId> ids) {
    return call_for_nothing(core_, rest::delete_messages(channel, ids.get()));
}

task<> RestClient::trigger_typing(ChannelId channel) { return call_for_nothing(core_, rest::trigger_typing(channel)); }

task<Channel> RestClient::create_dm(UserId recipient) { return one_channel(core_, rest::create_dm(recipient)); }
task<Channel> RestClient::create_dm(IdList<UserId> recipients) {
    return one_channel(core_, rest::create_dm(recipients.get()));
}
task<> RestClient::add_recipient(ChannelId channel, UserId user) {
    return call_for_nothing(core_, rest::add_recipient(channel, user));
}
task<> RestClient::remove_recipient(ChannelId channel, UserId user) {
    return call_for_nothing(core_, rest::remove_recipient(channel, user));
}

task<User> RestClient::get_current_user() { return one_user(core_, rest::get_current_user()); }
task<User> RestClient::edit_current_user(UserEdit changes) { return one_user(core_, rest::edit_current_user(changes)); }
task<User> RestClient::get_user(UserId id) { return one_user(core_, rest::get_user(id)); }

task<std::string> RestClient::get_json(std::string path) {
    return call_for_json(core_, rest::get_path(path), EmptyAnswer::refused);
}

task<std::string> RestClient::call_json(std::string method, std::string path, std::string body) {
    return call_for_json(core_, rest::any_path(method, path, body), EmptyAnswer::allowed);
}

task<RateLimitInfo> RestClient::message_limit(ChannelId channel) {
    return call_for_limits(core_, rest::message_bucket(channel));
}

void RestClient::set_token(Token token) {
    if (token.empty()) throw ConfigError("token: empty");
    core_->set_token(std::move(token));
}

}  // namespace intent
