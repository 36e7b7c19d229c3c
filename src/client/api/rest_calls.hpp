// The coroutines of REST calls, one per call.
#pragma once

#include "client/api/awaiters.hpp"
#include "codec/convert.hpp"
#include "rest/request.hpp"

#include <intent/errors.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::client {

[[noreturn]] inline void unreadable(const Context& context, const rest::Request& request,
                                    const net::HttpResponse& answer, const codec::Failure& failure) {
    const auto secrets = context->tokens().secrets().with(request.secret);
    throw DecodeError(request.method + " " + request.route + ": " + std::to_string(answer.status) +
                      " with an unreadable body: " + secrets.redact(failure.text()));
}

/// The types of values that REST answers add to the caches.
template <class Raw>
concept Cached = requires(Freshness& freshness, const Raw& value) {
    freshness.fresh(value, Freshness::Mark{});
};

template <class Raw>
void take(const Context& context, const Raw& value, const UnderWay& call) {
    if constexpr (Cached<Raw>) context->dispatcher().caches().take(value, call.mark());
}

// These coroutines own everything they use: the RestClient may be destroyed while they run.

template <class Structure, class Raw>
task<Structure> call_for_one(Context context, rest::Call call, std::string_view key) {
    const UnderWay under_way(&context->dispatcher().caches().freshness());
    RestCall running(context, std::move(call));
    const auto answer = co_await running;
    auto value = codec::from_json_wrapped<Raw>(answer.body, key);
    if (!value) unreadable(context, running.request(), answer, value.failure());
    take(context, *value, under_way);
    co_return Structure(*std::move(value), context->ref());
}

template <class Structure, class Raw>
task<std::vector<Structure>> call_for_list(Context context, rest::Call call, std::string_view key) {
    const UnderWay under_way(&context->dispatcher().caches().freshness());
    RestCall running(context, std::move(call));
    const auto answer = co_await running;
    auto values = codec::from_json_list<Raw>(answer.body, key);
    if (!values) unreadable(context, running.request(), answer, values.failure());
    std::vector<Structure> list;
    list.reserve(values->size());
    for (auto& value : *values) {
        take(context, value, under_way);
        list.emplace_back(std::move(value), context->ref());
    }
    co_return list;
}

/// A value of plain data.
template <class Raw>
task<Raw> call_for_value(Context context, rest::Call call) {
    RestCall running(context, std::move(call));
    const auto answer = co_await running;
    auto value = codec::from_json<Raw>(answer.body);
    if (!value) unreadable(context, running.request(), answer, value.failure());
    co_return *std::move(value);
}

template <class Raw>
task<std::vector<Raw>> call_for_values(Context context, rest::Call call, std::string_view key) {
    RestCall running(context, std::move(call));
    const auto answer = co_await running;
    auto values = codec::from_json_list<Raw>(answer.body, key);
    if (!values) unreadable(context, running.request(), answer, values.failure());
    co_return *std::move(values);
}

task<> call_for_nothing(Context context, rest::Call call);

enum class EmptyAnswer { refused, allowed };

/// Returns the JSON text of an answer. Errors: DecodeError if the answer is not JSON.
task<std::string> call_for_json(Context context, rest::Call call, EmptyAnswer empty);

// Types of answers that several calls share.

task<Server> one_server(Context context, rest::Call call);
task<Channel> one_channel(Context context, rest::Call call);
task<Message> one_message(Context context, rest::Call call);
task<User> one_user(Context context, rest::Call call);
task<Role> one_role(Context context, rest::Call call);
task<Invite> one_invite(Context context, rest::Call call);
task<Webhook> one_webhook(Context context, rest::Call call);
task<Member> one_member(Context context, ServerId server, rest::Call call);
task<std::vector<Channel>> channel_list(Context context, rest::Call call);
task<std::vector<Message>> message_list(Context context, rest::Call call);
task<std::vector<Role>> role_list(Context context, rest::Call call);
task<std::vector<Invite>> invite_list(Context context, rest::Call call);
task<std::vector<Webhook>> webhook_list(Context context, rest::Call call);
task<std::vector<Member>> member_list(Context context, ServerId server, rest::Call call);
task<AcceptedInvite> accepted_invite(Context context, rest::Call call);
/// Returns the message that a webhook posted, if the answer contains it. `waits`: the answer must contain it.
task<std::optional<Message>> webhook_execution(Context context, rest::Call call, bool waits);

}  // namespace intent::client
