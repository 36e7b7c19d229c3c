#include "rest/dead_webhooks.hpp"

#include "rest/answer.hpp"

#include <algorithm>

namespace intent::rest {

namespace {

bool says_gone(WebhookUse use, int status) {
    if (use == WebhookUse::none) return false;
    return status == 401 || (status == 404 && use != WebhookUse::message);
}

}  // namespace

std::optional<int> DeadWebhooks::refusal(const Request& request) const {
    if (request.webhook_use == WebhookUse::none || request.webhook_use == WebhookUse::fetch) return std::nullopt;
    const auto found = status_.find(request.webhook);
    if (found == status_.end()) return std::nullopt;
    return found->second;
}

bool DeadWebhooks::on_answer(const Request& request, int status) {
    if (request.webhook_use == WebhookUse::fetch && is_success(status)) {
        if (status_.erase(request.webhook) > 0) std::erase(order_, request.webhook);
        return false;
    }
    if (!says_gone(request.webhook_use, status)) return false;
    const auto [place, is_new] = status_.insert_or_assign(request.webhook, status);
    if (!is_new) return true;
    order_.push_back(place->first);
    if (order_.size() > max_webhooks) {
        status_.erase(order_.front());
        order_.pop_front();
    }
    return true;
}

}  // namespace intent::rest
