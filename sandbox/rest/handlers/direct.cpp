// Handlers of direct-message channels (protocol §16).
#include "sandbox/base/fields.hpp"
#include "sandbox/base/problem.hpp"
#include "sandbox/rest/handlers/replies.hpp"

namespace intent::inline v0::sandbox {
namespace {

NewDirect read_direct(const Fields& fields) {
    const auto one = fields.snowflake("recipient_id");
    const auto several = fields.snowflakes("recipient_ids");
    if (one && several) throw invalid("recipient_ids", "give recipient_id or recipient_ids, not both");
    if (one) return {.recipients = {UserId{*one}}};
    if (!several) throw invalid("recipient_id", "required: the id of a user; or recipient_ids, 2-9 of them");
    if (several->size() < 2 || several->size() > 9)
        throw invalid("recipient_ids", "2-9 ids allowed, got " + std::to_string(several->size()));
    NewDirect wanted;
    for (const auto id : *several)
        wanted.recipients.push_back(UserId{id});
    return wanted;
}

}  // namespace

ApiReply Handlers::open_direct_channel(const Call& call) {
    const auto opened = platform_.open_direct(call.actor(), read_direct(call.fields()), call.now());
    return object_reply(opened.is_new ? 201 : 200, opened.channel);
}

ApiReply Handlers::add_recipient(const Call& call) {
    platform_.add_recipient(call.actor(), call.channel(), call.user());
    return empty_reply();
}

ApiReply Handlers::remove_recipient(const Call& call) {
    platform_.remove_recipient(call.actor(), call.channel(), call.user());
    return empty_reply();
}

}  // namespace intent::sandbox
