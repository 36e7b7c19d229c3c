// Raw types as JSON text, for logs, files and other programs.
#pragma once

#include <intent/detail/export.hpp>
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
INTENT_API std::string to_json(const raw::User& user);
INTENT_API std::string to_json(const raw::Server& server);
INTENT_API std::string to_json(const raw::Channel& channel);
INTENT_API std::string to_json(const raw::Message& message);
INTENT_API std::string to_json(const raw::Embed& embed);
INTENT_API std::string to_json(const raw::Role& role);
INTENT_API std::string to_json(const raw::Member& member);

}  // namespace intent
