#include "tools/intent/support/sandbox_state.hpp"

#include "tools/intent/support/command.hpp"
#include "tools/intent/support/json.hpp"
#include "tools/intent/support/suggest.hpp"

namespace tool {

namespace json = boost::json;

namespace {

[[noreturn]] void unknown(std::string_view flag, std::string_view name, const std::string& kind,
                          const std::vector<std::string>& there) {
    std::string list;
    for (std::size_t i = 0; i < there.size() && i < 20; ++i)
        list += (i == 0 ? "" : ", ") + there[i];
    throw WrongUsage(std::string(flag) + " " + std::string(name) + ": the sandbox has no such " + kind +
                     suggestion(name, {there.begin(), there.end()}) + " (there are: " + list + ")");
}

}  // namespace

const json::value& SandboxState::user(std::string_view flag, std::string_view name) const {
    std::vector<std::string> there;
    for (const auto& user : list_at(state_, "users")) {
        there.push_back(text_at(user, "username"));
        if (there.back() == name || text_at(user, "id") == name) return user;
    }
    unknown(flag, name, "user", there);
}

bool SandboxState::has_user(std::string_view name) const {
    for (const auto& user : list_at(state_, "users"))
        if (text_at(user, "username") == name || text_at(user, "id") == name) return true;
    return false;
}

bool SandboxState::is_bot(std::string_view id) const {
    for (const auto& user : list_at(state_, "users"))
        if (text_at(user, "id") == id) return at(user, "bot") == json::value(true);
    return false;
}

const json::value& SandboxState::first_user(bool bot) const {
    static const json::value none;
    for (const auto& user : list_at(state_, "users"))
        if ((at(user, "bot") == json::value(true)) == bot) return user;
    return none;
}

std::vector<SandboxState::Channel> SandboxState::channels() const {
    std::vector<Channel> all;
    for (const auto& server : list_at(state_, "servers"))
        for (const auto& channel : list_at(server, "channels"))
            all.push_back({&server, &channel});
    return all;
}

SandboxState::Channel SandboxState::channel(std::string_view flag, std::string_view name) const {
    if (name.starts_with('#')) name.remove_prefix(1);
    std::vector<std::string> there;
    for (const Channel& one : channels()) {
        there.push_back(text_at(*one.channel, "name"));
        if (there.back() == name || text_at(*one.channel, "id") == name) return one;
    }
    unknown(flag, name, "channel", there);
}

const json::value& SandboxState::direct_channel(const std::optional<std::string>& id) const {
    static const json::value none;
    for (const auto& channel : list_at(state_, "direct_channels"))
        if (!id || text_at(channel, "id") == *id) return channel;
    return none;
}

std::string SandboxState::dialect() const { return text_at(at(state_, "options"), "dialect"); }

SandboxState::Channel SandboxState::first_channel(int type) const {
    const auto all = channels();
    if (all.empty()) throw ControlError("the sandbox has no channel");
    for (const Channel& one : all)
        if (at(*one.channel, "type") == json::value(type)) return one;
    return all.front();
}

}  // namespace tool
