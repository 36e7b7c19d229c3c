// Routes of messages.
#include "sandbox/base/fields.hpp"
#include "sandbox/base/problem.hpp"
#include "sandbox/rest/api_replies.hpp"

namespace intent::sandbox {
namespace {

MessageContent read_content(const std::string& body) {
    const Fields fields(body);
    return {.content = fields.text("content"), .embeds = fields.embeds(), .ciphertext = fields.text("mls_ciphertext")};
}

Page read_page(const std::string& query) {
    const Query parameters(query);
    Page page{.limit = parameters.integer("limit", 1, 100).value_or(50)};
    if (const auto before = parameters.snowflake("before")) page.before = MessageId{*before};
    if (const auto after = parameters.snowflake("after")) page.after = MessageId{*after};
    return page;
}

std::vector<MessageId> read_message_ids(const std::string& body) {
    const Fields fields(body);
    auto ids = fields.snowflakes("messages");
    if (!ids) ids = fields.snowflakes("message_ids");
    if (!ids) throw invalid("messages", "required: the ids of 1-100 messages");
    if (ids->empty() || ids->size() > 100)
        throw invalid("messages", "1-100 ids allowed, got " + std::to_string(ids->size()));
    std::vector<MessageId> messages;
    for (const auto id : *ids)
        messages.push_back(MessageId{id});
    return messages;
}

}  // namespace

ApiReply Api::run_messages(const Call& call) {
    const MessageId id{call.match.message_id.value_or(0)};
    std::optional<ChannelId> channel;
    if (call.match.channel_id) channel = ChannelId{*call.match.channel_id};
    switch (call.match.route) {
        case Route::list_messages:
            return list("messages", platform_.messages(call.actor, *channel, read_page(call.request.query)));
        case Route::create_message:
            return object_reply(
                201, platform_.create_message(call.actor, *channel, read_content(call.request.body), call.now));
        case Route::get_message:
            return object_reply(200, platform_.message(call.actor, channel, id));
        case Route::edit_message:
            return object_reply(
                200, platform_.edit_message(call.actor, channel, id, read_content(call.request.body), call.now));
        case Route::delete_messages:
            platform_.delete_messages(call.actor, *channel, read_message_ids(call.request.body));
            return empty_reply();
        case Route::start_typing:
            platform_.start_typing(call.actor, *channel, call.now);
            return empty_reply();
        default:
            platform_.delete_message(call.actor, channel, id);
            return empty_reply();
    }
}

}  // namespace intent::sandbox
