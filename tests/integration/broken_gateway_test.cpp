// A client at gateways that break off in every way: what is seen on the wire, and a later event that arrives.
#include "tests/support/certificates.hpp"
#include "tests/support/client_world.hpp"
#include "tests/support/raw_gateway.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace intent::broken_gateway_test {
namespace {

using namespace std::chrono_literals;
using codec::Opcode;
using test::close_payload;
using test::frame;
using test::PeerConnection;

/// A gateway whose first connection, once ready, ends as `end` has it; the second one takes the Resume and goes on.
class Ending {
public:
    using End = std::function<void(PeerConnection&)>;

    explicit Ending(std::string what, End end, int interval_ms = 40'000)
        : name(std::move(what)),
          end_(std::move(end)),
          interval_ms_(interval_ms),
          gateway([this](PeerConnection& connection) { serve(connection); }),
          client(test::options_for(gateway.url())),
          diary(client) {
        client.start();
    }

    /// Waits for the later event, and says how the first connection was seen to end.
    std::string resumed_after() {
        if (!diary.messages().wait_contains("later")) return "no later event";
        client.stop();
        const auto life = diary.life().all();
        return life.size() == 5 && life[0] == "ready bot" && life[2] == "reconnecting 1" && life[3] == "resumed"
                   ? life[1]
                   : "something else: " + testing::PrintToString(life);
    }

    const std::string name;
    std::atomic<bool> second_is_resume = false;

private:
    void serve(PeerConnection& connection) {
        const bool first = connections_++ == 0;
        const auto opening = test::take_opening(connection);
        if (first) {
            connection.send(test::ready_frame(interval_ms_) + test::message_frame(1, "first"));
            connection.read_frame();  // the first heartbeat: the client has read its Ready
            return end_(connection);
        }
        second_is_resume = opening == Opcode::resume;
        connection.send(test::message_frame(1, "first") + test::gateway_frame(Opcode::dispatch, "{}", "RESUMED", 2) +
                        test::message_frame(3, "later"));
        test::serve(connection);
    }

    const End end_;
    const int interval_ms_;
    std::atomic<int> connections_ = 0;

public:
    test::ScriptedPeer gateway;
    Client client;
    test::Diary diary;
};

Ending::End closes_with(std::string payload) {
    return [payload = std::move(payload)](PeerConnection& connection) {
        connection.send(frame(0x88, payload));
        connection.wait_for_end();
    };
}

TEST(BrokenGateway, case_065_067_068_the_session_is_resumed_after_every_end_but_a_refusal) {
    std::vector<std::pair<std::string, std::unique_ptr<Ending>>> all;  // all at once: each takes five seconds
    const auto add = [&](std::string expected, std::string name, Ending::End end) {
        all.emplace_back(std::move(expected), std::make_unique<Ending>(std::move(name), std::move(end)));
    };
    add("disconnect 1005 resumable", "an empty close", closes_with(""));
    add("disconnect 1002 resumable", "a close of 1 byte", closes_with("x"));
    add("disconnect 4999 resumable", "a reason of 123 bytes", closes_with(close_payload(4999, std::string(123, 'r'))));
    add("disconnect 1007 resumable", "a reason that is no UTF-8", closes_with(close_payload(4000, "\xff\xfe")));
    for (const std::uint16_t code : {999, 1004, 1006})
        add("disconnect 1002 resumable", "code " + std::to_string(code), closes_with(close_payload(code)));
    add("disconnect 4000 resumable", "data behind the close", [](PeerConnection& connection) {
        connection.send(frame(0x88, close_payload(4000)) + test::message_frame(2, "behind the close"));
        connection.wait_for_end();
    });
    add("disconnect 1006 resumable", "FIN without a close", [](PeerConnection& connection) {
        connection.end_sending();
        connection.wait_for_end();
    });
    add("disconnect 1006 resumable", "a reset in mid-frame", [](PeerConnection& connection) {
        connection.send(test::message_frame(2, "half").substr(0, 20));
        connection.reset();
    });
    add("disconnect 1006 resumable", "FIN in mid-frame", [](PeerConnection& connection) {
        connection.send(test::message_frame(2, "half").substr(0, 20));
        connection.end_sending();
        connection.wait_for_end();
    });
    for (const auto& [expected, ending] : all) {
        SCOPED_TRACE(ending->name);
        EXPECT_EQ(ending->resumed_after(), expected);
        EXPECT_TRUE(ending->second_is_resume);
        EXPECT_EQ(ending->diary.messages().all(), (std::vector<std::string>{"first", "later"}));
    }
}

TEST(BrokenGateway, case_064_the_session_comes_back_after_every_code_but_a_refusal) {
    std::vector<std::pair<int, std::unique_ptr<Ending>>> all;
    for (const int code :
         {1000, 1001, 1011, 1012, 1013, 4000, 4001, 4002, 4005, 4006, 4008, 4009, 4011, 4014, 4015, 4999})
        all.emplace_back(code, std::make_unique<Ending>(std::to_string(code),
                                                        closes_with(close_payload(static_cast<std::uint16_t>(code)))));
    for (const auto& [code, ending] : all) {
        SCOPED_TRACE(code);
        EXPECT_EQ(ending->resumed_after(), "disconnect " + std::to_string(code) + " resumable");
        EXPECT_TRUE(ending->second_is_resume);
    }
}

TEST(BrokenGateway, case_064_codes_that_end_the_session_lead_to_identify_and_refusals_end_the_client) {
    std::vector<std::pair<int, std::unique_ptr<Ending>>> all;
    for (const int code : {4003, 4007, 4004, 4010, 4012, 4013})
        all.emplace_back(code, std::make_unique<Ending>(std::to_string(code),
                                                        closes_with(close_payload(static_cast<std::uint16_t>(code)))));
    for (const auto& [code, ending] : all) {
        SCOPED_TRACE(code);
        EXPECT_TRUE(ending->diary.life().wait_contains("disconnect " + std::to_string(code)));
        if (code == 4003 || code == 4007) {
            EXPECT_TRUE(ending->diary.messages().wait_contains("later"));
            EXPECT_FALSE(ending->second_is_resume);
        } else {
            EXPECT_EQ(ending->client.wait(test::long_enough), code == 4004 ? 3 : 4);
            EXPECT_EQ(ending->gateway.connections(), 1);
        }
    }
}

TEST(BrokenGateway, case_027_a_half_open_socket_is_dropped_at_once_without_a_close_frame) {
    std::atomic<int> beats = 0;
    std::atomic<bool> saw_close = false;
    std::atomic<bool> ended = false;
    Ending half_open(
        "half open",
        [&](PeerConnection& connection) {
            while (const auto got = connection.read_frame()) {
                if (got->opcode == 8) saw_close = true;
                if (test::opcode_of(*got) == Opcode::heartbeat) ++beats;
            }
            ended = true;
        },
        150);
    EXPECT_EQ(half_open.resumed_after(), "disconnect 1006 resumable");
    EXPECT_TRUE(ended);
    EXPECT_FALSE(saw_close) << "the peer is dead: nobody would answer";
    EXPECT_LE(beats, 3);
    EXPECT_TRUE(half_open.second_is_resume);
}

TEST(BrokenGateway, case_012_an_old_socket_that_closes_late_does_not_touch_the_new_one) {
    std::atomic<int> beats = 0;
    std::atomic<int> connections = 0;
    test::Door late;
    test::ScriptedPeer gateway([&](PeerConnection& connection) {
        const bool first = connections++ == 0;
        test::take_opening(connection);
        connection.send(test::ready_frame(100));
        if (first) {
            while (const auto got = connection.read_frame())
                if (got->opcode == 8) break;
            late.pass(20s);  // then answers, long after the new session is up
            connection.send(test::message_frame(1, "of the old socket") + frame(0x88, close_payload(4004)));
            connection.end_sending();
            return;
        }
        test::serve(connection, [&] {
            ++beats;
            return true;
        });
    });
    Client client(test::options_for(gateway.url()));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.wait_ready(1));
    client.stop();
    client.start();
    ASSERT_TRUE(diary.wait_ready(2));
    late.open();
    const int beaten = beats;
    EXPECT_TRUE(test::eventually([&] { return beats >= beaten + 5; }));
    EXPECT_EQ(connections, 2);
    EXPECT_EQ(diary.life().all(), (std::vector<std::string>{"ready bot", "disconnect 1000", "ready bot"}));
    EXPECT_EQ(diary.messages().count(), 0u);
}

TEST(BrokenGateway, case_007_a_redirect_is_not_followed_and_retry_after_is_kept) {
    std::atomic<int> elsewhere = 0;
    test::ScriptedPeer other([&](PeerConnection&) { ++elsewhere; });
    test::ScriptedPeer moved([&](PeerConnection& connection) {
        connection.read_head();
        connection.send("HTTP/1.1 301 Moved\r\nLocation: " + other.url() + "\r\nContent-Length: 0\r\n\r\n");
        connection.end_sending();
        connection.wait_for_end();
    });
    Client client(test::options_for(moved.url()));
    test::Diary diary(client);
    client.start();
    ASSERT_TRUE(diary.life().wait_contains("reconnecting 2"));
    EXPECT_NE(diary.errors().all().front().find("301"), std::string::npos);
    EXPECT_EQ(elsewhere, 0);

    test::ScriptedPeer busy([&](PeerConnection& connection) {
        connection.read_head();
        connection.send("HTTP/1.1 503 Busy\r\nRetry-After: 600\r\nContent-Length: 4\r\n\r\nwait");
        connection.end_sending();
        connection.wait_for_end();
    });
    test::Recorder<std::chrono::milliseconds> delays;
    Client patient(test::options_for(busy.url()));
    patient.on([&](const Reconnecting& event) { delays.add(event.delay); });
    patient.start();
    ASSERT_TRUE(delays.wait_count(1));
    EXPECT_EQ(delays.all().front(), 600s);
    patient.stop();  // ends the wait
}

TEST(BrokenGateway, case_006_an_untrusted_certificate_is_reported_and_retried_and_never_accepted) {
    test::TestAuthority authority;
    const auto own = authority.good();
    Sandbox sandbox({.certificate_file = own.certificate, .private_key_file = own.key});
    auto options = test::options_for(sandbox);
    ASSERT_TRUE(options.gateway_url.starts_with("wss://"));
    {
        Client client(options);
        test::Diary diary(client);
        client.start();
        ASSERT_TRUE(diary.life().wait_contains("reconnecting 2"));
        for (const auto& error : diary.errors().all())
            EXPECT_NE(error.find("certificate is not trusted"), std::string::npos) << error;
        EXPECT_EQ(sandbox.identifies(), 0u);
    }
    options.tls.extra_ca_file = authority.ca_file();
    Client client(options);
    test::Diary diary(client);
    client.start();
    EXPECT_TRUE(diary.wait_ready());
}

TEST(BrokenGateway, case_072_stop_works_at_every_stage_and_nothing_follows) {
    struct Stage {
        const char* name;
        const char* scheme;
        Ending::End script;
    };
    const auto silent = [](PeerConnection& connection) { connection.wait_for_end(); };
    const std::vector<Stage> stages{
        {"the upgrade", "ws", silent},
        {"the TLS handshake", "wss", silent},
        {"the wait for Ready", "ws",
         [](PeerConnection& connection) {
             test::take_opening(connection);
             test::serve(connection);
         }},
        {"a ready session whose peer never answers the close", "ws",
         [](PeerConnection& connection) {
             test::take_opening(connection);
             connection.send(test::ready_frame(40'000));
             connection.wait_for_end();
         }},
        {"the back-off", "ws", [](PeerConnection& connection) { connection.reset(); }},
    };
    for (const auto& stage : stages) {
        SCOPED_TRACE(stage.name);
        std::atomic<int> begun = 0;
        test::ScriptedPeer gateway([&](PeerConnection& connection) {
            ++begun;
            stage.script(connection);
        });
        auto options = test::options_for(gateway.url());
        options.gateway_url.replace(0, 2, stage.scheme);
        Client client(options);
        test::Diary diary(client);
        client.start();
        ASSERT_TRUE(test::eventually([&] { return begun >= 1; }));
        if (std::string_view(stage.name).starts_with("a ready")) {
            ASSERT_TRUE(diary.wait_ready());
        }
        if (std::string_view(stage.name) == "the back-off") {
            ASSERT_TRUE(diary.life().wait_contains("reconnecting 1"));
        }
        client.stop();
        EXPECT_EQ(client.wait(0ms), 0);
        const auto lines = diary.life().count() + diary.errors().count();
        const int connections = gateway.connections();
        client.stop();
        EXPECT_EQ(diary.life().count() + diary.errors().count(), lines);
        EXPECT_EQ(gateway.connections(), connections);
    }
}

TEST(BrokenGateway, case_073_stop_in_an_error_handler_ends_the_client) {
    for (const int threads : {0, 1}) {
        auto options = test::options_for("ws://127.0.0.1:1/gateway");
        options.handler_threads = threads;
        Client client(options);
        client.on([&](const ErrorEvent&) {
            client.stop();
            client.stop();
        });
        EXPECT_EQ(client.run(), 0);
    }
}

}  // namespace
}  // namespace intent::broken_gateway_test
