#include "sandbox/platform/presences.hpp"

namespace intent::inline v0::sandbox {

Presences::Change Presences::show(User& user) {
    std::string_view status = "offline";
    std::uint64_t latest = 0;
    for (const auto& [session, setting] : user.sessions) {
        if (!setting.attached || setting.set_at < latest) continue;
        latest = setting.set_at;
        status = setting.status;
    }
    if (status == user.shown) return std::nullopt;
    user.shown = status;
    return user.shown;
}

Presences::Change Presences::on_attached(UserId user, std::uint64_t session) {
    User& who = users_[user];
    Setting& setting = who.sessions[session];
    setting.attached = true;
    setting.set_at = ++settings_;
    return show(who);
}

Presences::Change Presences::on_detached(UserId user, std::uint64_t session) {
    User& who = users_[user];
    who.sessions[session].attached = false;
    return show(who);
}

void Presences::on_ended(UserId user, std::uint64_t session) {
    const auto found = users_.find(user);
    if (found == users_.end()) return;
    found->second.sessions.erase(session);
    if (found->second.sessions.empty()) users_.erase(found);
}

Presences::Change Presences::on_status(UserId user, std::uint64_t session, std::string_view status) {
    User& who = users_[user];
    Setting& setting = who.sessions[session];
    setting.status = status;
    setting.set_at = ++settings_;
    return show(who);
}

std::string_view Presences::of(UserId user) const {
    const auto found = users_.find(user);
    return found == users_.end() ? std::string_view("offline") : std::string_view(found->second.shown);
}

}  // namespace intent::sandbox
