// A client behind a proxy: what its options and the environment say about it.
#include "tests/support/client_world.hpp"
#include "tests/support/connect_proxy.hpp"
#include "tests/support/scripted_gateway.hpp"

#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace intent::proxy_test {
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

TEST(Proxies, gateway_and_rest_go_through_the_one_that_the_options_set) {
    test::ScriptedGateway gateway;
    test::ConnectProxy proxy("dXNlcjpzZWNyZXQ=");
    auto options = far_away(gateway);
    const Variable ignored("http_proxy", "http://127.0.0.1:1");
    options.proxy = Proxy::at(proxy.url("user:secret@"));
    expect_ready_through(proxy, options);
}

TEST(Proxies, gateway_and_rest_go_through_the_one_that_the_environment_names) {
    test::ScriptedGateway gateway;
    test::ConnectProxy proxy("dXNlcjpzZWNyZXQ=");
    const Variable named("http_proxy", proxy.url("user:secret@"));
    expect_ready_through(proxy, far_away(gateway));
}

TEST(Proxies, off_connects_directly_and_so_do_local_addresses) {
    Sandbox sandbox;
    const Variable named("http_proxy", "socks5://127.0.0.1:1");
    for (const bool off : {true, false}) {
        auto options = test::options_for(sandbox);
        if (off) options.proxy = Proxy::off();
        Client client(options);
        test::Diary diary(client);
        client.start();
        EXPECT_TRUE(diary.wait_ready());
        EXPECT_EQ(client.rest().get_current_user().get().username, "bot");
    }
}

std::string refused(const ClientOptions& options) {
    try {
        Client client(options);
        return "accepted";
    } catch (const ConfigError& error) {
        return error.what();
    }
}

TEST(Proxies, case_171_the_constructor_refuses_an_unusable_proxy_without_showing_a_secret) {
    test::ScriptedGateway gateway;
    auto options = far_away(gateway);
    for (const char* url :
         {"socks5://user:secret@proxy.test", "https://user:secret@proxy.test", "http://user:secret@", ""}) {
        options.proxy = Proxy::at(url);
        const auto error = refused(options);
        EXPECT_TRUE(error.starts_with("proxy: ")) << error;
        EXPECT_EQ(error.find("secret"), error.npos) << error;
    }
    options.proxy = Proxy();
    {
        const Variable named("ALL_PROXY", "socks5h://user:secret@proxy.test:1080");
        const auto error = refused(options);
        EXPECT_TRUE(error.starts_with("ALL_PROXY: only http:// proxies are supported")) << error;
        EXPECT_NE(error.find("NO_PROXY"), error.npos) << error;
        EXPECT_EQ(error.find("secret"), error.npos) << error;
        EXPECT_THROW(RestClient(RestOptions{.rest_url = options.rest_url}), ConfigError);
        auto direct = options;
        direct.proxy = Proxy::off();
        EXPECT_EQ(refused(direct), "accepted") << "what the environment names is not looked at";
        const Variable excepted("NO_PROXY", "gateway.test,api.test");
        EXPECT_EQ(refused(options), "accepted");
    }
}

}  // namespace
}  // namespace intent::proxy_test
