// Members in the gateway's frames (protocol §4, §7).
#pragma once

#include <intent/raw/member.hpp>
#include <intent/snowflake.hpp>

#include <optional>
#include <string>
#include <vector>

namespace intent::inline v0::raw {

/// `d` of MEMBER_ADD. Nickname and roles are optional.
struct MemberAdd : Member {
    friend bool operator==(const MemberAdd&, const MemberAdd&) = default;
};

/// `d` of MEMBER_REMOVE.
struct MemberRemove {
    ServerId server_id;  ///< the server that the user left
    UserId user_id;      ///< the user
    friend bool operator==(const MemberRemove&, const MemberRemove&) = default;
};

/// `d` of op 7.
struct MemberRequest {
    ServerId server_id;                     ///< whose members are requested
    std::optional<std::string> query = {};  ///< what their names begin with; unset: all
    int limit = 1000;                       ///< 1-1000
    bool presences = false;                 ///< also request their presences
    friend bool operator==(const MemberRequest&, const MemberRequest&) = default;
};

/// `d` of GUILD_MEMBERS_CHUNK (or MEMBERS_CHUNK): a part of the answer to op 7.
struct MembersChunk {
    ServerId server_id;                   ///< whose members these are
    std::vector<Member> members = {};     ///< a member without a server belongs to `server_id`
    std::optional<int> chunk_index = {};  ///< 0 for the first
    std::optional<int> chunk_count = {};  ///< unset: this is the whole answer
    std::vector<UserId> not_found = {};   ///< requested users who are not members
    friend bool operator==(const MembersChunk&, const MembersChunk&) = default;
};

}  // namespace intent::raw
