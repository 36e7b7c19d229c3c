// Arguments of calls about invites.
#pragma once

#include <intent/detail/body.hpp>
#include <intent/snowflake.hpp>

#include <chrono>
#include <optional>

namespace intent::inline v0 {

namespace raw {

/// The fields of a NewInvite.
struct NewInvite {
    std::optional<ChannelId> channel_id = {};          ///< the channel that new members see first
    std::optional<int> max_uses = {};                  ///< unset: the server chooses
    std::optional<std::chrono::seconds> max_age = {};  ///< unset: the server chooses
};

}  // namespace raw

/// A new invite; the server chooses unset fields (protocol §8, §9).
class NewInvite : public detail::Body<raw::NewInvite> {
public:
    NewInvite() = default;
    /// The channel that new members see first.
    NewInvite& channel(ChannelId id) { return raw_.channel_id = id, *this; }
    /// At least 1.
    NewInvite& max_uses(int count) { return raw_.max_uses = count, *this; }
    /// At least one second.
    NewInvite& max_age(std::chrono::seconds age) { return raw_.max_age = age, *this; }
};

}  // namespace intent
