// The order in which messages are sent, and sent again.
#include "relay/broker/publish_window.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace intent::relay::broker {
namespace {

using namespace std::chrono_literals;
using Time = PublishWindow::Time;
using Numbers = std::vector<PublishWindow::Number>;

constexpr Time sent_at{1'000s};

Message message(std::size_t bytes = 10) { return {.subject = "s", .data = std::string(bytes, 'x')}; }

struct Window : PublishWindow {
    explicit Window(int count, const Options& options = {}) : PublishWindow(options) {
        on_connected();
        for (int i = 0; i < count; ++i)
            add(message());
    }
    Numbers send(Time now = sent_at) {
        Numbers sent;
        while (const auto* entry = next_to_send(now)) {
            sent.push_back(entry->number);
            on_sent(now);
        }
        return sent;
    }
};

TEST(PublishWindow, everything_is_sent_once_and_leaves_when_it_is_acknowledged) {
    Window window(3);
    EXPECT_EQ(window.send(), (Numbers{1, 2, 3}));
    EXPECT_EQ(window.send(), Numbers{});
    EXPECT_EQ(window.next_wake(), sent_at + 2s);
    EXPECT_TRUE(window.on_acknowledged(2, sent_at));
    EXPECT_EQ(window.size(), 3u);
    EXPECT_TRUE(window.on_acknowledged(1, sent_at + 1s));
    EXPECT_EQ(window.size(), 1u);
    EXPECT_EQ(window.next_wake(), sent_at + 3s);
    EXPECT_FALSE(window.on_acknowledged(1, sent_at + 1s));
    EXPECT_TRUE(window.on_acknowledged(3, sent_at + 1s));
    EXPECT_TRUE(window.empty());
    EXPECT_EQ(window.bytes(), 0u);
    EXPECT_EQ(window.next_wake(), std::nullopt);
    EXPECT_EQ(window.resent(), 0u);
}

TEST(PublishWindow, a_new_connection_gets_all_that_is_not_acknowledged_in_order) {
    Window window(4);
    window.send();
    window.on_acknowledged(2, sent_at);
    window.on_disconnected();
    window.add(message());
    EXPECT_EQ(window.send(), Numbers{});
    EXPECT_EQ(window.next_wake(), std::nullopt);
    window.on_connected();
    EXPECT_EQ(window.send(), (Numbers{1, 3, 4, 5}));
    EXPECT_EQ(window.resent(), 3u);
}

TEST(PublishWindow, without_an_answer_everything_is_sent_again) {
    Window window(2);
    window.send();
    window.on_time(sent_at + 1999ms);
    EXPECT_EQ(window.send(sent_at + 1999ms), Numbers{});
    window.on_time(sent_at + 2s);
    EXPECT_EQ(window.timeouts(), 1u);
    EXPECT_EQ(window.send(sent_at + 2s), (Numbers{1, 2}));
    EXPECT_EQ(window.next_wake(), sent_at + 4s);
}

TEST(PublishWindow, a_lost_answer_is_noticed_while_later_ones_come) {
    Window window(1);
    window.send();
    for (int i = 1; i <= 10; ++i) {
        const auto now = sent_at + i * 200ms;
        window.on_time(now);
        const auto number = window.add(message());
        const auto sent = window.send(now);
        if (i == 10) {
            EXPECT_EQ(sent, (Numbers{1, number}));
        } else {
            EXPECT_EQ(sent, (Numbers{number}));
        }
        window.on_acknowledged(number, now);
    }
}

TEST(PublishWindow, after_a_temporary_error_it_and_all_later_ones_wait_and_are_sent_again) {
    Window window(4);
    window.send();
    window.on_acknowledged(1, sent_at);
    window.on_failed(3, sent_at);
    window.on_failed(4, sent_at);
    EXPECT_EQ(window.next_wake(), sent_at + 250ms);
    window.add(message());
    EXPECT_EQ(window.send(), Numbers{});
    window.on_time(sent_at + 250ms);
    EXPECT_EQ(window.send(sent_at + 250ms), (Numbers{3, 4, 5}));
    // The delay doubles until something is stored.
    window.on_failed(3, sent_at + 251ms);
    EXPECT_EQ(window.next_wake(), sent_at + 751ms);
    window.on_time(sent_at + 751ms);
    window.send(sent_at + 751ms);
    window.on_acknowledged(2, sent_at + 751ms);
    window.on_failed(3, sent_at + 752ms);
    EXPECT_EQ(window.next_wake(), sent_at + 1002ms);
}

TEST(PublishWindow, an_acknowledgement_of_an_earlier_sending_counts) {
    Window window(3);
    window.send();
    window.on_failed(1, sent_at);
    EXPECT_TRUE(window.on_acknowledged(2, sent_at));
    window.on_time(sent_at + 1s);
    EXPECT_EQ(window.send(sent_at + 1s), (Numbers{1, 3}));
}

TEST(PublishWindow, a_refused_message_leaves_and_the_others_stay) {
    Window window(3);
    window.send();
    EXPECT_TRUE(window.on_refused(1, sent_at));
    EXPECT_FALSE(window.on_refused(1, sent_at));
    window.on_connected();
    EXPECT_EQ(window.send(), (Numbers{2, 3}));
}

TEST(PublishWindow, it_is_full_by_count_or_by_bytes) {
    Window by_count(2, {.max_messages = 2});
    EXPECT_TRUE(by_count.full());
    by_count.on_acknowledged(1, sent_at);
    EXPECT_FALSE(by_count.full());
    Window by_bytes(0, {.max_bytes = 1'000});
    by_bytes.add(message(998));
    EXPECT_FALSE(by_bytes.full());
    by_bytes.add(message(1));
    EXPECT_TRUE(by_bytes.full());
    by_bytes.on_acknowledged(2, sent_at);
    EXPECT_FALSE(by_bytes.full());
}

}  // namespace
}  // namespace intent::relay::broker
