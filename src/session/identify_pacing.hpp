// When Identify or Resume may be sent again (protocol §5).
#pragma once

#include "session/settings.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace intent::session {

enum class Opening { identify, resume };

/// Keeps Identify and Resume apart in time, across reconnects, and counts the Identifies of the last 24 h: relatives of
/// the platform revoke a token that identifies too often in a day.
///
/// Distinct objects: safe. Shared objects: unsafe.
class IdentifyPacing {
public:
    explicit IdentifyPacing(const Schedule& schedule) noexcept
        : spacing_(schedule.identify_spacing), limit_(schedule.identify_budget_limit) {}

    /// The first moment at which `opening` may be sent; not after `now` if it may be now.
    Time earliest(Time now, Opening opening) const noexcept {
        Time at = now;
        if (last_) at = std::max(at, *last_ + spacing_);
        if (opening == Opening::identify && limit_ > 0 && identifies_.size() >= limit_)
            at = std::max(at, identifies_[identifies_.size() - limit_] + day);
        return at;
    }

    void on_sent(Time now, Opening opening) {
        last_ = now;
        if (opening == Opening::resume) return;
        std::erase_if(identifies_, [now](Time sent) { return now - sent >= day; });
        identifies_.push_back(now);
    }

    /// Identifies of the last 24 h, as of the last one.
    std::size_t spent() const noexcept { return identifies_.size(); }

private:
    static constexpr std::chrono::hours day{24};

    Duration spacing_;
    std::size_t limit_;
    std::optional<Time> last_;
    std::vector<Time> identifies_;  // ascending, at most limit_ long
};

}  // namespace intent::session
