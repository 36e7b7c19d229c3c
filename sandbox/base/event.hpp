// An event of protocol §7, encoded once for all sessions that get it.
#pragma once

#include "codec/result.hpp"

#include <intent/snowflake.hpp>

#include <optional>
#include <string>
#include <vector>

namespace intent::inline v0::sandbox {

struct Event {
    std::string name;                                  ///< `t`
    codec::Bytes data;                                 ///< `d`, as MessagePack
    std::optional<std::vector<UserId>> audience = {};  ///< unset: all users
};

}  // namespace intent::sandbox
