// The ping bot: answers `!ping` and shows how long its answer took; `!clean` deletes its answers.
#pragma once

#include <intent/intent.hpp>

#include <chrono>
#include <cstdio>

/// Makes a ping bot from `client`, which must outlive the handlers.
inline void add_ping_bot(intent::Client& client) {
    client.on([](intent::MessageCreate event) -> intent::task<> {
        if (event.message.content != "!ping") co_return;
        const auto asked = std::chrono::steady_clock::now();
        const intent::Message answer = co_await event.message.reply("pong");
        const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - asked;
        char text[32];
        std::snprintf(text, sizeof text, "pong (%.1f ms)", took.count());
        co_await answer.edit(text);
    });

    client.on([&client](intent::MessageCreate event) -> intent::task<> {
        if (event.message.content != "!clean") co_return;
        const auto self = client.user();
        const auto latest = co_await client.rest().get_messages(event.message.channel_id);
        for (const intent::Message& message : latest) {
            if (self && message.author.id == self->id) co_await message.remove();
        }
    });
}
