// A client behind a proxy: what its options and the environment say about it.
#include "tests/support/client_world.hpp"
#include "tests/support/connect_proxy.hpp"
#include "tests/support/scripted_gateway.hpp"

#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace intent {
namespace {

class Variable {
public:
    Variable(const char* name, const std::string& value) : name_(name) { ::setenv(name, value.c_str(), 1); }
    ~Variable() { ::unsetenv(name_); }

private:
    const char* name_;
};

// Names that exist nowhere: only a proxy knows a way.
ClientOptions far_away(const test::ScriptedGateway& gateway) {
    auto options = gateway.options();
    const auto& url = options.gateway_url;
    const auto port = url.substr(url.rfind(':'), url.rfind('/') - url.rfind(':'));
    options.gateway_url = "ws://gateway.test" + port + "/gateway";
    options.rest_url = "http://api.test" + port + "/v1";
    return options;
}

void expect_ready_through(test::ConnectProxy& proxy, const ClientOptions& options) {
    Client client(options);
    test::Diary diary(client);
    client.start();
    EXPECT_TRUE(diary.wait_ready());
    EXPECT_THROW(client.rest().get_servers().get(), NotFoundError)
        << "this gateway has no REST API, but it was reached";
    const auto heads = proxy.heads();
    ASSERT_EQ(heads.size(), 2u);
    EXPECT_TRUE(heads[0].starts_with("CONNECT gateway.test:")) << heads[0];
    EXPECT_TRUE(heads[1].starts_with("GET http://api.test:")) << heads[1];
    for (const auto& head : heads)
        EXPECT_NE(head.find("Proxy-Authorization: Basic dXNlcjpzZWNyZXQ="), head.npos);
}

TEST(Proxies, gateway_and_rest_go_through_the_one_that_the_environment_names) {
    test::ScriptedGateway gateway;
    test::ConnectProxy proxy("dXNlcjpzZWNyZXQ=");
    const Variable named("http_proxy", proxy.url("user:secret@"));
    expect_ready_through(proxy, far_away(gateway));
}

TEST(Proxies, this_machine_needs_none_whatever_the_environment_says) {
    Sandbox sandbox;
    const Variable named("http_proxy", "socks5://127.0.0.1:1");
    Client client(test::options_for(sandbox));
    test::Diary diary(client);
    client.start();
    EXPECT_TRUE(diary.wait_ready());
    EXPECT_EQ(client.rest().get_current_user().get().username, "bot");
}

TEST(Proxies, case_171_one_that_cannot_be_used_is_named_by_its_variable_without_a_secret) {
    test::ScriptedGateway gateway;
    const Variable named("ALL_PROXY", "socks5h://user:secret@proxy.test:1080");
    auto options = far_away(gateway);
    Client client(options);
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.errors().wait_count(1));
    const auto error = diary.errors().all().front();
    EXPECT_NE(error.find("ALL_PROXY: only http:// proxies are supported"), error.npos) << error;
    EXPECT_EQ(error.find("secret"), error.npos) << error;
    try {
        RestClient(RestOptions{.token = "bot_c2VjcmV0", .rest_url = options.rest_url}).get_current_user().get();
        FAIL() << "no error";
    } catch (const Error& failed) {
        EXPECT_NE(std::string(failed.what()).find("ALL_PROXY: only http://"), std::string::npos) << failed.what();
    }
}

}  // namespace
}  // namespace intent
