// The arguments of calls. Compiled once here, and not in each source of a bot.
#include <intent/bodies.hpp>
#include <intent/detail/body_check.hpp>
#include <intent/raw/bodies.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace intent::inline v0 {

namespace detail {

template <class Raw>
Body<Raw>::Body() noexcept : raw_(nullptr) {}
template <class Raw>
Body<Raw>::Body(Raw raw) : raw_(new Raw(std::move(raw))) {}
template <class Raw>
Body<Raw>::Body(const Body& other) : raw_(other.raw_ ? new Raw(*other.raw_) : nullptr) {}
template <class Raw>
Body<Raw>::Body(Body&& other) noexcept : raw_(std::exchange(other.raw_, nullptr)) {}
template <class Raw>
Body<Raw>& Body<Raw>::operator=(const Body& other) {
    return *this = Body(other);
}
template <class Raw>
Body<Raw>& Body<Raw>::operator=(Body&& other) noexcept {
    delete std::exchange(raw_, std::exchange(other.raw_, nullptr));
    return *this;
}
template <class Raw>
Body<Raw>::~Body() {
    delete raw_;
}

template <class Raw>
const Raw& Body<Raw>::get() const noexcept {
    static const Raw defaults{};
    return raw_ ? *raw_ : defaults;
}
template <class Raw>
Raw& Body<Raw>::fields() {
    if (!raw_) raw_ = new Raw{};
    return *raw_;
}

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

UserEdit& UserEdit::display_name(std::string text) { return fields().display_name = std::move(text), *this; }

NewAccount::NewAccount(std::string username, std::string email, Secret password)
    : Body({std::move(username), std::move(email), std::move(password)}) {}

Credentials::Credentials(std::string username_or_email, Secret password)
    : Body({std::move(username_or_email), std::move(password)}) {}

NewInvite& NewInvite::channel(ChannelId id) { return fields().channel_id = id, *this; }
NewInvite& NewInvite::max_uses(int count) { return fields().max_uses = count, *this; }
NewInvite& NewInvite::max_age(std::chrono::seconds age) { return fields().max_age = age, *this; }

MemberEdit& MemberEdit::nickname(std::optional<std::string> text) {
    return fields().nickname.emplace(std::move(text)), *this;
}
MemberEdit& MemberEdit::roles(const IdList<RoleId>& ids) { return fields().roles = ids.get(), *this; }

NewRole::NewRole(std::string name) : Body({std::move(name)}) {}
NewRole::NewRole(const char* name) : Body({name}) {}
NewRole& NewRole::permissions(Permissions set) { return fields().permissions = set, *this; }
NewRole& NewRole::color(std::uint32_t rgb) { return fields().color = rgb, *this; }
NewRole& NewRole::hoist(bool apart) { return fields().hoist = apart, *this; }
NewRole& NewRole::mentionable(bool allowed) { return fields().mentionable = allowed, *this; }

RoleEdit& RoleEdit::name(std::string text) { return fields().name = std::move(text), *this; }
RoleEdit& RoleEdit::permissions(Permissions set) { return fields().permissions = set, *this; }
RoleEdit& RoleEdit::position(int index) { return fields().position = index, *this; }
RoleEdit& RoleEdit::color(std::uint32_t rgb) { return fields().color = rgb, *this; }
RoleEdit& RoleEdit::hoist(bool apart) { return fields().hoist = apart, *this; }
RoleEdit& RoleEdit::mentionable(bool allowed) { return fields().mentionable = allowed, *this; }

MessageBody::MessageBody(std::string content) { fields().content = std::move(content); }
MessageBody::MessageBody(std::string_view content) { fields().content = content; }
MessageBody::MessageBody(const char* content) { fields().content = content; }
MessageBody::MessageBody(const Embed& embed) { fields().embeds = {embed.get()}; }
MessageBody& MessageBody::content(std::string text) { return fields().content = std::move(text), *this; }
MessageBody& MessageBody::embed(const Embed& embed) { return fields().embeds.push_back(embed.get()), *this; }
MessageBody& MessageBody::mls_ciphertext(std::string base64) {
    return fields().mls_ciphertext = std::move(base64), *this;
}
MessageBody& MessageBody::delete_after(std::chrono::milliseconds time) { return delete_after_ = time, *this; }

PageOptions& PageOptions::limit(int count) { return fields().limit = count, *this; }
PageOptions& PageOptions::before(MessageId id) { return fields().before = id, *this; }
PageOptions& PageOptions::after(MessageId id) { return fields().after = id, *this; }

NewServer::NewServer(std::string name) : Body({std::move(name)}) {}
NewServer::NewServer(const char* name) : Body({name}) {}
NewServer& NewServer::description(std::string text) { return fields().description = std::move(text), *this; }
NewServer& NewServer::icon(std::string base64) { return fields().icon = std::move(base64), *this; }

ServerEdit& ServerEdit::name(std::string text) { return fields().name = std::move(text), *this; }
ServerEdit& ServerEdit::description(std::optional<std::string> text) {
    return fields().description.emplace(std::move(text)), *this;
}

NewChannel::NewChannel(std::string name, ChannelType type) : Body({std::move(name), type}) {}
NewChannel::NewChannel(const char* name, ChannelType type) : Body({name, type}) {}
NewChannel& NewChannel::topic(std::optional<std::string> text) { return fields().topic = std::move(text), *this; }
NewChannel& NewChannel::position(int index) { return fields().position = index, *this; }
NewChannel& NewChannel::parent(std::optional<ChannelId> id) { return fields().parent_id = id, *this; }

ChannelEdit& ChannelEdit::name(std::string text) { return fields().name = std::move(text), *this; }
ChannelEdit& ChannelEdit::topic(std::optional<std::string> text) {
    return fields().topic.emplace(std::move(text)), *this;
}
ChannelEdit& ChannelEdit::position(int index) { return fields().position = index, *this; }
ChannelEdit& ChannelEdit::parent(std::optional<ChannelId> id) { return fields().parent_id.emplace(id), *this; }

NewWebhook::NewWebhook(std::string name) : Body({std::move(name)}) {}
NewWebhook::NewWebhook(const char* name) : Body({name}) {}
NewWebhook& NewWebhook::avatar_url(std::string url) { return fields().avatar_url = std::move(url), *this; }

WebhookEdit& WebhookEdit::name(std::string text) { return fields().name = std::move(text), *this; }
WebhookEdit& WebhookEdit::avatar_url(std::optional<std::string> url) {
    return fields().avatar_url.emplace(std::move(url)), *this;
}
WebhookEdit& WebhookEdit::channel(ChannelId id) { return fields().channel_id = id, *this; }
WebhookEdit& WebhookEdit::enabled(bool on) { return fields().enabled = on, *this; }

WebhookBody::WebhookBody(std::string content) { fields().content = std::move(content); }
WebhookBody::WebhookBody(const char* content) { fields().content = content; }
WebhookBody::WebhookBody(const MessageBody& message) : Body({message.get(), {}, {}, false}) {
    if (message.delete_after()) detail::refuse_delete_after();
}
WebhookBody& WebhookBody::content(std::string text) { return fields().content = std::move(text), *this; }
WebhookBody& WebhookBody::embed(const Embed& embed) { return fields().embeds.push_back(embed.get()), *this; }
WebhookBody& WebhookBody::username(std::string name) { return fields().username = std::move(name), *this; }
WebhookBody& WebhookBody::avatar_url(std::string url) { return fields().avatar_url = std::move(url), *this; }
WebhookBody& WebhookBody::wait() { return fields().wait = true, *this; }

}  // namespace intent
