// Permissions of members, remembered for a short time.
#pragma once

#include "toolkit/core/counters.hpp"

#include <intent/permissions.hpp>
#include <intent/raw/member.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>

namespace intent::toolkit {

/// Answers are kept for a minute, because the platform does not report changes of roles; at most 10,000.
class PermissionAnswers {
public:
    static constexpr std::chrono::minutes max_age{1};
    static constexpr std::size_t max_answers = 10'000;

    std::optional<Permissions> find(Time now, MemberId member) const;
    void keep(Time now, MemberId member, Permissions permissions);

private:
    struct Answer {
        Permissions permissions;
        Time time;
    };
    std::unordered_map<MemberId, Answer> answers_ = {};
};

/// The permissions of `wanted` that `has` lacks, as people read them: "Kick Members, Manage Roles". Empty if it lacks
/// nothing.
std::string missing_permissions(Permissions has, Permissions wanted);

}  // namespace intent::toolkit
