#include "tools/relay/support/status_service.hpp"

#include "relay/broker/broker_options.hpp"
#include "tools/relay/support/broker_access.hpp"
#include "tools/relay/support/json_text.hpp"
#include "tools/relay/support/metric_values.hpp"

#include <intent/errors.hpp>

#include <boost/json.hpp>

#include <utility>

namespace tool {

namespace {

namespace json = boost::json;
namespace broker = intent::relay::broker;

}  // namespace

std::string relay_state(const intent::RelayStatus& status, const std::string& metrics) {
    const auto calls = metric_value(metrics, "intent_rest_limit_wait_seconds_count");
    const auto short_waits = metric_value(metrics, "intent_rest_limit_wait_seconds_bucket{le=\"1\"}");
    json::object object{{"id", json_text(status.id)},
                        {"leads", status.leads},
                        {"leader", json_text(status.leader)},
                        {"term", status.term},
                        {"gateway", json_text(to_text(status.gateway))},
                        {"broker_problem", json_text(status.broker_problem)},
                        {"session", json_text(status.session_id)},
                        {"seq", status.seq},
                        {"waiting", status.waiting},
                        {"waiting_bytes", status.waiting_bytes},
                        {"published", status.published},
                        {"duplicates", status.duplicates},
                        {"refused", status.refused},
                        {"resent", status.resent},
                        {"gaps", status.gaps},
                        {"backfilled", status.backfilled},
                        {"backfilling", status.backfilling},
                        {"requests", status.requests},
                        {"requests_answered", status.requests_answered},
                        {"requests_repeated", status.requests_repeated},
                        {"requests_refused", status.requests_refused},
                        {"requests_failed", status.requests_failed},
                        {"unknown_outcomes", status.unknown_outcomes},
                        {"commands", status.commands},
                        {"calls_pending", metric_value(metrics, "intent_rest_pending_calls")},
                        {"calls", calls},
                        {"calls_that_waited", calls - short_waits}};
    return json::serialize(object);
}

StatusService::StatusService(const intent::BrokerOptions& options, std::function<std::string()> state)
    : connection_(std::make_shared<broker::Connection>(broker::connection_options(options, "intent relay status"))),
      subject_(status_subject(intent::relay::Names(options.bot))),
      state_(std::move(state)) {}

void StatusService::on_time() {
    if (requests_ || !connection_->connected()) return;
    try {
        // Weak: the subscription is a part of the connection.
        requests_ = connection_->subscribe(
            subject_, [weak = std::weak_ptr(connection_), state = state_](const broker::Message& request) {
                const auto connection = weak.lock();
                if (connection && intent::relay::is_inbox(request.reply))
                    connection->try_publish({.subject = request.reply, .data = state()});
            });
    } catch (const intent::NetworkError&) {
        // The connection was lost in between: the next call tries again.
    }
}

}  // namespace tool
