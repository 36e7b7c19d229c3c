// Control requests about direct-message channels.
#include "sandbox/base/problem.hpp"
#include "sandbox/base/shapes.hpp"
#include "sandbox/control/control.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

namespace intent::inline v0::sandbox {

namespace json = boost::json;

/// With all members as `recipients`.
json::array Control::direct_channels_json() {
    json::array channels;
    for (const auto& channel : parts_.store.direct_channels())
        channels.push_back(json::parse(json_of(channel)));
    return channels;
}

ApiReply Control::list_direct_channels(const Request&) { return json_reply({{"channels", direct_channels_json()}}); }

ApiReply Control::open_direct_channel(const Request& request) {
    const Fields fields(request.http.body);
    const UserId actor = account(fields.required_text("user")).user.id;
    NewDirect wanted{.name = fields.text("name"),
                     .icon_url = fields.text("icon_url"),
                     .mls_initialized = fields.boolean("mls_initialized").value_or(false)};
    const auto recipients = fields.texts("recipients");
    fields.finish();
    if (!recipients) throw invalid("recipients", "required: 1-9 users");
    for (const auto& name : *recipients)
        wanted.recipients.push_back(account(name).user.id);
    const auto opened = parts_.platform.open_direct(actor, wanted, parts_.clock.read().system);
    return {.status = opened.is_new ? 201 : 200, .body = json_of(opened.channel)};
}

}  // namespace intent::sandbox
