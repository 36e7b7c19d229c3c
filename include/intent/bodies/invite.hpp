// Arguments of calls about invites.
#pragma once

#include <intent/detail/body.hpp>
#include <intent/detail/chrono.hpp>
#include <intent/snowflake.hpp>

#include <optional>

namespace intent::inline v0 {

namespace raw {
struct NewInvite;  // complete in <intent/raw/bodies.hpp>
}

/// A new invite; the server chooses unset fields (protocol §8, §9).
class INTENT_API NewInvite : public detail::Body<raw::NewInvite> {
public:
    NewInvite() = default;
    /// The channel that new members see first.
    NewInvite& channel(ChannelId id);
    /// At least 1.
    NewInvite& max_uses(int count);
    /// At least one second.
    NewInvite& max_age(std::chrono::seconds age);
};

}  // namespace intent
