// The events that a bot requests from the gateway (protocol §7).
#pragma once

#include <cstdint>

namespace intent::inline v0 {

/// A set of event groups, sent in Identify: `Intents::servers | Intents::server_messages`. Leave
/// `ClientOptions::intents` unset unless you know your server's numbers: it then sends every event, whereas the
/// specification numbers the bits in two ways (docs/decisions/0005). The empty set is valid and requests no events. Any
/// number converts, so bits without a name can be set. The platform also names MESSAGE_CONTENT, but assigns it no
/// number.
class Intents {
public:
    constexpr Intents() noexcept = default;  ///< the empty set, sent as 0
    /// The set of these bits.
    constexpr Intents(std::uint32_t bits) noexcept : bits_(bits) {}  // NOLINT(google-explicit-constructor)

    static const Intents servers;          ///< SERVERS, 1<<0
    static const Intents channels;         ///< CHANNELS, 1<<1
    static const Intents server_messages;  ///< SERVER_MESSAGES, 1<<2
    static const Intents direct_messages;  ///< DIRECT_MESSAGES, 1<<3
    static const Intents members;          ///< MEMBERS, 1<<4
    static const Intents presence;         ///< PRESENCE, 1<<5
    static const Intents voice;            ///< VOICE, 1<<6
    static const Intents messages;         ///< SERVER_MESSAGES and DIRECT_MESSAGES
    static const Intents all;              ///< every group that is named here

    /// The number as sent on the wire.
    constexpr std::uint32_t bits() const noexcept { return bits_; }
    /// True for the empty set.
    constexpr bool empty() const noexcept { return bits_ == 0; }
    /// True if this set contains all of `those`.
    constexpr bool has(Intents those) const noexcept { return (bits_ & those.bits_) == those.bits_; }

    /// Adds the groups of another set.
    constexpr Intents& operator|=(Intents more) noexcept { return bits_ |= more.bits_, *this; }
    /// The groups of both sets.
    friend constexpr Intents operator|(Intents a, Intents b) noexcept { return Intents(a.bits_ | b.bits_); }
    friend constexpr bool operator==(Intents, Intents) noexcept = default;

private:
    std::uint32_t bits_ = 0;
};

inline constexpr Intents Intents::servers{1u << 0};
inline constexpr Intents Intents::channels{1u << 1};
inline constexpr Intents Intents::server_messages{1u << 2};
inline constexpr Intents Intents::direct_messages{1u << 3};
inline constexpr Intents Intents::members{1u << 4};
inline constexpr Intents Intents::presence{1u << 5};
inline constexpr Intents Intents::voice{1u << 6};
inline constexpr Intents Intents::messages{1u << 2 | 1u << 3};
inline constexpr Intents Intents::all{(1u << 7) - 1};

}  // namespace intent
