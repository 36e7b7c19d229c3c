// Control requests about the store and the clock.
#include "sandbox/base/problem.hpp"
#include "sandbox/control/control.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace intent::inline v0::sandbox {
namespace {

namespace json = boost::json;

constexpr std::int64_t max_step_ms = 366LL * 86'400'000;

}  // namespace

ApiReply Control::reset(const Request& request) {
    Fields(request.http.body).finish();
    sandbox_.reset();
    return empty_reply();
}

ApiReply Control::snapshot(const Request&) {
    return {.status = 200, .headers = {{"Content-Type", "application/vnd.sqlite3"}}, .body = sandbox_.snapshot()};
}

ApiReply Control::restore(const Request& request) {
    sandbox_.restore(request.http.body);
    return empty_reply();
}

ApiReply Control::clock_reply() {
    return json_reply({{"now", format_timestamp(parts_.clock.system())},
                       {"offset_ms", parts_.clock.offset().count()},
                       {"stands_still", parts_.clock.test_clock() != nullptr}});
}

ApiReply Control::read_clock(const Request&) { return clock_reply(); }

void Control::advance_clock(const net::ServerRequest& request, const Respond& respond) {
    const Fields fields(request.body);
    const auto step = fields.required_integer("advance_ms", 0, max_step_ms);
    fields.finish();
    sandbox_.advance(std::chrono::milliseconds(step), [this, respond](const std::string& busy) {
        send(busy.empty() ? clock_reply() : error_reply(503, "STILL_BUSY", "still busy without progress: " + busy),
             respond);
    });
}

ApiReply Control::list_buckets(const Request&) {
    json::array list;
    for (const auto& bucket : parts_.api.buckets(parts_.clock.now())) {
        json::value user;
        if (bucket.owner.starts_with("user "))
            if (const auto id = UserId::parse(bucket.owner.substr(5)))
                if (const auto account = parts_.store.account(*id)) user = json::value(account->user.username);
        list.push_back(json::object{{"id", bucket.name},
                                    {"user", std::move(user)},
                                    {"limit", bucket.limit},
                                    {"remaining", bucket.remaining},
                                    {"reset_ms", bucket.reset.count()}});
    }
    return json_reply({{"buckets", std::move(list)}});
}

}  // namespace intent::sandbox
