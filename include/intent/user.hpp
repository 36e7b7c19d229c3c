// A user and their actions.
#pragma once

#include <intent/detail/export.hpp>
#include <intent/raw/user.hpp>
#include <intent/structure.hpp>
#include <intent/task.hpp>

namespace intent::inline v0 {

class Channel;

/// A user (protocol §8): a person or a bot. The actions fail with UsageError if the client no longer exists, and with
/// the errors of the REST call (errors.hpp).
class INTENT_API User : public Structure<raw::User> {
public:
    using Structure::Structure;

    /// Fetches this user again. Cost: one request.
    task<User> fetch() const;

    /// Returns the channel of direct messages with this user, and creates it if it does not exist. Its messages are
    /// encrypted end to end (protocol §16). Channel is defined in <intent/channel.hpp>. Cost: one request.
    task<Channel> create_dm() const;
};

}  // namespace intent
