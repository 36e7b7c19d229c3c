// Arguments of calls about invites.
#pragma once

#include <intent/snowflake.hpp>

#include <chrono>
#include <optional>
#include <utility>

namespace intent {

/// A new invite; the server chooses unset fields (protocol §8, §9).
///
/// Distinct objects: safe. Shared objects: unsafe.
class NewInvite {
public:
    NewInvite() = default;
    /// The channel that new members see first.
    NewInvite& channel(ChannelId id) & { return channel_ = id, *this; }
    NewInvite&& channel(ChannelId id) && { return std::move(channel(id)); }
    /// At least 1.
    NewInvite& max_uses(int count) & { return max_uses_ = count, *this; }
    NewInvite&& max_uses(int count) && { return std::move(max_uses(count)); }
    /// At least one second.
    NewInvite& max_age(std::chrono::seconds age) & { return max_age_ = age, *this; }
    NewInvite&& max_age(std::chrono::seconds age) && { return std::move(max_age(age)); }

    std::optional<ChannelId> channel() const noexcept { return channel_; }
    std::optional<int> max_uses() const noexcept { return max_uses_; }
    std::optional<std::chrono::seconds> max_age() const noexcept { return max_age_; }

private:
    std::optional<ChannelId> channel_ = {};
    std::optional<int> max_uses_ = {};
    std::optional<std::chrono::seconds> max_age_ = {};
};

}  // namespace intent
