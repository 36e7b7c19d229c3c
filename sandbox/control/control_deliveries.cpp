// Control requests about signed deliveries to a bot's own endpoint.
#include "sandbox/base/problem.hpp"
#include "sandbox/base/secrets.hpp"
#include "sandbox/base/text.hpp"
#include "sandbox/control/control.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace intent::inline v0::sandbox {
namespace {

namespace json = boost::json;

json::object delivery_json(const Delivery& delivery, const DeliveryRunner& runner) {
    json::array attempts;
    for (const auto& attempt : delivery.attempts)
        attempts.push_back(
            json::object{{"status", attempt.status ? json::value(*attempt.status) : json::value()},
                         {"failure", attempt.failure.empty() ? json::value() : json::value(attempt.failure)},
                         {"ms", attempt.milliseconds}});
    const auto wait = runner.wait_of(delivery.id);
    return {{"id", delivery.id},
            {"url", delivery.url},
            {"state", name_of(delivery.state)},
            {"attempts", std::move(attempts)},
            {"next_attempt_ms", wait ? json::value(wait->count()) : json::value()},
            {"endpoint_disabled", delivery.endpoint_disabled}};
}

/// The body to post: `body` unchanged, or an object of `event` and `data`.
std::string read_payload(const Fields& fields) {
    const auto body = fields.text("body");
    const auto event = fields.text("event");
    const auto data = fields.json("data");
    if (body && (event || data)) throw invalid("body", "give body, or event and data, not both");
    if (body) return *body;
    if (!event) throw invalid("event", "required: the name of an event, with data; or body instead of both");
    check_length("event", *event, 1, 100);
    std::string payload = json::serialize(json::object{{"event", *event}});
    payload.pop_back();
    return payload + ",\"data\":" + data.value_or("null") + "}";
}

/// The id is the value of a header.
void check_delivery_id(const std::string& id) {
    const bool printable =
        id.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == std::string::npos;
    if (id.empty() || id.size() > 100 || !printable) throw invalid("delivery_id", "1-100 of a-z A-Z 0-9 - _ . allowed");
}

}  // namespace

ApiReply Control::add_delivery(const Request& request) {
    const Fields fields(request.http.body);
    DeliveryRequest delivery{.id = fields.text("delivery_id").value_or(make_token("").substr(0, 22)),
                             .url = fields.required_text("url"),
                             .secret = Secret(fields.required_text("secret")),
                             .body = read_payload(fields)};
    const bool enable = fields.boolean("enable").value_or(false);
    fields.finish();
    check_delivery_id(delivery.id);
    if (delivery.secret.empty()) throw invalid("secret", "at least one character is required");
    const std::string id = delivery.id;
    if (enable) parts_.deliveries.enable(delivery.url);
    parts_.deliveries.deliver(std::move(delivery));
    return json_reply(delivery_json(*parts_.deliveries.find(id), parts_.deliveries), 201);
}

ApiReply Control::list_deliveries(const Request&) {
    json::array list;
    for (const auto& delivery : parts_.deliveries.list())
        list.push_back(delivery_json(delivery, parts_.deliveries));
    return json_reply({{"deliveries", std::move(list)}});
}

ApiReply Control::get_delivery(const Request& request) {
    const auto delivery = parts_.deliveries.find(request.arguments.at(0));
    if (!delivery) throw not_found("delivery \"" + request.arguments.at(0).substr(0, 100) + "\"");
    return json_reply(delivery_json(*delivery, parts_.deliveries));
}

ApiReply Control::remove_deliveries(const Request&) {
    parts_.deliveries.clear();
    return empty_reply();
}

}  // namespace intent::sandbox
