// What a service manager learns, from the start to the end of a bot.
#include "client/service/notifications.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace intent::client::notifications_test {
namespace {

using namespace std::chrono_literals;

TEST(Notifications, the_service_is_ready_with_the_first_session_and_only_once) {
    Notifications service;
    EXPECT_EQ(service.on_start(), "STATUS=connecting");
    EXPECT_EQ(service.on_connected(), "READY=1\nSTATUS=connected");
    EXPECT_EQ(service.on_disconnected(), "STATUS=disconnected");
    EXPECT_EQ(service.on_reconnecting(1, 1200ms), "STATUS=reconnecting in 2 s, attempt 1");
    EXPECT_EQ(service.on_connected(), "STATUS=connected");
}

TEST(Notifications, until_then_each_attempt_extends_the_time_to_start) {
    Notifications service;
    EXPECT_EQ(service.on_reconnecting(3, 4s), "STATUS=reconnecting in 4 s, attempt 3\nEXTEND_TIMEOUT_USEC=64000000");
}

TEST(Notifications, a_reload_ends_with_the_last_one_that_began) {
    Notifications service;
    service.on_connected();
    EXPECT_EQ(service.on_reload(1500us), "RELOADING=1\nMONOTONIC_USEC=1500\nSTATUS=reloading");
    EXPECT_EQ(service.on_reload(1600us), "RELOADING=1\nMONOTONIC_USEC=1600\nSTATUS=reloading");
    EXPECT_EQ(service.on_disconnected(), "STATUS=disconnected");
    EXPECT_EQ(service.on_reload_end(), "");
    EXPECT_EQ(service.on_reload_end(), "READY=1\nSTATUS=disconnected");
}

TEST(Notifications, a_reload_before_the_start_does_not_end_it) {
    Notifications service;
    service.on_start();
    EXPECT_EQ(service.on_reload(1us), "");
    EXPECT_EQ(service.on_connected(), "READY=1\nSTATUS=connected");
}

TEST(Notifications, progress_keeps_the_watchdog_content) { EXPECT_EQ(Notifications().on_progress(), "WATCHDOG=1"); }

TEST(Notifications, nothing_follows_the_stop) {
    Notifications service;
    service.on_connected();
    service.on_reload(1us);
    EXPECT_EQ(service.on_stopping(), "STOPPING=1\nSTATUS=stopping");
    EXPECT_EQ(service.on_stopping(), "");
    EXPECT_EQ(service.on_disconnected(), "");
    EXPECT_EQ(service.on_connected(), "");
    EXPECT_EQ(service.on_reconnecting(1, 1s), "");
    EXPECT_EQ(service.on_reload(1us), "");
    EXPECT_EQ(service.on_reload_end(), "");
    EXPECT_EQ(service.on_progress(), "");
}

}  // namespace
}  // namespace intent::client::notifications_test
