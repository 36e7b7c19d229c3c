// Users and bots that tests control.
#include "sandbox/api/sandbox_impl.hpp"

namespace intent::sandbox {

Token User::token() const {
    return impl_->call([&] {
        auto& parts = impl_->parts();
        return Token(parts.platform.token_for(id_, parts.clock.read().system));
    });
}

MessageId User::say(ChannelId channel, std::string_view content) const {
    return impl_->call([&] {
        auto& parts = impl_->parts();
        return parts.platform.create_message(id_, channel, {.content = std::string(content)}, parts.clock.read().system)
            .id;
    });
}

MessageId User::say_encrypted(ChannelId channel, std::string_view ciphertext) const {
    return impl_->call([&] {
        auto& parts = impl_->parts();
        return parts.platform
            .create_message(id_, channel, {.ciphertext = std::string(ciphertext)}, parts.clock.read().system)
            .id;
    });
}

void User::edit(ChannelId channel, MessageId message, std::string_view content) const {
    impl_->call([&] {
        auto& parts = impl_->parts();
        parts.platform.edit_message(id_, channel, message, {.content = std::string(content)},
                                    parts.clock.read().system);
    });
}

void User::remove(ChannelId channel, MessageId message) const {
    impl_->call([&] { impl_->parts().platform.delete_message(id_, channel, message); });
}

void User::type(ChannelId channel) const {
    impl_->call([&] {
        auto& parts = impl_->parts();
        parts.platform.start_typing(id_, channel, parts.clock.read().system);
    });
}

ServerId User::create_server(std::string_view name) const {
    return impl_->call([&] {
        auto& parts = impl_->parts();
        return parts.platform.create_server(id_, {.name = std::string(name)}, parts.clock.read().system).id;
    });
}

ChannelId User::create_channel(ServerId server, std::string_view name) const {
    return impl_->call([&] {
        auto& parts = impl_->parts();
        return parts.platform.create_channel(id_, server, {.name = std::string(name)}, parts.clock.read().system).id;
    });
}

void User::remove_channel(ChannelId channel) const {
    impl_->call([&] { impl_->parts().platform.delete_channel(id_, channel); });
}

ChannelId User::open_direct(const std::vector<std::string>& others) const {
    return impl_->call([&] {
        auto& parts = impl_->parts();
        NewDirect wanted;
        for (const auto& other : others)
            wanted.recipients.push_back(impl_->id_of(other));
        return parts.platform.open_direct(id_, wanted, parts.clock.read().system).channel.id;
    });
}

void User::join(ServerId server) const {
    impl_->call([&] {
        auto& parts = impl_->parts();
        parts.platform.add_member(server, id_, parts.clock.read().system);
    });
}

void User::leave(ServerId server) const {
    impl_->call([&] { impl_->parts().platform.leave_server(id_, server); });
}

}  // namespace intent::sandbox
