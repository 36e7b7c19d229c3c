// The store's webhooks.
#include "sandbox/store/store.hpp"
#include "sandbox/store/store_rows.hpp"

namespace intent::inline v0::sandbox {
namespace {

raw::Webhook read_webhook(const Statement& row) {
    return {.id = WebhookId{row.id(0)},
            .channel_id = ChannelId{row.id(1)},
            .server_id = ServerId{row.id(2)},
            .creator_id = row.optional_id<UserId>(3),
            .name = row.text(4),
            .avatar_url = row.optional_text(5),
            .token = row.text(6),
            .created_at = row.time(7),
            .enabled = row.boolean(8)};
}

std::string select_webhooks(std::string_view condition) {
    return std::string(
               "SELECT id, channel_id, server_id, creator_id, name, avatar_url, token, created_at, enabled "
               "FROM webhooks WHERE ")
        .append(condition);
}

}  // namespace

void Store::add_webhook(const raw::Webhook& webhook) {
    db_.run(
        "INSERT INTO webhooks (id, channel_id, server_id, creator_id, name, avatar_url, token, created_at) VALUES "
        "(?,?,?,?,?,?,?,?)",
        webhook.id, webhook.channel_id, webhook.server_id, webhook.creator_id, webhook.name, webhook.avatar_url,
        webhook.token.reveal(), webhook.created_at);
}

std::optional<raw::Webhook> Store::webhook(WebhookId id) {
    return db_.query(select_webhooks("id = ?"), id).first(read_webhook);
}

std::vector<raw::Webhook> Store::webhooks_of(ChannelId channel) {
    return db_.query(select_webhooks("channel_id = ? ORDER BY id"), channel).all(read_webhook);
}

std::vector<raw::Webhook> Store::webhooks_of(ServerId server) {
    return db_.query(select_webhooks("server_id = ? ORDER BY id"), server).all(read_webhook);
}

void Store::update_webhook(const raw::Webhook& webhook) {
    db_.run("UPDATE webhooks SET channel_id = ?, name = ?, avatar_url = ?, token = ?, enabled = ? WHERE id = ?",
            webhook.channel_id, webhook.name, webhook.avatar_url, webhook.token.reveal(),
            webhook.enabled.value_or(true), webhook.id);
}

void Store::remove_webhook(WebhookId id) { db_.run("DELETE FROM webhooks WHERE id = ?", id); }

}  // namespace intent::sandbox
