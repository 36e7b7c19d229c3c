// A request that a handler answers.
#pragma once

#include "sandbox/base/fields.hpp"
#include "sandbox/platform/platform.hpp"
#include "sandbox/rest/path_arguments.hpp"
#include "sandbox/rest/request.hpp"

#include <intent/timestamp.hpp>

#include <optional>
#include <string>
#include <utility>

namespace intent::inline v0::sandbox {

/// A request that was routed, authenticated and counted: what every handler takes. A handler that reads an argument
/// which its path does not have throws, and the answer is 500.
///
/// Lifetime: refers to the request.
class Call {
public:
    Call(const RestRequest& request, PathArguments arguments, Timestamp now)
        : request_(request), arguments_(std::move(arguments)), now_(now) {}

    const RestRequest& request() const noexcept { return request_; }
    Timestamp now() const noexcept { return now_; }
    /// The user who makes the request. Only for routes with a bearer token.
    UserId actor() const { return request_.actor.value(); }

    ServerId server() const { return ServerId{arguments_.id("server_id")}; }
    ChannelId channel() const { return ChannelId{arguments_.id("channel_id")}; }
    /// Unset in `/messages/{message_id}` of an unknown message.
    std::optional<ChannelId> channel_of_message() const {
        const auto id = arguments_.find_id("channel_id");
        return id ? std::optional(ChannelId{*id}) : std::nullopt;
    }
    MessageId message() const { return MessageId{arguments_.id("message_id")}; }
    UserId user() const { return UserId{arguments_.id("user_id")}; }
    RoleId role() const { return RoleId{arguments_.id("role_id")}; }
    WebhookId webhook() const { return WebhookId{arguments_.id("webhook_id")}; }
    /// Lifetime: refers to this call.
    WebhookKey webhook_key() const { return {.id = webhook(), .token = arguments_.text("token")}; }
    const std::string& invite_code() const { return arguments_.text("code"); }

    /// Errors: Problem 400 if the body is not a JSON object.
    Fields fields() const { return Fields(request_.body); }
    Query query() const { return Query(request_.query); }

private:
    const RestRequest& request_;
    PathArguments arguments_;
    Timestamp now_;
};

}  // namespace intent::sandbox
