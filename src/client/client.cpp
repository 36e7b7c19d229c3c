#include "client/client_core.hpp"

#include <intent/client.hpp>
#include <intent/errors.hpp>

#include <string>
#include <utility>

namespace intent {

Client::Client(ClientOptions options) : core_(std::make_shared<detail::ClientCore>(std::move(options))), rest_(core_) {}

Client::Client(Client&&) noexcept = default;

Client& Client::operator=(Client&& other) noexcept {
    if (this != &other) {
        if (core_) core_->stop();
        core_ = std::move(other.core_);
        rest_ = std::move(other.rest_);
    }
    return *this;
}

Client::~Client() {
    if (core_) core_->stop();
}

int Client::run() { return core_->run(); }
void Client::start() { core_->connect(); }
void Client::stop() { core_->stop(); }
std::optional<int> Client::wait(std::chrono::milliseconds timeout) { return core_->wait(timeout); }
task<> Client::sleep_for(std::chrono::milliseconds delay) { return core_->sleep_for(delay); }
void Client::spawn(std::string name, task<> work) { core_->spawn(std::move(name), std::move(work), nullptr); }
void Client::spawn_with(std::string name, task<> work, std::shared_ptr<const void> keep) {
    core_->spawn(std::move(name), std::move(work), std::move(keep));
}

std::optional<User> Client::user() const {
    auto self = core_->self();
    if (!self) return std::nullopt;
    return User(*std::move(self), core_->ref());
}

ConnectionState Client::state() const noexcept { return core_->state(); }

Gauges Client::gauges() const { return core_->gauges(); }

Subscription Client::subscribe(detail::MadeHandler made, bool once) {
    return {core_, made.event, core_->registry().add(made.event, std::move(made.handler), once)};
}

void Subscription::off() {
    if (const auto core = core_.lock()) core->registry().remove(event_, id_);
}

CacheView<Server, ServerId> Client::servers() const { return CacheView<Server, ServerId>(core_); }
CacheView<Channel, ChannelId> Client::channels() const { return CacheView<Channel, ChannelId>(core_); }
CacheView<User, UserId> Client::users() const { return CacheView<User, UserId>(core_); }
CacheView<Member, MemberId> Client::members() const { return CacheView<Member, MemberId>(core_); }
CacheView<Role, RoleId> Client::roles() const { return CacheView<Role, RoleId>(core_); }
CacheView<Message, MessageId> Client::messages() const { return CacheView<Message, MessageId>(core_); }
CacheView<raw::VoiceState, MemberId> Client::voice_states() const {
    return CacheView<raw::VoiceState, MemberId>(core_);
}

namespace {

const raw::Server* kind_of(const Server*) { return nullptr; }
const raw::Channel* kind_of(const Channel*) { return nullptr; }
const raw::User* kind_of(const User*) { return nullptr; }
const raw::Member* kind_of(const Member*) { return nullptr; }
const raw::Role* kind_of(const Role*) { return nullptr; }
const raw::Message* kind_of(const Message*) { return nullptr; }
const raw::VoiceState* kind_of(const raw::VoiceState*) { return nullptr; }

template <class T, class Raw>
T shown(Raw&& raw, detail::ClientCore& core) {
    if constexpr (std::is_same_v<T, std::remove_cvref_t<Raw>>) {
        return std::forward<Raw>(raw);
    } else {
        return T(std::forward<Raw>(raw), core.ref());
    }
}

}  // namespace

template <class T, class Id>
std::optional<T> CacheView<T, Id>::get(Id id) const {
    const auto core = core_.lock();
    if (!core) return std::nullopt;
    auto raw = core->cache(kind_of(static_cast<const T*>(nullptr))).get(id);
    if (!raw) return std::nullopt;
    return shown<T>(*std::move(raw), *core);
}

template <class T, class Id>
std::vector<T> CacheView<T, Id>::all() const {
    std::vector<T> list;
    const auto core = core_.lock();
    if (!core) return list;
    for (auto& raw : core->cache(kind_of(static_cast<const T*>(nullptr))).all())
        list.push_back(shown<T>(std::move(raw), *core));
    return list;
}

template <class T, class Id>
std::size_t CacheView<T, Id>::size() const {
    const auto core = core_.lock();
    return core ? core->cache(kind_of(static_cast<const T*>(nullptr))).size() : 0;
}

template class CacheView<Server, ServerId>;
template class CacheView<Channel, ChannelId>;
template class CacheView<User, UserId>;
template class CacheView<Member, MemberId>;
template class CacheView<Role, RoleId>;
template class CacheView<Message, MessageId>;
template class CacheView<raw::VoiceState, MemberId>;

}  // namespace intent
