// Orders about people, and those given in somebody's name.
#include "codec/utf8.hpp"
#include "sandbox/control.hpp"
#include "sandbox/host.hpp"
#include "sandbox/problem.hpp"
#include "sandbox/shapes.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <set>

namespace intent::sandbox {

namespace json = boost::json;

Account find_account(Store& store, std::string_view name_or_id) {
    auto account = store.account_by_name(name_or_id);
    if (!account)
        if (const auto id = UserId::parse(name_or_id)) account = store.account(*id);
    if (!account) throw not_found("user \"" + codec::shown(name_or_id) + "\"");
    return std::move(*account);
}

Account Control::account(std::string_view name_or_id) { return find_account(host_.store, name_or_id); }

json::array Control::users_json() {
    std::set<UserId> online;
    for (const auto& session : host_.gateway.sessions())
        if (session.connection) online.insert(session.user);
    json::array users;
    for (const auto& [user, is_bot, password] : host_.store.accounts())
        users.push_back(json::object{{"id", user.id.str()},
                                     {"username", user.username},
                                     {"display_name", user.display_name},
                                     {"avatar_url", user.avatar_url ? json::value(*user.avatar_url) : json::value()},
                                     {"created_at", format_timestamp(*user.created_at)},
                                     {"bot", is_bot},
                                     {"online", online.contains(user.id)}});
    return users;
}

ApiReply Control::list_users(const Order&) {
    return {.status = 200, .body = json::serialize(json::object{{"users", users_json()}})};
}

ApiReply Control::add_user(const Order& order) {
    OrderFields fields(order.request.body);
    const std::string username = fields.required_text("username");
    const auto display_name = fields.text("display_name");
    const bool is_bot = fields.boolean("bot").value_or(false);
    fields.finish();
    const Login made = host_.platform.add_account(username, display_name, is_bot, host_.moment().system);
    ApiReply reply{.status = 201, .body = "{\"user\":" + json_of(made.user) + ",\"token\":"};
    codec::append_json_string(reply.body, made.token);
    reply.body += '}';
    return reply;
}

ApiReply Control::user_token(const Order& order) {
    OrderFields(order.request.body).finish();
    ApiReply reply{.status = 200, .body = "{\"token\":"};
    const UserId user = account(order.arguments.at(0)).user.id;
    codec::append_json_string(reply.body, host_.platform.token_for(user, host_.moment().system));
    reply.body += '}';
    return reply;
}

ApiReply Control::act_as(const Order& order) {
    const auto begin = std::string_view("/as/").size();
    const auto end = order.path.find('/', begin);
    if (end == std::string::npos)
        throw Problem(404, "UNKNOWN_ROUTE", "/as/{user}/… takes a route of the REST API, as /as/alice/servers");
    ApiRequest request = api_request(order.request, order.path.substr(end));
    request.actor = account(std::string_view(order.path).substr(begin, end - begin)).user.id;
    return host_.api.begin(request, host_.moment());
}

}  // namespace intent::sandbox
