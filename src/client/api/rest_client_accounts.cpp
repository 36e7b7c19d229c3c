// Accounts and voice.
#include "client/api/rest_calls.hpp"

#include <intent/raw/account.hpp>
#include <intent/rest.hpp>

#include <utility>

namespace intent::inline v0 {

namespace {

task<Login> call_for_login(client::Context context, rest::Call call) {
    client::RestCall running(context, std::move(call));
    const auto answer = co_await running;
    auto login = codec::from_json<raw::Login>(answer.body);
    if (!login) client::unreadable(context, running.request(), answer, login.failure());
    Token token;
    try {
        token = Token(std::string(login->token.reveal()));
    } catch (const ConfigError& error) {
        client::unreadable(context, running.request(), answer, codec::Failure{"", error.what()});
    }
    co_return Login(std::move(token), User(std::move(login->user), context->ref()));
}

}  // namespace

task<Login> RestClient::register_account(NewAccount account) {
    return call_for_login(context_, rest::register_account(account));
}
task<Login> RestClient::login(Credentials credentials) { return call_for_login(context_, rest::login(credentials)); }
task<> RestClient::logout() { return client::call_for_nothing(context_, rest::logout()); }

task<std::vector<raw::VoiceRegion>> RestClient::get_voice_regions() {
    return client::call_for<std::vector<raw::VoiceRegion>>(context_, rest::get_voice_regions());
}
task<raw::TurnCredentials> RestClient::create_turn_credentials(ServerId server) {
    return client::call_for<raw::TurnCredentials>(context_, rest::create_turn_credentials(server));
}

}  // namespace intent
