#include "codec/convert.hpp"
#include "sandbox/api/sandbox_impl.hpp"

#include <intent/errors.hpp>
#include <intent/sandbox.hpp>

namespace intent {

Sandbox::Sandbox(sandbox::Options options) {
    auto bots = std::exchange(options.bots, {});
    if (bots.empty()) bots.push_back({.name = "bot"});
    try {
        impl_ = std::make_shared<Impl>(std::move(options), std::move(bots));
    } catch (const sandbox::SqliteError& error) {
        throw Error(std::string("the sandbox's database: ") + error.what());
    }
    impl_->host.start();
}

Sandbox::~Sandbox() {
    if (impl_) stop();
}

Sandbox::Sandbox(Sandbox&&) noexcept = default;

Sandbox& Sandbox::operator=(Sandbox&& other) noexcept {
    if (this == &other) return *this;
    if (impl_) stop();
    impl_ = std::move(other.impl_);
    return *this;
}

void Sandbox::stop() {
    const std::unique_lock lock(impl_->mutex);
    if (std::exchange(impl_->stopped, true)) return;
    impl_->host.stop();
}

std::string Sandbox::gateway_url() const { return impl_->host.addresses().gateway; }
std::string Sandbox::rest_url() const { return impl_->host.addresses().rest; }
std::string Sandbox::web_url() const { return impl_->host.addresses().web; }
ServerId Sandbox::server() const { return impl_->host.seed_server(); }
ChannelId Sandbox::general() const { return impl_->host.seed_channel(); }

Token Sandbox::bot_token(std::string_view name) const {
    const std::string bot = name.empty() ? impl_->first_bot : std::string(name);
    return impl_->as(bot, [&](UserId id, Timestamp now) {
        const auto account = impl_->parts().store.account(id);
        const auto token = impl_->parts().store.token_of(id, now);
        if (!account->is_bot || !token) throw ConfigError("there is no bot \"" + bot + "\"");
        return Token(*token);
    });
}

Token Sandbox::user_token(std::string_view name) const {
    return impl_->as(name, [&](UserId id, Timestamp now) { return Token(impl_->parts().platform.token_for(id, now)); });
}

UserId Sandbox::user_id(std::string_view name) const {
    return impl_->as(name, [](UserId id, Timestamp) { return id; });
}

UserId Sandbox::add_user(std::string_view name) {
    return impl_->call([&] {
        return impl_->parts().platform.add_user(name, std::nullopt, "", impl_->parts().clock.read().system).id;
    });
}

ServerId Sandbox::create_server(std::string_view user, std::string_view name) {
    return impl_->as(user, [&](UserId id, Timestamp now) {
        return impl_->parts().platform.create_server(id, {.name = std::string(name)}, now).id;
    });
}

void Sandbox::add_member(ServerId server, std::string_view user) {
    impl_->as(user, [&](UserId id, Timestamp now) { impl_->parts().platform.add_member(server, id, now); });
}

ChannelId Sandbox::create_channel(std::string_view user, ServerId server, std::string_view name) {
    return impl_->as(user, [&](UserId id, Timestamp now) {
        return impl_->parts().platform.create_channel(id, server, {.name = std::string(name)}, now).id;
    });
}

ChannelId Sandbox::open_direct(std::string_view user, const std::vector<std::string>& others) {
    return this->user(user).open_direct(others);
}

MessageId Sandbox::say(std::string_view user, ChannelId channel, std::string_view content) {
    return impl_->as(user, [&](UserId id, Timestamp now) {
        return impl_->parts().platform.create_message(id, channel, {.content = std::string(content)}, now).id;
    });
}

void Sandbox::edit(std::string_view user, ChannelId channel, MessageId message, std::string_view content) {
    impl_->as(user, [&](UserId id, Timestamp now) {
        impl_->parts().platform.edit_message(id, channel, message, {.content = std::string(content)}, now);
    });
}

void Sandbox::remove(std::string_view user, ChannelId channel, MessageId message) {
    impl_->as(user, [&](UserId id, Timestamp) { impl_->parts().platform.delete_message(id, channel, message); });
}

std::vector<raw::Message> Sandbox::messages(ChannelId channel) const {
    return impl_->call([&] { return impl_->parts().store.all_messages(channel); });
}

void Sandbox::drop_connections() {
    impl_->call([&] { impl_->host.perform(impl_->parts().gateway.cut_all(impl_->parts().clock.read().steady)); });
}

void Sandbox::close_connections(std::uint16_t code, std::string_view reason) {
    impl_->call([&] {
        sandbox::check(sandbox::fault::close(code, std::string(reason)));
        impl_->host.perform(impl_->parts().gateway.close_all(impl_->parts().clock.read().steady, code, reason));
    });
}

void Sandbox::forget_sessions() {
    impl_->call(
        [&] { impl_->host.perform(impl_->parts().gateway.forget_detached(impl_->parts().clock.read().steady)); });
}

void Sandbox::dispatch(std::string_view event, std::string_view json) {
    auto data = codec::json_to_msgpack(json);
    if (!data) throw ConfigError("json: " + data.failure().text());
    impl_->call([&] {
        auto& parts = impl_->parts();
        impl_->host.perform(
            parts.gateway.dispatch(parts.clock.read().steady, {.name = std::string(event), .data = std::move(*data)}));
    });
}

std::size_t Sandbox::dispatch(std::string_view event, std::string_view json, const std::vector<std::string>& users) {
    auto data = codec::json_to_msgpack(json);
    if (!data) throw ConfigError("json: " + data.failure().text());
    return impl_->call([&] {
        auto& parts = impl_->parts();
        sandbox::SessionChoice choice{.users = std::vector<UserId>()};
        for (const auto& user : users)
            choice.users->push_back(impl_->id_of(user));
        std::size_t reached = 0;
        impl_->host.perform(parts.gateway.dispatch_to(
            parts.clock.now(), {.name = std::string(event), .data = std::move(*data)}, choice, reached));
        return reached;
    });
}

void Sandbox::send_op(std::uint8_t op, std::string_view json) {
    const auto data = codec::json_to_msgpack(json);
    if (!data) throw ConfigError("json: " + data.failure().text());
    impl_->call([&] {
        std::size_t reached = 0;
        impl_->host.perform(impl_->parts().gateway.send_to(static_cast<codec::Opcode>(op), *data, {}, reached));
    });
}

std::size_t Sandbox::sessions() const {
    return impl_->call([&] { return impl_->parts().gateway.attached_sessions(); });
}

std::size_t Sandbox::connections() const {
    return impl_->call([&] { return impl_->parts().gateway.connections(); });
}

std::size_t Sandbox::identifies() const {
    return impl_->call([&] { return impl_->parts().gateway.counters().identifies; });
}

std::size_t Sandbox::resumes() const {
    return impl_->call([&] { return impl_->parts().gateway.counters().resumes; });
}

std::size_t Sandbox::heartbeats() const {
    return impl_->call([&] { return impl_->parts().gateway.counters().heartbeats; });
}

std::size_t Sandbox::requests() const {
    return impl_->call([&] { return impl_->host.traffic().requests; });
}

std::size_t Sandbox::rate_limited() const {
    return impl_->call([&] { return impl_->host.traffic().rate_limited; });
}

std::vector<sandbox::Close> Sandbox::closes() const {
    return impl_->call([&] {
        const auto& closes = impl_->parts().gateway.closes();
        return std::vector<sandbox::Close>(closes.begin(), closes.end());
    });
}

}  // namespace intent
