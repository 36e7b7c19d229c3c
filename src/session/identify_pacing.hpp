// The earliest time of the next Identify or Resume (protocol §5).
#pragma once

#include "session/settings.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace intent::session {

enum class Opening { identify, resume };

/// Spaces Identify and Resume across reconnects, and counts the Identifies of the last 24 h: platforms related to this
/// one revoke a token that identifies too often in a day.
class IdentifyPacing {
public:
    explicit IdentifyPacing(const Schedule& schedule, PastOpenings past = {}) noexcept
        : spacing_(schedule.identify_spacing), limit_(schedule.identify_budget_limit), past_(std::move(past)) {}

    /// The earliest moment for `opening`; at or before `now` if it may be sent now.
    Time earliest(Time now, Opening opening) const noexcept {
        Time at = now;
        if (past_.last) at = std::max(at, *past_.last + spacing_);
        const auto& identifies = past_.identifies;
        if (opening == Opening::identify && limit_ > 0 && identifies.size() >= limit_)
            at = std::max(at, identifies[identifies.size() - limit_] + day);
        return at;
    }

    void on_sent(Time now, Opening opening) {
        past_.last = now;
        if (opening == Opening::resume) return;
        std::erase_if(past_.identifies, [now](Time sent) { return now - sent >= day; });
        past_.identifies.push_back(now);
    }

    /// The number of Identifies in the 24 h before the last one.
    std::size_t spent() const noexcept { return past_.identifies.size(); }

    /// For the next machine of the same token.
    const PastOpenings& past() const noexcept { return past_; }

private:
    static constexpr std::chrono::hours day{24};

    Duration spacing_;
    std::size_t limit_;
    PastOpenings past_;  // at most limit_ identifies
};

}  // namespace intent::session
