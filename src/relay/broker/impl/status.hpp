// From the library's states to errors. Only sources of this folder include this.
#pragma once

#include "relay/broker/errors.hpp"
#include "relay/broker/impl/nats_handles.hpp"
#include "relay/broker/message.hpp"
#include "relay/broker/options.hpp"
#include "text/redactor.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace intent::relay::broker {

/// The library's text for the last error of this thread, cleaned; its text for `status` if there is none.
std::string error_text(natsStatus status, const text::Redactor& secrets);

/// The text for an attempt to connect that has failed with `text`, and the options that may be wrong.
std::string connect_problem(natsStatus status, const std::string& text, const ConnectionOptions& options);

/// Throws the error that belongs to a state: ConfigError, NotSent, TimeoutError, … `what`: what was done, such as
/// "publish to a.b".
[[noreturn]] void throw_error(natsStatus status, const std::string& what, const text::Redactor& secrets);

/// The same for a call of the JetStream API; `code` is the broker's.
[[noreturn]] void throw_api_error(natsStatus status, jsErrCode code, const std::string& what,
                                  const text::Redactor& secrets);

/// What a missing answer of the broker may mean, for the end of an error's text.
inline constexpr std::string_view silence_hint =
    "the broker answers nothing either if it forbids this account the subject (see its permissions)";

/// The error of a message over the broker's limit.
std::string over_limit_text(const Message& message, std::size_t limit);

/// Errors: ConfigError for what cannot be a subject. With wildcards only if `wildcards` is set.
void check_subject(std::string_view subject, bool wildcards, std::string_view what);
/// Errors: ConfigError for a name of a stream, consumer or bucket.
void check_name(std::string_view name, std::string_view what);

}  // namespace intent::relay::broker
