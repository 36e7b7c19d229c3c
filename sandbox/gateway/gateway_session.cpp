#include "sandbox/gateway/gateway_session.hpp"

#include <algorithm>

namespace intent::inline v0::sandbox {

std::uint64_t Session::keep(Time now, SharedEvent event) {
    kept_bytes_ += event->data.size();
    kept_.push_back({++last_seq_, std::move(event), now});
    while (kept_.size() > max_kept || (kept_bytes_ > max_kept_bytes && kept_.size() > 1) ||
           now - kept_.front().when > keep_time) {
        forgotten_ = kept_.front().seq;
        kept_bytes_ -= kept_.front().event->data.size();
        kept_.pop_front();
    }
    return last_seq_;
}

std::vector<Session::Kept> Session::events_after(std::uint64_t seq) const {
    const auto first = std::upper_bound(kept_.begin(), kept_.end(), seq,
                                        [](std::uint64_t s, const Kept& kept) { return s < kept.seq; });
    return {first, kept_.end()};
}

}  // namespace intent::sandbox
