// The store's webhooks.
#include "sandbox/store/store.hpp"
#include "sandbox/store/store_rows.hpp"

namespace intent::sandbox {
namespace {

raw::Webhook read_webhook(const Statement& row) {
    raw::Webhook webhook{.id = WebhookId{row.id(0)},
                         .channel_id = ChannelId{row.id(1)},
                         .server_id = ServerId{row.id(2)},
                         .name = row.text(4),
                         .avatar_url = row.optional_text(5),
                         .token = row.text(6),
                         .created_at = timestamp(row.integer(7)),
                         .enabled = row.integer(8) != 0};
    if (!row.is_null(3)) webhook.creator_id = UserId{row.id(3)};
    return webhook;
}

std::vector<raw::Webhook> read_webhooks(Statement row) {
    std::vector<raw::Webhook> webhooks;
    while (row.step())
        webhooks.push_back(read_webhook(row));
    return webhooks;
}

}  // namespace

void Store::add_webhook(const raw::Webhook& webhook) {
    std::optional<std::uint64_t> creator;
    if (webhook.creator_id) creator = webhook.creator_id->value;
    db_.run(
        "INSERT INTO webhooks (id, channel_id, server_id, creator_id, name, avatar_url, token, created_at) VALUES "
        "(?,?,?,?,?,?,?,?)",
        webhook.id.value, webhook.channel_id.value, webhook.server_id.value, creator, webhook.name, webhook.avatar_url,
        webhook.token.reveal(), microseconds(webhook.created_at));
}

std::optional<raw::Webhook> Store::webhook(WebhookId id) {
    auto row = db_.query(
        "SELECT id, channel_id, server_id, creator_id, name, avatar_url, token, created_at, enabled FROM webhooks "
        "WHERE id = ?",
        id.value);
    if (!row.step()) return std::nullopt;
    return read_webhook(row);
}

std::vector<raw::Webhook> Store::webhooks_of(ChannelId channel) {
    return read_webhooks(db_.query(
        "SELECT id, channel_id, server_id, creator_id, name, avatar_url, token, created_at, enabled FROM webhooks "
        "WHERE channel_id = ? ORDER BY id",
        channel.value));
}

std::vector<raw::Webhook> Store::webhooks_of(ServerId server) {
    return read_webhooks(db_.query(
        "SELECT id, channel_id, server_id, creator_id, name, avatar_url, token, created_at, enabled FROM webhooks "
        "WHERE server_id = ? ORDER BY id",
        server.value));
}

void Store::update_webhook(const raw::Webhook& webhook) {
    db_.run("UPDATE webhooks SET channel_id = ?, name = ?, avatar_url = ?, token = ?, enabled = ? WHERE id = ?",
            webhook.channel_id.value, webhook.name, webhook.avatar_url, webhook.token.reveal(),
            webhook.enabled.value_or(true) ? 1 : 0, webhook.id.value);
}

void Store::remove_webhook(WebhookId id) { db_.run("DELETE FROM webhooks WHERE id = ?", id.value); }

}  // namespace intent::sandbox
