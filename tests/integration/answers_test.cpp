// Answers of the REST API that are no answers.
#include "tests/support/client_world.hpp"
#include "tests/support/net_peer.hpp"

#include <intent/errors.hpp>
#include <intent/rest.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace intent::answers_test {
namespace {

const std::string good_channel = R"({"id":"7","server_id":"1","name":"news","type":0,"position":0})";

/// Answers GET /channels/N with the N-th body (from 1), and DELETE /channels/N with 204 and that body.
class OddApi {
public:
    explicit OddApi(std::vector<std::string> bodies) : bodies_(std::move(bodies)) {}

    RestOptions options() const {
        RestOptions options;
        options.token = "bot_b2RkQXBpVG9rZW4";
        options.rest_url = peer_.http_url("/api/v1");
        options.log = test::SecretWatch::of_all_tests();
        test::SecretWatch::of_all_tests()->guard(options.token);
        return options;
    }

private:
    void answer(test::PeerConnection& connection) const {
        for (;;) {
            const auto head = connection.read_head();
            const auto at = head.find("/channels/");
            if (at == head.npos) return;
            const auto& body = bodies_.at(std::stoul(head.substr(at + 10)) - 1);
            const bool gone = head.starts_with("DELETE");
            connection.send(std::string("HTTP/1.1 ") + (gone ? "204 No Content" : "200 OK") +
                            "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) +
                            "\r\n\r\n" + body);
        }
    }

    std::vector<std::string> bodies_;
    test::ScriptedPeer peer_{[this](test::PeerConnection& connection) { answer(connection); }};
};

TEST(OddAnswers, case_102_a_success_that_cannot_be_read_is_a_decode_error_with_its_route_and_status) {
    const std::vector<std::string> bodies{
        good_channel,
        "",
        good_channel.substr(0, 20),
        "<html>" + std::string(1 << 20, 'x') + "</html>",
        good_channel + good_channel,
        "[]",
        "null",
    };
    const OddApi api(bodies);
    RestClient rest(api.options());
    for (std::size_t i = 1; i < bodies.size(); ++i) {
        try {
            rest.get_channel(ChannelId{i + 1}).get();
            ADD_FAILURE() << "was read: " << bodies[i].substr(0, 50);
        } catch (const DecodeError& error) {
            const std::string text = error.what();
            EXPECT_EQ(text.rfind("GET /channels/{channel_id}: 200 with an unreadable body: ", 0), 0u) << text;
            EXPECT_LT(text.size(), 1200u);
        }
    }
    EXPECT_EQ(rest.get_channel(ChannelId{1}).get().name, "news");
}

TEST(OddAnswers, case_102_a_byte_order_mark_before_a_valid_body_is_skipped) {
    const OddApi api({"\xef\xbb\xbf" + good_channel});
    RestClient rest(api.options());
    EXPECT_EQ(rest.get_channel(ChannelId{1}).get().name, "news");
}

TEST(OddAnswers, case_102_the_body_of_a_204_is_not_taken_for_the_next_answer) {
    const OddApi api({good_channel, R"(HTTP/1.1 500 Oops\r\n\r\n)"});
    RestClient rest(api.options());
    rest.remove_channel(ChannelId{2}).get();
    EXPECT_EQ(rest.get_channel(ChannelId{1}).get().name, "news");
}

}  // namespace
}  // namespace intent::answers_test
