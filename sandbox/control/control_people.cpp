// Control requests about people, and REST requests in a person's name.
#include "codec/utf8.hpp"
#include "sandbox/base/problem.hpp"
#include "sandbox/base/shapes.hpp"
#include "sandbox/control/control.hpp"
#include "sandbox/rest/http_request.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <set>

namespace intent::inline v0::sandbox {

namespace json = boost::json;

Account Control::account(std::string_view name_or_id) { return parts_.platform.find_account(name_or_id); }

json::array Control::users_json() {
    std::set<UserId> online;
    for (const auto& session : parts_.gateway.sessions())
        if (session.connection) online.insert(session.user);
    json::array users;
    for (const auto& [user, is_bot, password] : parts_.store.accounts())
        users.push_back(json::object{{"id", user.id.str()},
                                     {"username", user.username},
                                     {"display_name", user.display_name},
                                     {"avatar_url", user.avatar_url ? json::value(*user.avatar_url) : json::value()},
                                     {"created_at", format_timestamp(*user.created_at)},
                                     {"bot", is_bot},
                                     {"online", online.contains(user.id)}});
    return users;
}

ApiReply Control::list_users(const Request&) { return json_reply({{"users", users_json()}}); }

ApiReply Control::add_user(const Request& request) {
    const Fields fields(request.http.body);
    const std::string username = fields.required_text("username");
    const auto display_name = fields.text("display_name");
    const bool is_bot = fields.boolean("bot").value_or(false);
    fields.finish();
    const Login made = parts_.platform.add_account(username, display_name, is_bot, parts_.clock.read().system);
    ApiReply reply{.status = 201, .body = "{\"user\":" + json_of(made.user) + ",\"token\":"};
    codec::append_json_string(reply.body, made.token);
    reply.body += '}';
    return reply;
}

ApiReply Control::user_token(const Request& request) {
    Fields(request.http.body).finish();
    ApiReply reply{.status = 200, .body = "{\"token\":"};
    const UserId user = account(request.arguments.at(0)).user.id;
    codec::append_json_string(reply.body, parts_.platform.token_for(user, parts_.clock.read().system));
    reply.body += '}';
    return reply;
}

ApiReply Control::act_as(const Request& request) {
    if (request.arguments.size() < 2)
        throw Problem(404, "UNKNOWN_ROUTE", "/as/{user}/… takes a route of the REST API, as /as/alice/servers");
    RestRequest wanted = rest_request(request.http, request.arguments[1]);
    wanted.actor = account(request.arguments[0]).user.id;
    wanted.limited = false;
    return parts_.api.begin(wanted, parts_.clock.read());
}

}  // namespace intent::sandbox
