// The arguments of calls. Compiled once here, and not in each source of a bot.
#include <intent/bodies.hpp>
#include <intent/detail/body_check.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace intent::inline v0 {

namespace detail {

template <class Raw>
Body<Raw>::Body() = default;
template <class Raw>
Body<Raw>::Body(const Body&) = default;
template <class Raw>
Body<Raw>::Body(Body&&) noexcept = default;
template <class Raw>
Body<Raw>& Body<Raw>::operator=(const Body&) = default;
template <class Raw>
Body<Raw>& Body<Raw>::operator=(Body&&) noexcept = default;
template <class Raw>
Body<Raw>::~Body() = default;
template <class Raw>
Body<Raw>::Body(Raw raw) : raw_(std::move(raw)) {}

template class Body<raw::UserEdit>;
template class Body<raw::NewAccount>;
template class Body<raw::Credentials>;
template class Body<raw::NewInvite>;
template class Body<raw::MemberEdit>;
template class Body<raw::NewRole>;
template class Body<raw::RoleEdit>;
template class Body<raw::Embed>;
template class Body<raw::MessageBody>;
template class Body<raw::PageOptions>;
template class Body<raw::NewServer>;
template class Body<raw::ServerEdit>;
template class Body<raw::NewChannel>;
template class Body<raw::ChannelEdit>;
template class Body<raw::NewWebhook>;
template class Body<raw::WebhookEdit>;
template class Body<raw::WebhookBody>;

}  // namespace detail

UserEdit& UserEdit::display_name(std::string text) { return raw_.display_name = std::move(text), *this; }

NewAccount::NewAccount(std::string username, std::string email, Secret password)
    : Body({std::move(username), std::move(email), std::move(password)}) {}

Credentials::Credentials(std::string username_or_email, Secret password)
    : Body({std::move(username_or_email), std::move(password)}) {}

NewInvite& NewInvite::channel(ChannelId id) { return raw_.channel_id = id, *this; }
NewInvite& NewInvite::max_uses(int count) { return raw_.max_uses = count, *this; }
NewInvite& NewInvite::max_age(std::chrono::seconds age) { return raw_.max_age = age, *this; }

MemberEdit& MemberEdit::nickname(std::optional<std::string> text) {
    return raw_.nickname.emplace(std::move(text)), *this;
}
MemberEdit& MemberEdit::roles(const IdList<RoleId>& ids) { return raw_.roles = ids.get(), *this; }

NewRole::NewRole(std::string name) : Body({std::move(name)}) {}
NewRole::NewRole(const char* name) : Body({name}) {}
NewRole& NewRole::permissions(Permissions set) { return raw_.permissions = set, *this; }
NewRole& NewRole::color(std::uint32_t rgb) { return raw_.color = rgb, *this; }
NewRole& NewRole::hoist(bool apart) { return raw_.hoist = apart, *this; }
NewRole& NewRole::mentionable(bool allowed) { return raw_.mentionable = allowed, *this; }

RoleEdit& RoleEdit::name(std::string text) { return raw_.name = std::move(text), *this; }
RoleEdit& RoleEdit::permissions(Permissions set) { return raw_.permissions = set, *this; }
RoleEdit& RoleEdit::position(int index) { return raw_.position = index, *this; }
RoleEdit& RoleEdit::color(std::uint32_t rgb) { return raw_.color = rgb, *this; }
RoleEdit& RoleEdit::hoist(bool apart) { return raw_.hoist = apart, *this; }
RoleEdit& RoleEdit::mentionable(bool allowed) { return raw_.mentionable = allowed, *this; }

