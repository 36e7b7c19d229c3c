// Presence and member lists.
#include "tests/unit/sandbox/gateway_commands_driver.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace intent::inline v0::sandbox::gateway_commands_test {
namespace {

TEST_F(GatewayCommandsTest, presence_changes_reach_the_other_members_of_shared_servers) {
    up(1, "bob");
    take(gateway.on_open(now, 2, "127.0.0.1"));
    send(2, R"({"op":2,"d":{"token":"bot"}})");
    EXPECT_EQ(news(1), Lines{presence("bot", "online")});
    EXPECT_EQ(news(2).size(), 1u) << "only Ready: users get no own presence";
    lose(2);
    EXPECT_EQ(news(1), Lines{presence("bot", "offline")});
    send(1, R"({"op":10,"d":{"status":"idle","since":null,"afk":true}})");
    EXPECT_TRUE(news(1).empty());
}

TEST_F(GatewayCommandsTest, users_without_a_shared_server_get_no_presence) {
    platform.leave_server(id("bob"), server);
    up(1, "bob");
    up(2, "bot");
    send(2, R"({"op":10,"d":{"status":"dnd","afk":false}})");
    EXPECT_TRUE(news(1).empty());
}

TEST_F(GatewayCommandsTest, a_status_survives_a_lost_connection_and_ends_with_its_session) {
    up(1, "bob");
    up(2, "bot");
    send(2, R"({"op":10,"d":{"status":"dnd","afk":false}})");
    send(2, R"({"op":10,"d":{"status":"dnd","afk":false}})");
    EXPECT_EQ(news(1), Lines{presence("bot", "dnd")}) << "the same once more is no news";
    lose(2);
    take(gateway.on_open(now, 3, "127.0.0.1"));
    send(3, R"({"op":5,"d":{"token":"bot","session_id":"s2","seq":0}})");
    EXPECT_EQ(news(1), (Lines{presence("bot", "offline"), presence("bot", "dnd")}));
    lose(3, 1000);
    up(4, "bot");
    EXPECT_EQ(commands.status(id("bot")), "online");
}

TEST_F(GatewayCommandsTest, the_last_set_status_of_several_sessions_counts) {
    up(1, "bob");
    up(2, "bot");
    up(3, "bot");
    EXPECT_TRUE(news(1).empty());
    send(2, R"({"op":10,"d":{"status":"idle","afk":false}})");
    EXPECT_EQ(news(1), Lines{presence("bot", "idle")});
    lose(2);
    EXPECT_EQ(news(1), Lines{presence("bot", "online")});
    send(3, R"({"op":10,"d":{"status":"offline","afk":false}})");
    EXPECT_EQ(news(1), Lines{presence("bot", "offline")}) << "there, and not seen";
    lose(3);
    EXPECT_TRUE(news(1).empty());
}

TEST_F(GatewayCommandsTest, an_invalid_command_closes_and_names_the_field) {
    const std::pair<const char*, const char*> rows[] = {
        {R"({"op":10,"d":{"status":"brb"}})", "Presence Update: status: expected one of online, idle, dnd, offline"},
        {R"({"op":10,"d":{}})", "Presence Update: status: required"},
        {R"({"op":10,"d":null})", "Presence Update: d: expected a map"},
        {R"({"op":7,"d":{"limit":10}})", "Request Members: server_id: required"},
        {R"({"op":7,"d":{"server_id":"1","limit":1001}})",
         "Request Members: limit: expected a whole number from 1 to 1000"},
        {R"({"op":4,"d":{"server_id":"x"}})",
         "Voice State Update: server_id: not a snowflake (decimal digits, at most 64 bits)"},
        {R"({"op":4,"d":{"server_id":"1","self_mute":1}})",
         "Voice State Update: self_mute: expected true or false, got a number"},
        {R"({"op":12,"d":{"type":"renegotiate","sdp":"x"}})",
         "Voice Signal: type: expected one of offer, answer, ice, speaking"},
        {R"({"op":12,"d":{"type":"offer"}})", "Voice Signal: sdp: required"},
        {R"({"op":12,"d":{"type":"speaking"}})", "Voice Signal: speaking: required"},
    };
    ConnectionId connection = 0;
    for (const auto& [frame, reason] : rows) {
        up(++connection, "bot");
        send(connection, frame);
        EXPECT_EQ(news(connection), Lines{std::string("close 4002 ") + reason}) << frame;
    }
}

TEST_F(GatewayCommandsTest, a_failing_command_closes_without_details) {
    up(1, "bot");
    store.database().execute("DROP TABLE channels");
    const auto frame = R"({"op":4,"d":{"server_id":")" + server.str() + R"(","channel_id":"1"}})";
    const auto actions = gateway.on_message(now, 1, *codec::json_to_msgpack(frame), true);
    EXPECT_EQ(GatewayDriver::text(actions), Lines{"1 close 1011 Voice State Update: the sandbox failed"});
    const auto* note = std::get_if<Note>(&actions.at(0));
    ASSERT_NE(note, nullptr);
    EXPECT_EQ(note->text, "connection 1 failed: no such table: channels");
}

struct MemberRequests : GatewayCommandsTest {
    void ask(const std::string& fields) {
        send(1, R"({"op":7,"d":{"server_id":")" + server.str() + "\"" + fields + "}}");
    }
    /// The chunks' payloads.
    std::vector<boost::json::value> chunks() {
        std::vector<boost::json::value> found;
        for (const auto& line : news(1)) {
            constexpr std::string_view name = "GUILD_MEMBERS_CHUNK ";
            EXPECT_EQ(line.rfind(name, 0), 0u) << line;
            found.push_back(boost::json::parse(line.substr(name.size())));
        }
        return found;
    }
    static std::string username(const boost::json::value& member) {
        return std::string(member.at("user").at("username").as_string());
    }
};

