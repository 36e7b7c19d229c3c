// Routes of what a voice client asks for.
#include "codec/utf8.hpp"
#include "sandbox/base/fields.hpp"
#include "sandbox/rest/api_replies.hpp"

namespace intent::sandbox {

ApiReply Api::run_voice(const Call& call) {
    if (call.match.route == Route::list_voice_regions) {
        std::string region = R"({"id":"local","name":"This machine","endpoint":)";
        codec::append_json_string(region, voice_endpoint_);
        return list_json("", {region + R"(,"deprecated":false})"});
    }
    const ServerId server{Fields(call.request.body).required_snowflake("server_id")};
    const auto servers = platform_.ice_servers(call.actor, server, call.now);
    std::string body = R"({"ice_servers":[)";
    for (const auto& each : servers) {
        if (body.back() != '[') body += ',';
        body += codec::to_json(each);
    }
    body += "],\"ttl\":" + std::to_string(IceServers::life.count()) + "}";
    return {.status = 200, .body = std::move(body)};
}

}  // namespace intent::sandbox
