// Raw types as JSON text, for logs, files and other programs.
#pragma once

#include <intent/raw/channel.hpp>
#include <intent/raw/embed.hpp>
#include <intent/raw/member.hpp>
#include <intent/raw/message.hpp>
#include <intent/raw/server.hpp>
#include <intent/raw/user.hpp>

#include <string>

namespace intent::inline v0 {

/// Returns one line of JSON with the names of protocol §8: ids as text, unset optional fields omitted, invalid UTF-8 as
/// U+FFFD. It also accepts structures (`intent::Message`, …).
std::string to_json(const raw::User& user);
std::string to_json(const raw::Server& server);
std::string to_json(const raw::Channel& channel);
std::string to_json(const raw::Message& message);
std::string to_json(const raw::Embed& embed);
std::string to_json(const raw::Role& role);
std::string to_json(const raw::Member& member);

}  // namespace intent
