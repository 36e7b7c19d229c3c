// Events about end-to-end encryption (protocol §16). The blobs are MLS structures (RFC 9420) as base64, which this
// library passes on without parsing.
#pragma once

#include <intent/snowflake.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace intent::inline v0::raw {

/// `d` of MLS_WELCOME: this user was added to the encryption group of a channel.
struct MlsWelcome {
    ChannelId channel_id;                          ///< the channel of direct messages
    std::string welcome;                           ///< base64
    std::string group_info;                        ///< base64
    std::optional<std::string> ratchet_tree = {};  ///< base64
    friend bool operator==(const MlsWelcome&, const MlsWelcome&) = default;
};

/// `d` of MLS_COMMIT: the group of a channel moved to its next epoch.
struct MlsCommit {
    ChannelId channel_id;           ///< the channel of direct messages
    std::string commit;             ///< base64
    std::uint64_t group_epoch = 0;  ///< the epoch that begins
    UserId committer_id = {};       ///< unset if absent or not a user id
    friend bool operator==(const MlsCommit&, const MlsCommit&) = default;
};

/// `d` of MLS_PROPOSAL: a member proposed a change, which a later Commit applies.
struct MlsProposal {
    ChannelId channel_id;      ///< the channel of direct messages
    std::string proposal;      ///< base64
    std::string proposal_ref;  ///< base64; identifies the proposal
    UserId proposer_id = {};   ///< unset if absent or not a user id
    friend bool operator==(const MlsProposal&, const MlsProposal&) = default;
};

/// `d` of MLS_KEY_PACKAGES_LOW: a device has fewer than 10 key packages left.
struct MlsKeyPackagesLow {
    std::string client_id;  ///< the device
    int remaining = 0;      ///< key packages that are left
    friend bool operator==(const MlsKeyPackagesLow&, const MlsKeyPackagesLow&) = default;
};

/// `d` of DEVICE_ADDED: a user has another device that can decrypt.
struct DeviceAdded {
    UserId user_id;         ///< the user
    std::string client_id;  ///< the device
    friend bool operator==(const DeviceAdded&, const DeviceAdded&) = default;
};

/// `d` of DEVICE_REMOVED.
struct DeviceRemoved {
    UserId user_id;         ///< the user
    std::string client_id;  ///< the device
    friend bool operator==(const DeviceRemoved&, const DeviceRemoved&) = default;
};

}  // namespace intent::raw