MessageBody::MessageBody(std::string content) { raw_.content = std::move(content); }
MessageBody::MessageBody(std::string_view content) { raw_.content = content; }
MessageBody::MessageBody(const char* content) { raw_.content = content; }
MessageBody::MessageBody(const Embed& embed) { raw_.embeds = {embed.get()}; }
MessageBody& MessageBody::content(std::string text) { return raw_.content = std::move(text), *this; }
MessageBody& MessageBody::embed(const Embed& embed) { return raw_.embeds.push_back(embed.get()), *this; }
MessageBody& MessageBody::mls_ciphertext(std::string base64) { return raw_.mls_ciphertext = std::move(base64), *this; }
MessageBody& MessageBody::delete_after(std::chrono::milliseconds time) { return delete_after_ = time, *this; }

PageOptions& PageOptions::limit(int count) { return raw_.limit = count, *this; }
PageOptions& PageOptions::before(MessageId id) { return raw_.before = id, *this; }
PageOptions& PageOptions::after(MessageId id) { return raw_.after = id, *this; }

NewServer::NewServer(std::string name) : Body({std::move(name)}) {}
NewServer::NewServer(const char* name) : Body({name}) {}
NewServer& NewServer::description(std::string text) { return raw_.description = std::move(text), *this; }
NewServer& NewServer::icon(std::string base64) { return raw_.icon = std::move(base64), *this; }

ServerEdit& ServerEdit::name(std::string text) { return raw_.name = std::move(text), *this; }
ServerEdit& ServerEdit::description(std::optional<std::string> text) {
    return raw_.description.emplace(std::move(text)), *this;
}

NewChannel::NewChannel(std::string name, ChannelType type) : Body({std::move(name), type}) {}
NewChannel::NewChannel(const char* name, ChannelType type) : Body({name, type}) {}
NewChannel& NewChannel::topic(std::optional<std::string> text) { return raw_.topic = std::move(text), *this; }
NewChannel& NewChannel::position(int index) { return raw_.position = index, *this; }
NewChannel& NewChannel::parent(std::optional<ChannelId> id) { return raw_.parent_id = id, *this; }

ChannelEdit& ChannelEdit::name(std::string text) { return raw_.name = std::move(text), *this; }
ChannelEdit& ChannelEdit::topic(std::optional<std::string> text) { return raw_.topic.emplace(std::move(text)), *this; }
ChannelEdit& ChannelEdit::position(int index) { return raw_.position = index, *this; }
ChannelEdit& ChannelEdit::parent(std::optional<ChannelId> id) { return raw_.parent_id.emplace(id), *this; }

NewWebhook::NewWebhook(std::string name) : Body({std::move(name)}) {}
NewWebhook::NewWebhook(const char* name) : Body({name}) {}
NewWebhook& NewWebhook::avatar_url(std::string url) { return raw_.avatar_url = std::move(url), *this; }

WebhookEdit& WebhookEdit::name(std::string text) { return raw_.name = std::move(text), *this; }
WebhookEdit& WebhookEdit::avatar_url(std::optional<std::string> url) {
    return raw_.avatar_url.emplace(std::move(url)), *this;
}
WebhookEdit& WebhookEdit::channel(ChannelId id) { return raw_.channel_id = id, *this; }
WebhookEdit& WebhookEdit::enabled(bool on) { return raw_.enabled = on, *this; }

WebhookBody::WebhookBody(std::string content) { raw_.content = std::move(content); }
WebhookBody::WebhookBody(const char* content) { raw_.content = content; }
WebhookBody::WebhookBody(const MessageBody& message) : Body({message.get(), {}, {}, false}) {
    if (message.delete_after()) detail::refuse_delete_after();
}
WebhookBody& WebhookBody::content(std::string text) { return raw_.content = std::move(text), *this; }
WebhookBody& WebhookBody::embed(const Embed& embed) { return raw_.embeds.push_back(embed.get()), *this; }
WebhookBody& WebhookBody::username(std::string name) { return raw_.username = std::move(name), *this; }
WebhookBody& WebhookBody::avatar_url(std::string url) { return raw_.avatar_url = std::move(url), *this; }
WebhookBody& WebhookBody::wait() { return raw_.wait = true, *this; }

}  // namespace intent
