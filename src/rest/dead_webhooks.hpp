// Webhooks that are gone, or whose token is another now (protocol §12).
#pragma once

#include "rest/request.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

namespace intent::rest {

/// Remembers which webhooks a server has refused by 401 or 404, so that nobody asks for them again and again: servers
/// ban clients that do.
///
/// How to drive it: ask `refusal` before a request is taken, tell `on_answer` each status; when that returns true, what
/// waits for the same webhook is to fail as well. A request of another token is another webhook, so a regenerated one
/// works at once; one of `WebhookUse::fetch` is sent in any case, and its success brings the webhook back.
///
/// Memory is bounded: of more than `most` the one refused first is forgotten.
///
/// Threads: Distinct objects: safe. Shared objects: unsafe.
class DeadWebhooks {
public:
    static constexpr std::size_t most = 10'000;

    /// The status that refused the request's webhook, if the request is not to be sent because of it.
    std::optional<int> refusal(const Request& request) const;

    /// True if this answer says that the webhook is gone.
    bool on_answer(const Request& request, int status);

    std::size_t size() const noexcept { return status_.size(); }

private:
    std::unordered_map<std::string, int> status_;
    std::deque<std::string> order_;  // as they were refused
};

}  // namespace intent::rest
