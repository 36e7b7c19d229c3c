// Data of gateway frames other than the objects of protocol §8.
#pragma once

#include <intent/raw/channel.hpp>
#include <intent/raw/message.hpp>
#include <intent/raw/server.hpp>
#include <intent/raw/user.hpp>
#include <intent/snowflake.hpp>
#include <intent/timestamp.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace intent::inline v0::raw {

/// `d` of Ready, as op 3 or as a Dispatch (protocol §4). The heartbeat interval is read separately (protocol §5).
struct Ready {
    User user;                                   ///< the bot itself
    std::vector<Server> servers = {};            ///< those that the bot is a member of, without their channels
    std::optional<std::string> session_id = {};  ///< unset: the session cannot be resumed (protocol §5)
    friend bool operator==(const Ready&, const Ready&) = default;
};

/// The description of the connecting program in Identify (protocol §4).
struct IdentifyProperties {
    std::string os;       ///< the operating system
    std::string browser;  ///< the library
    std::string device;   ///< the library again
    friend bool operator==(const IdentifyProperties&, const IdentifyProperties&) = default;
};

/// `d` of op 2. Contains a secret: never print it.
struct Identify {
    std::string token;                                  ///< of the bot
    std::optional<std::uint32_t> intents = {};          ///< left out when unset (protocol §7)
    std::optional<IdentifyProperties> properties = {};  ///< left out when unset
    friend bool operator==(const Identify&, const Identify&) = default;
};

/// `d` of op 5. Contains a secret: never print it.
struct Resume {
    std::string token;       ///< of the bot
    std::string session_id;  ///< from Ready
    std::uint64_t seq = 0;   ///< the last sequence number that was received
    friend bool operator==(const Resume&, const Resume&) = default;
};

/// `d` of MESSAGE_DELETE.
struct MessageDelete {
    MessageId id;          ///< of the deleted message
    ChannelId channel_id;  ///< where it was
    friend bool operator==(const MessageDelete&, const MessageDelete&) = default;
};

/// `d` of SERVER_DELETE.
struct ServerDelete {
    ServerId server_id;  ///< of the server that is gone
    friend bool operator==(const ServerDelete&, const ServerDelete&) = default;
};

/// `d` of CHANNEL_DELETE.
struct ChannelDelete {
    ChannelId channel_id;  ///< of the deleted channel
    ServerId server_id;    ///< unset for a channel of direct messages
    friend bool operator==(const ChannelDelete&, const ChannelDelete&) = default;
};

}  // namespace intent::raw
