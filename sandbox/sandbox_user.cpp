// People and bots who act when a test says so.
#include "sandbox/sandbox_impl.hpp"

namespace intent {

Token SandboxUser::token() const {
    return impl_->call([&] {
        auto& host = impl_->host;
        return Token(host.platform.token_for(id_, host.moment().system));
    });
}

MessageId SandboxUser::say(ChannelId channel, std::string_view content) const {
    return impl_->call([&] {
        auto& host = impl_->host;
        return host.platform.create_message(id_, channel, {.content = std::string(content)}, host.moment().system).id;
    });
}

MessageId SandboxUser::say_encrypted(ChannelId channel, std::string_view ciphertext) const {
    return impl_->call([&] {
        auto& host = impl_->host;
        return host.platform.create_message(id_, channel, {.ciphertext = std::string(ciphertext)}, host.moment().system)
            .id;
    });
}

void SandboxUser::edit(ChannelId channel, MessageId message, std::string_view content) const {
    impl_->call([&] {
        auto& host = impl_->host;
        host.platform.edit_message(id_, channel, message, {.content = std::string(content)}, host.moment().system);
    });
}

void SandboxUser::remove(ChannelId channel, MessageId message) const {
    impl_->call([&] { impl_->host.platform.delete_message(id_, channel, message); });
}

void SandboxUser::type(ChannelId channel) const {
    impl_->call([&] {
        auto& host = impl_->host;
        host.platform.start_typing(id_, channel, host.moment().system);
    });
}

ServerId SandboxUser::create_server(std::string_view name) const {
    return impl_->call([&] {
        auto& host = impl_->host;
        return host.platform.create_server(id_, {.name = std::string(name)}, host.moment().system).id;
    });
}

ChannelId SandboxUser::create_channel(ServerId server, std::string_view name) const {
    return impl_->call([&] {
        auto& host = impl_->host;
        return host.platform.create_channel(id_, server, {.name = std::string(name)}, host.moment().system).id;
    });
}

void SandboxUser::remove_channel(ChannelId channel) const {
    impl_->call([&] { impl_->host.platform.delete_channel(id_, channel); });
}

ChannelId SandboxUser::open_direct(const std::vector<std::string>& others) const {
    return impl_->call([&] {
        auto& host = impl_->host;
        sandbox::NewDirect wanted;
        for (const auto& other : others)
            wanted.recipients.push_back(impl_->id_of(other));
        return host.platform.open_direct(id_, wanted, host.moment().system).channel.id;
    });
}

void SandboxUser::join(ServerId server) const {
    impl_->call([&] {
        auto& host = impl_->host;
        host.platform.add_member(server, id_, host.moment().system);
    });
}

void SandboxUser::leave(ServerId server) const {
    impl_->call([&] { impl_->host.platform.leave_server(id_, server); });
}

}  // namespace intent
