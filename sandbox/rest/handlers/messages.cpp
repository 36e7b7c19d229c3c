// Handlers of messages.
#include "sandbox/base/fields.hpp"
#include "sandbox/base/problem.hpp"
#include "sandbox/rest/handlers/replies.hpp"

namespace intent::inline v0::sandbox {
namespace {

MessageContent read_content(const Fields& fields) {
    return {.content = fields.text("content"), .embeds = fields.embeds(), .ciphertext = fields.text("mls_ciphertext")};
}

Page read_page(const Query& parameters) {
    Page page{.limit = parameters.integer("limit", 1, 100).value_or(50)};
    if (const auto before = parameters.snowflake("before")) page.before = MessageId{*before};
    if (const auto after = parameters.snowflake("after")) page.after = MessageId{*after};
    return page;
}

std::vector<MessageId> read_message_ids(const Fields& fields) {
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

ApiReply Handlers::list_messages(const Call& call) {
    return list("messages", platform_.messages(call.actor(), call.channel(), read_page(call.query())));
}

ApiReply Handlers::create_message(const Call& call) {
    return object_reply(
        201, platform_.create_message(call.actor(), call.channel(), read_content(call.fields()), call.now()));
}

ApiReply Handlers::get_message(const Call& call) {
    return object_reply(200, platform_.message(call.actor(), call.channel(), call.message()));
}

ApiReply Handlers::edit_message(const Call& call) {
    return object_reply(200, platform_.edit_message(call.actor(), call.channel_of_message(), call.message(),
                                                    read_content(call.fields()), call.now()));
}

ApiReply Handlers::delete_message(const Call& call) {
    platform_.delete_message(call.actor(), call.channel_of_message(), call.message());
    return empty_reply();
}

ApiReply Handlers::delete_messages(const Call& call) {
    platform_.delete_messages(call.actor(), call.channel(), read_message_ids(call.fields()));
    return empty_reply();
}

ApiReply Handlers::start_typing(const Call& call) {
    platform_.start_typing(call.actor(), call.channel(), call.now());
    return empty_reply();
}

}  // namespace intent::sandbox
