#include "client/rest_client_settings.hpp"
#include "client/rest_core.hpp"
#include "codec/convert.hpp"
#include "rest/request.hpp"

#include <intent/errors.hpp>
#include <intent/rest.hpp>

#include <utility>

namespace intent {

namespace {

using Core = std::shared_ptr<detail::RestCore>;

[[noreturn]] void unreadable(const rest::Call& call, const net::HttpResponse& answer, const codec::Failure& failure) {
    const auto& request = std::get<rest::Request>(call);
    throw DecodeError(request.method + " " + request.route + ": " + std::to_string(answer.status) +
                      " with an unreadable body: " + failure.text());
}

// These are coroutines that own all they use: the RestClient may go away while they run.

template <class Structure, class Raw>
task<Structure> call_for_one(Core core, rest::Call call, std::string_view key) {
    detail::RestCall running(core, call);
    const auto answer = co_await running;
    auto value = codec::from_json_wrapped<Raw>(answer.body, key);
    if (!value) unreadable(call, answer, value.failure());
    if constexpr (!std::is_same_v<Raw, raw::Message>) core->saw(*value);
    co_return Structure(*std::move(value), ClientRef(core));
}

template <class Structure, class Raw>
task<std::vector<Structure>> call_for_list(Core core, rest::Call call, std::string_view key) {
    detail::RestCall running(core, call);
    const auto answer = co_await running;
    auto values = codec::from_json_list<Raw>(answer.body, key);
    if (!values) unreadable(call, answer, values.failure());
    std::vector<Structure> list;
    list.reserve(values->size());
    for (auto& value : *values) {
        if constexpr (std::is_same_v<Raw, raw::Server> || std::is_same_v<Raw, raw::Channel>) core->saw(value);
        list.emplace_back(std::move(value), ClientRef(core));
    }
    co_return list;
}

task<std::vector<Member>> call_for_members(Core core, ServerId server, rest::Call call) {
    detail::RestCall running(core, call);
    const auto answer = co_await running;
    std::vector<Member> list;
    if (auto members = codec::from_json_list<raw::Member>(answer.body, "members")) {
        for (auto& member : *members)
            list.emplace_back(std::move(member), ClientRef(core));
        co_return list;
    }
    auto users = codec::from_json_list<raw::User>(answer.body, "members");
    if (!users) unreadable(call, answer, users.failure());
    for (auto& user : *users) {
        raw::Member member;
        member.user = std::move(user);
        member.server_id = server;
        list.emplace_back(std::move(member), ClientRef(core));
    }
    co_return list;
}

task<> call_for_nothing(Core core, rest::Call call) {
    detail::RestCall running(std::move(core), std::move(call));
    co_await running;
}

task<std::string> call_for_text(Core core, rest::Call call) {
    detail::RestCall running(std::move(core), std::move(call));
    auto answer = co_await running;
    co_return std::move(answer.body);
}

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
task<std::vector<Member>> RestClient::get_members(ServerId id) {
    return call_for_members(core_, id, rest::get_members(id));
}

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

task<User> RestClient::get_current_user() { return one_user(core_, rest::get_current_user()); }
task<User> RestClient::get_user(UserId id) { return one_user(core_, rest::get_user(id)); }

task<std::string> RestClient::get_json(std::string path) { return call_for_text(core_, rest::get_path(path)); }

task<RateLimitInfo> RestClient::message_limit(ChannelId channel) {
    return call_for_limits(core_, rest::message_bucket(channel));
}

void RestClient::set_token(Token token) {
    if (token.empty()) throw ConfigError("token: empty");
    core_->set_token(std::move(token));
}

}  // namespace intent
