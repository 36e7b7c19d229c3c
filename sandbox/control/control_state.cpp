// Control requests about the sandbox as a whole.
#include "sandbox/base/shapes.hpp"
#include "sandbox/control/control.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

namespace intent::inline v0::sandbox {
namespace {

namespace json = boost::json;

const char* dialect_name(Dialect dialect) {
    switch (dialect) {
        case Dialect::spec:
            return "spec";
        case Dialect::web:
            return "web";
        case Dialect::flat:
            return "flat";
    }
    return "";
}

json::object options_json(const Options& options) {
    return {{"dialect", dialect_name(options.dialect)},
            {"hello", options.hello},
            {"resume", options.resume},
            {"refuse_token", options.refuse_token == Refusal::close_4004 ? "4004" : "op8"},
            {"limits", options.limits},
            {"heartbeat_interval_ms", options.heartbeat_interval.count()},
            {"database", options.database.empty() ? json::value() : json::value(options.database)},
            {"tls", !options.certificate_file.empty()}};
}

}  // namespace

json::array Control::servers_json() {
    json::array servers;
    for (const auto& server : parts_.store.all_servers()) {
        json::object entry = json::parse(json_of(server)).as_object();
        json::array channels;
        for (const auto& channel : parts_.store.channels_of(server.id))
            channels.push_back(json::parse(json_of(channel)));
        entry["channels"] = std::move(channels);
        servers.push_back(std::move(entry));
    }
    return servers;
}

ApiReply Control::state(const Request&) {
    const auto& gateway = parts_.gateway;
    const auto& addresses = sandbox_.addresses();
    const Traffic& traffic = sandbox_.traffic();
    json::object state{
        {"addresses", json::object{{"gateway", addresses.gateway}, {"rest", addresses.rest}, {"web", addresses.web}}},
        {"options", options_json(sandbox_.options())},
        {"users", users_json()},
        {"servers", servers_json()},
        {"direct_channels", direct_channels_json()},
        {"sessions", sessions_json()},
        {"faults", faults_json()},
        {"counters", json::object{{"requests", traffic.requests},
                                  {"rate_limited", traffic.rate_limited},
                                  {"connections", gateway.connections()},
                                  {"identifies", gateway.counters().identifies},
                                  {"resumes", gateway.counters().resumes},
                                  {"heartbeats", gateway.counters().heartbeats},
                                  {"frames_in", traffic.frames_in.count},
                                  {"frames_out", traffic.frames_out.count}}}};
    return json_reply(state);
}

}  // namespace intent::sandbox
