// Webhooks that were deleted or have a new token (protocol §12).
#pragma once

#include "rest/request.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

namespace intent::rest {

/// Remembers which webhooks a server has refused with 401 or 404, so that they are not requested repeatedly: servers
/// ban clients that do so.
///
/// How to drive it: ask `refusal` before accepting a request, and pass each status to `on_answer`. When that returns
/// true, fail all requests that wait for the same webhook. A request with another token counts as another webhook, so
/// a regenerated token works at once. A `WebhookUse::fetch` is always sent, and its success reinstates the webhook.
///
/// Memory is bounded: beyond `max_webhooks` webhooks the one refused first is forgotten.
class DeadWebhooks {
public:
    static constexpr std::size_t max_webhooks = 10'000;

    /// The status that refused the request's webhook, if the request must not be sent because of it.
    std::optional<int> refusal(const Request& request) const;

    /// True if this answer means that the webhook is gone.
    bool on_answer(const Request& request, int status);

    std::size_t size() const noexcept { return status_.size(); }

private:
    std::unordered_map<std::string, int> status_;
    std::deque<std::string> order_;  // in order of refusal
};

}  // namespace intent::rest
