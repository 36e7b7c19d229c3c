// Handlers of voice.
#include "codec/utf8.hpp"
#include "sandbox/base/fields.hpp"
#include "sandbox/rest/handlers/replies.hpp"

namespace intent::inline v0::sandbox {

ApiReply Handlers::list_voice_regions(const Call&) {
    std::string region = R"({"id":"local","name":"This machine","endpoint":)";
    codec::append_json_string(region, voice_endpoint_);
    return list_json("", {region + R"(,"deprecated":false})"});
}

ApiReply Handlers::create_turn_credentials(const Call& call) {
    const ServerId server{call.fields().required_snowflake("server_id")};
    const auto servers = platform_.ice_servers(call.actor(), server, call.now());
    std::string body = R"({"ice_servers":[)";
    for (const auto& each : servers) {
        if (body.back() != '[') body += ',';
        body += codec::to_json(each);
    }
    body += "],\"ttl\":" + std::to_string(IceServers::life.count()) + "}";
    return {.status = 200, .body = std::move(body)};
}

}  // namespace intent::sandbox
