// Direct messages and the events of their encryption, as a bot sees them (protocol §8, §16).
#include "codec/convert.hpp"
#include "tests/support/client_world.hpp"
#include "tests/support/scripted_gateway.hpp"

#include <intent/errors.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace intent::direct_messages_test {
namespace {

const std::string channel_json =
    R"({"channel":{"id":"5","type":3,"server_id":null,"recipients":[{"id":"7","username":"bob"}],)"
    R"("mls_initialized":false,"created_at":"2024-01-15T12:00:00Z"}})";
const std::string message_json =
    R"({"message":{"id":"9","channel_id":"5","author":{"id":"7","username":"bob"},"content":null,)"
    R"("mls_ciphertext":"AAEC","created_at":"2024-01-15T12:00:00Z"}})";

TEST(DirectMessages, case_162_163_channels_and_encrypted_messages_reach_the_bot_without_a_server) {
    test::Recorder<std::string> heard;
    test::ScriptedGateway gateway;
    Client client(gateway.options());
    client.on([&](const ChannelCreate& event) {
        heard.add("created " + event.channel.recipients.at(0).username + (event.channel.is_direct() ? " direct" : ""));
    });
    client.on([&](const MessageCreate& event) {
        heard.add("message " + event.message.content + event.message.mls_ciphertext.value_or("none"));
    });
    client.on([&](const ServerDelete& event) { heard.add("server " + event.id.str() + " gone"); });
    client.on([&](const ChannelDelete& event) {
        heard.add("deleted " + event.channel.value_or(Channel{}).id.str() + " of " + event.server_id.str());
    });
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    gateway.say([&] {
        gateway.dispatch("CHANNEL_CREATE", channel_json);
        gateway.dispatch("MESSAGE_CREATE", message_json);
        gateway.dispatch("SERVER_DELETE", R"({"server_id":"0"})");
        gateway.dispatch("CHANNEL_DELETE", R"({"channel_id":"5","server_id":null})");
    });
    ASSERT_TRUE(heard.wait_count(4));
    EXPECT_EQ(heard.all(),
              (std::vector<std::string>{"created bob direct", "message AAEC", "server 0 gone", "deleted 5 of 0"}))
        << "a server's end takes its channels out of the cache, not those of no server";
    EXPECT_EQ(diary.errors().count(), 0u);
}

TEST(DirectMessages, case_164_events_of_encryption_have_types_names_and_one_shape) {
    test::Recorder<std::string> heard;
    test::ScriptedGateway gateway;
    Client client(gateway.options());
    client.on([&](const MlsWelcome& event) { heard.add("welcome " + event.welcome + event.channel_id.str()); });
    client.on([&](const MlsCommit& event) { heard.add("commit " + std::to_string(event.group_epoch)); });
    client.on([&](const MlsProposal& event) { heard.add("proposal " + event.proposal_ref); });
    client.on([&](const MlsKeyPackagesLow& event) { heard.add("low " + std::to_string(event.remaining)); });
    client.on([&](const DeviceAdded& event) { heard.add("added " + event.client_id); });
    client.on([&](const DeviceRemoved& event) { heard.add("removed " + event.client_id); });
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready());
    gateway.say([&] {
        gateway.dispatch("MLS_WELCOME", R"({"channel_id":"5","welcome":"AA==","group_info":"AQ=="})");
        gateway.dispatch("MLS_COMMIT", R"({"channel_id":"5","commit":"AA==","group_epoch":2,"committer_id":"7"})");
        gateway.dispatch("MLS_PROPOSAL", R"({"channel_id":"5","proposal":"AA==","proposal_ref":"r"})");
        gateway.dispatch("MLS_KEY_PACKAGES_LOW", R"({"client_id":"phone","remaining":9})");
        gateway.dispatch("DEVICE_ADDED", R"({"user_id":"7","client_id":"phone"})");
        gateway.dispatch("DEVICE_REMOVED", R"({"user_id":"7","client_id":"phone"})");
        gateway.dispatch("MLS_COMMIT", "{}");
    });
    ASSERT_TRUE(heard.wait_count(6));
    EXPECT_EQ(heard.all(), (std::vector<std::string>{"welcome AA==5", "commit 2", "proposal r", "low 9", "added phone",
                                                     "removed phone"}));
    ASSERT_TRUE(diary.errors().wait_count(1));
    EXPECT_NE(diary.errors().all().front().find("MLS_COMMIT"), std::string::npos);

    const auto names = event_names();
    for (const auto name :
         {"MLS_WELCOME", "MLS_COMMIT", "MLS_PROPOSAL", "MLS_KEY_PACKAGES_LOW", "DEVICE_ADDED", "DEVICE_REMOVED"})
        EXPECT_NE(std::find(names.begin(), names.end(), name), names.end()) << name;
    const auto shape = [](const char* name, const std::string& json) {
        return RawEvent{name, 1, *codec::json_to_msgpack(json)}.canonical_json();
    };
    EXPECT_EQ(shape("DEVICE_ADDED", R"({"x":1,"client_id":"phone","user_id":7})"),
              R"({"user_id":"7","client_id":"phone"})");
    EXPECT_EQ(shape("CHANNEL_CREATE", R"({"id":5,"type":3,"recipients":[{"id":7,"username":"bob"}]})"),
              R"({"channel":{"id":"5","server_id":null,"type":3,"recipients":)"
              R"([{"id":"7","username":"bob","display_name":"bob"}],"mls_initialized":false}})");
}

}  // namespace
}  // namespace intent::direct_messages_test
