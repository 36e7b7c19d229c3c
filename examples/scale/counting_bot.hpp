// A bot that runs in one process or in many: the same function adds its handlers to a Client and to a Worker.
#pragma once

#include <intent/intent.hpp>

#include <chrono>
#include <cstdio>
#include <string>

/// Answers `!count N` after a while, and reports on standard output what it does: "online", "begins N ATTEMPT", then
/// "ends N ATTEMPT", or "unknown N ATTEMPT" if it cannot know whether its answer was posted.
inline void add_counting_bot(intent::Client& client) {
    client.on([](const intent::Ready&) {
        std::puts("online");
        std::fflush(stdout);
    });
    client.on([&client](intent::MessageCreate event) -> intent::task<> {
        constexpr std::string_view command = "!count ";
        if (!event.message.content.starts_with(command)) co_return;
        const std::string number = event.message.content.substr(command.size());
        const auto report = [number, attempt = event.delivery().attempt](const char* what) {
            std::printf("%s %s %u\n", what, number.c_str(), attempt);
            std::fflush(stdout);
        };
        report("begins");
        co_await client.sleep_for(std::chrono::milliseconds(100));  // the work
        bool known = true;
        try {
            co_await event.message.reply("counted " + number);
        } catch (const intent::UnknownOutcomeError&) {
            known = false;  // the relay died meanwhile: a bot with more at stake would look for its answer
        }
        report(known ? "ends" : "unknown");
    });
}
