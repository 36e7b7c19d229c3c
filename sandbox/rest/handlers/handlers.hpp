// What the routes do: a function for each (protocol §9).
#pragma once

#include "sandbox/platform/platform.hpp"
#include "sandbox/rest/call.hpp"
#include "sandbox/rest/reply.hpp"

#include <intent/sandbox/options.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::inline v0::sandbox {

/// Reads what a request contains, lets the platform do it, and writes the answer. routes.cpp lists which request calls
/// which handler.
///
/// Errors: Problem for a refusal, SqliteError from the store.
/// Threads: one at a time.
class Handlers {
public:
    Handlers(Platform& platform, Store& store, Dialect dialect)
        : platform_(platform), store_(store), dialect_(dialect) {}

    /// The address of the API, for the URLs of webhooks; they have none until it is set.
    void set_base(std::string url) { base_ = std::move(url); }
    /// The address of the only voice region.
    void set_voice_endpoint(std::string url) { voice_endpoint_ = std::move(url); }

    ApiReply list_servers(const Call& call);
    ApiReply create_server(const Call& call);
    ApiReply get_server(const Call& call);
    ApiReply edit_server(const Call& call);
    ApiReply delete_server(const Call& call);
    ApiReply leave_server(const Call& call);

    ApiReply list_channels(const Call& call);
    ApiReply create_channel(const Call& call);
    ApiReply get_channel(const Call& call);
    ApiReply edit_channel(const Call& call);
    ApiReply delete_channel(const Call& call);

    ApiReply list_messages(const Call& call);
    ApiReply create_message(const Call& call);
    ApiReply get_message(const Call& call);
    ApiReply edit_message(const Call& call);
    ApiReply delete_message(const Call& call);
    ApiReply delete_messages(const Call& call);
    ApiReply start_typing(const Call& call);

    ApiReply list_members(const Call& call);
    ApiReply get_own_member(const Call& call);
    ApiReply edit_own_member(const Call& call);
    ApiReply get_member(const Call& call);
    ApiReply edit_member(const Call& call);
    ApiReply kick_member(const Call& call);

    ApiReply list_roles(const Call& call);
    ApiReply create_role(const Call& call);
    ApiReply edit_role(const Call& call);
    ApiReply delete_role(const Call& call);

    ApiReply list_invites(const Call& call);
    ApiReply create_invite(const Call& call);
    ApiReply create_channel_invite(const Call& call);
    ApiReply get_invite(const Call& call);
    ApiReply accept_invite(const Call& call);
    ApiReply delete_invite(const Call& call);

    ApiReply list_channel_webhooks(const Call& call);
    ApiReply list_server_webhooks(const Call& call);
    ApiReply create_webhook(const Call& call);
    ApiReply get_webhook(const Call& call);
    ApiReply edit_webhook(const Call& call);
    ApiReply delete_webhook(const Call& call);
    ApiReply regenerate_webhook_token(const Call& call);
    ApiReply get_webhook_by_token(const Call& call);
    ApiReply edit_webhook_by_token(const Call& call);
    ApiReply delete_webhook_by_token(const Call& call);
    ApiReply execute_webhook(const Call& call);
    ApiReply get_webhook_message(const Call& call);
    ApiReply edit_webhook_message(const Call& call);
    ApiReply delete_webhook_message(const Call& call);

    ApiReply get_me(const Call& call);
    ApiReply edit_me(const Call& call);
    ApiReply get_user(const Call& call);
    ApiReply register_user(const Call& call);
    ApiReply log_in(const Call& call);
    ApiReply log_out(const Call& call);

    ApiReply open_direct_channel(const Call& call);
    ApiReply add_recipient(const Call& call);
    ApiReply remove_recipient(const Call& call);

    ApiReply list_voice_regions(const Call& call);
    ApiReply create_turn_credentials(const Call& call);

private:
    /// Wrapped under `key` in the dialect that wraps; without a key, plain in every dialect.
    template <class T>
    ApiReply list(std::string_view key, const std::vector<T>& items) const;
    ApiReply list_json(std::string_view key, const std::vector<std::string>& items) const;
    ApiReply list_webhooks(std::vector<raw::Webhook> webhooks) const;
    ApiReply webhook_reply(int status, raw::Webhook webhook) const;
    ApiReply own_webhook_reply(raw::Webhook webhook) const;
    void add_url(raw::Webhook& webhook) const;

    Platform& platform_;
    Store& store_;
    Dialect dialect_;
    std::string base_ = {};
    std::string voice_endpoint_ = {};
};

}  // namespace intent::sandbox
