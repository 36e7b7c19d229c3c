#include "codec/convert.hpp"

#include <intent/json.hpp>

namespace intent::inline v0 {

std::string to_json(const raw::User& user) { return codec::to_json(user); }
std::string to_json(const raw::Server& server) { return codec::to_json(server); }
std::string to_json(const raw::Channel& channel) { return codec::to_json(channel); }
std::string to_json(const raw::Message& message) { return codec::to_json(message); }
std::string to_json(const raw::Embed& embed) { return codec::to_json(embed); }
std::string to_json(const raw::Role& role) { return codec::to_json(role); }
std::string to_json(const raw::Member& member) { return codec::to_json(member); }

}  // namespace intent
