#include "codec/convert.hpp"
#include "sandbox/api/sandbox_impl.hpp"

#include <intent/client.hpp>
#include <intent/errors.hpp>
#include <intent/sandbox.hpp>

namespace intent::inline v0 {

Sandbox::Sandbox(sandbox::Options options) {
    auto bots = std::exchange(options.bots, {});
    if (bots.empty()) bots.push_back({.name = "bot"});
    try {
        impl_ = std::make_shared<Impl>(std::move(options), std::move(bots));
    } catch (const sandbox::SqliteError& error) {
        throw Error(std::string("the sandbox's database: ") + error.what());
    }
    impl_->host().start();
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

void Sandbox::stop() { impl_->stop(); }

std::string Sandbox::gateway_url() const { return impl_->host().addresses().gateway; }
std::string Sandbox::rest_url() const { return impl_->host().addresses().rest; }
std::string Sandbox::web_url() const { return impl_->host().addresses().web; }
ServerId Sandbox::server() const { return impl_->host().seed_server(); }
ChannelId Sandbox::general() const { return impl_->host().seed_channel(); }

Token Sandbox::bot_token(std::string_view name) const {
    const std::string bot = name.empty() ? impl_->first_bot() : std::string(name);
    return impl_->call([&](auto& parts) {
        const UserId id = impl_->id_of(bot);
        const auto account = parts.store.account(id);
        const auto token = parts.store.token_of(id, parts.clock.system());
        if (!account->is_bot || !token) throw ConfigError("there is no bot \"" + bot + "\"");
        return Token(*token);
    });
}

ClientOptions Sandbox::client_options(std::string_view name) const {
    const sandbox::Options& options = impl_->host().options();
    ClientOptions client;
    client.token = user_token(name.empty() ? impl_->first_bot() : name);
    client.gateway_url = gateway_url();
    client.rest_url = rest_url();
    client.tls.extra_ca_file = options.certificate_file;
    client.clock = options.clock;
    return client;
}

UserId Sandbox::user_id(std::string_view name) const {
    return impl_->call([&](auto&) { return impl_->id_of(name); });
}

UserId Sandbox::add_user(std::string_view name) {
    return impl_->act([&](auto& platform, Timestamp now) { return platform.add_user(name, std::nullopt, "", now).id; });
}

sandbox::User Sandbox::existing_user(std::string_view name) const {
    return sandbox::User(impl_, std::string(name), user_id(name));
}

Token Sandbox::user_token(std::string_view name) const { return existing_user(name).token(); }
ServerId Sandbox::create_server(std::string_view user, std::string_view name) {
    return existing_user(user).create_server(name);
}
void Sandbox::add_member(ServerId server, std::string_view user) { existing_user(user).join(server); }
ChannelId Sandbox::create_channel(std::string_view user, ServerId server, std::string_view name) {
    return existing_user(user).create_channel(server, name);
}
ChannelId Sandbox::open_direct(std::string_view user, const std::vector<std::string>& others) {
    return this->user(user).open_direct(others);
}
MessageId Sandbox::say(std::string_view user, ChannelId channel, std::string_view content) {
    return existing_user(user).say(channel, content);
}
void Sandbox::edit(std::string_view user, ChannelId channel, MessageId message, std::string_view content) {
    existing_user(user).edit(channel, message, content);
}
void Sandbox::remove(std::string_view user, ChannelId channel, MessageId message) {
    existing_user(user).remove(channel, message);
}

std::vector<raw::Message> Sandbox::messages(ChannelId channel) const {
    return impl_->call([&](auto& parts) { return parts.store.all_messages(channel); });
}

namespace {

codec::Bytes msgpack_from(std::string_view json) {
    auto data = codec::json_to_msgpack(json);
    if (!data) throw ConfigError("json: " + data.failure().text());
    return *std::move(data);
}

}  // namespace

void Sandbox::drop_connections() {
    impl_->call([&](auto& parts) { impl_->host().perform(parts.gateway.cut_all(parts.clock.now())); });
}

void Sandbox::close_connections(std::uint16_t code, std::string_view reason) {
    impl_->call([&](auto& parts) {
        sandbox::check(sandbox::fault::close(code, std::string(reason)));
        impl_->host().perform(parts.gateway.close_all(parts.clock.now(), code, reason));
    });
}

void Sandbox::forget_sessions() {
    impl_->call([&](auto& parts) { impl_->host().perform(parts.gateway.forget_detached(parts.clock.now())); });
}

void Sandbox::dispatch(std::string_view event, std::string_view json) {
    sandbox::Event sent{.name = std::string(event), .data = msgpack_from(json)};
    impl_->call(
        [&](auto& parts) { impl_->host().perform(parts.gateway.dispatch(parts.clock.now(), std::move(sent))); });
}

std::size_t Sandbox::dispatch(std::string_view event, std::string_view json, const std::vector<std::string>& users) {
    sandbox::Event sent{.name = std::string(event), .data = msgpack_from(json)};
    return impl_->call([&](auto& parts) {
        sandbox::SessionChoice choice{.users = std::vector<UserId>()};
        for (const auto& user : users)
            choice.users->push_back(impl_->id_of(user));
        std::size_t reached = 0;
        impl_->host().perform(parts.gateway.dispatch_to(parts.clock.now(), std::move(sent), choice, reached));
        return reached;
    });
}

void Sandbox::send_op(std::uint8_t op, std::string_view json) {
    const auto data = msgpack_from(json);
    impl_->call([&](auto& parts) {
        std::size_t reached = 0;
        impl_->host().perform(parts.gateway.send_to(static_cast<codec::Opcode>(op), data, {}, reached));
    });
}

std::size_t Sandbox::sessions() const {
    return impl_->call([](auto& parts) { return parts.gateway.attached_sessions(); });
}
std::size_t Sandbox::connections() const {
    return impl_->call([](auto& parts) { return parts.gateway.connections(); });
}
std::size_t Sandbox::identifies() const {
    return impl_->call([](auto& parts) { return parts.gateway.counters().identifies; });
}
std::size_t Sandbox::resumes() const {
    return impl_->call([](auto& parts) { return parts.gateway.counters().resumes; });
}
std::size_t Sandbox::heartbeats() const {
    return impl_->call([](auto& parts) { return parts.gateway.counters().heartbeats; });
}
std::size_t Sandbox::requests() const {
    return impl_->call([&](auto&) { return impl_->host().traffic().requests; });
}
std::size_t Sandbox::rate_limited() const {
    return impl_->call([&](auto&) { return impl_->host().traffic().rate_limited; });
}
std::vector<sandbox::Close> Sandbox::closes() const {
    return impl_->call([](auto& parts) {
        const auto& closes = parts.gateway.closes();
        return std::vector<sandbox::Close>(closes.begin(), closes.end());
    });
}

}  // namespace intent