TEST_F(MemberRequests, all_members_come_in_chunks_of_a_hundred) {
    for (int i = 0; i < 246; ++i)
        platform.add_user("p" + std::to_string(1000 + i), std::nullopt, "", date);
    up(1, "bot");
    ask(R"(,"limit":1000)");
    const auto all = chunks();
    ASSERT_EQ(all.size(), 3u);
    std::size_t members = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        EXPECT_EQ(all[i].at("chunk_index").as_int64(), static_cast<std::int64_t>(i));
        EXPECT_EQ(all[i].at("chunk_count").as_int64(), 3);
        EXPECT_EQ(all[i].at("server_id").as_string(), "<server>");
        members += all[i].at("members").as_array().size();
    }
    EXPECT_EQ(members, 250u);
    ask(R"(,"limit":100)");
    EXPECT_EQ(chunks().size(), 1u);
}

TEST_F(MemberRequests, a_chunk_of_large_members_stays_below_the_limit_of_clients) {
    // Only a store that was brought along holds such.
    for (int i = 0; i < 8; ++i) {
        const std::string name = "large" + std::to_string(i);
        platform.add_user(name, std::nullopt, "", date);
        store.database().run("UPDATE users SET avatar_url = ? WHERE username = ?", std::string(300'000, 'x'), name);
    }
    up(1, "bot");
    ask(R"(,"limit":1000)");
    const auto all = chunks();
    EXPECT_EQ(all.size(), 3u);
    std::size_t members = 0;
    for (const auto& one : all) {
        EXPECT_LT(boost::json::serialize(one).size(), GatewayCommands::max_chunk_bytes + 1000);
        EXPECT_EQ(one.at("chunk_count").as_int64(), 3);
        members += one.at("members").as_array().size();
    }
    EXPECT_EQ(members, 12u);
}

TEST(Session, keeps_a_limited_number_of_bytes_for_a_resume) {
    Session session(1, "s", UserId{1});
    const auto large =
        std::make_shared<const Event>(Event{.name = "GUILD_MEMBERS_CHUNK", .data = codec::Bytes(1u << 20)});
    for (int i = 0; i < 70; ++i)
        session.keep({}, large);
    EXPECT_EQ(session.kept(), 64u);
    EXPECT_TRUE(session.can_replay(6));
    EXPECT_FALSE(session.can_replay(5));
}

TEST_F(MemberRequests, a_query_is_a_prefix_of_a_name_ignoring_case) {
    platform.edit_member(id("carol"), server, id("carol"), {.nickname = std::optional<std::string>("Bobette")});
    up(1, "bot");
    ask(R"(,"query":"BO","limit":10)");
    const auto found = chunks().at(0).at("members").as_array();
    ASSERT_EQ(found.size(), 3u);
    EXPECT_EQ(username(found[0]), "bob");
    EXPECT_EQ(username(found[1]), "bot");
    EXPECT_EQ(username(found[2]), "carol");
    ask(R"(,"query":"%","limit":10)");
    EXPECT_TRUE(chunks().at(0).at("members").as_array().empty());
    ask(R"(,"query":"bo","limit":2)");
    EXPECT_EQ(chunks().at(0).at("members").as_array().size(), 2u);
}

TEST_F(MemberRequests, a_query_has_at_most_100_characters) {
    up(1, "bot");
    ask(R"(,"query":")" + std::string(100, '%') + "\"");
    EXPECT_TRUE(chunks().at(0).at("members").as_array().empty());
    ask(R"(,"query":")" + std::string(60'000, 'a') + "\"");
    EXPECT_EQ(news(1), Lines{"close 4002 Request Members: query: at most 100 characters allowed, got 60000"});
}

TEST_F(MemberRequests, presences_are_included_on_request) {
    up(2, "bob");
    up(1, "bot");
    ask(R"(,"query":"bob","limit":10,"presences":true)");
    EXPECT_EQ(chunks().at(0).at("presences").at(0).at("status").as_string(), "online");
    ask(R"(,"query":"alice","limit":10,"presences":true)");
    EXPECT_EQ(chunks().at(0).at("presences").at(0).at("status").as_string(), "offline");
    ask(R"(,"limit":10)");
    EXPECT_FALSE(chunks().at(0).as_object().contains("presences"));
}

TEST_F(MemberRequests, members_of_a_foreign_server_are_not_returned) {
    platform.leave_server(id("bot"), server);
    up(1, "bot");
    ask(R"(,"limit":10)");
    const auto found = chunks();
    EXPECT_TRUE(found.at(0).at("members").as_array().empty());
    EXPECT_EQ(found.at(0).at("chunk_count").as_int64(), 1);
}

}  // namespace
}  // namespace intent::sandbox::gateway_commands_test
