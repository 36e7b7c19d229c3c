// Users and bots that tests control.
#include "sandbox/api/sandbox_impl.hpp"

namespace intent::inline v0::sandbox {

Token User::token() const {
    return impl_->act([&](auto& platform, Timestamp now) { return Token(platform.token_for(id_, now)); });
}

MessageId User::say(ChannelId channel, std::string_view content) const {
    return impl_->act([&](auto& platform, Timestamp now) {
        return platform.create_message(id_, channel, {.content = std::string(content)}, now).id;
    });
}

MessageId User::say_encrypted(ChannelId channel, std::string_view ciphertext) const {
    return impl_->act([&](auto& platform, Timestamp now) {
        return platform.create_message(id_, channel, {.ciphertext = std::string(ciphertext)}, now).id;
    });
}

void User::edit(ChannelId channel, MessageId message, std::string_view content) const {
    impl_->act([&](auto& platform, Timestamp now) {
        platform.edit_message(id_, channel, message, {.content = std::string(content)}, now);
    });
}

void User::remove(ChannelId channel, MessageId message) const {
    impl_->act([&](auto& platform, Timestamp) { platform.delete_message(id_, channel, message); });
}

void User::type(ChannelId channel) const {
    impl_->act([&](auto& platform, Timestamp now) { platform.start_typing(id_, channel, now); });
}

ServerId User::create_server(std::string_view name) const {
    return impl_->act([&](auto& platform, Timestamp now) {
        return platform.create_server(id_, {.name = std::string(name)}, now).id;
    });
}

ChannelId User::create_channel(ServerId server, std::string_view name) const {
    return impl_->act([&](auto& platform, Timestamp now) {
        return platform.create_channel(id_, server, {.name = std::string(name)}, now).id;
    });
}

void User::remove_channel(ChannelId channel) const {
    impl_->act([&](auto& platform, Timestamp) { platform.delete_channel(id_, channel); });
}

ChannelId User::open_direct(const std::vector<std::string>& others) const {
    return impl_->act([&](auto& platform, Timestamp now) {
        NewDirect wanted;
        for (const auto& other : others)
            wanted.recipients.push_back(impl_->id_of(other));
        return platform.open_direct(id_, wanted, now).channel.id;
    });
}

void User::join(ServerId server) const {
    impl_->act([&](auto& platform, Timestamp now) { platform.add_member(server, id_, now); });
}

void User::leave(ServerId server) const {
    impl_->act([&](auto& platform, Timestamp) { platform.leave_server(id_, server); });
}

}  // namespace intent::sandbox
