// The bot under test: answers `!ping`, and reports if it was not allowed to.
#pragma once

#include <intent/intent.hpp>

inline void add_pong_bot(intent::Client& client) {
    client.on([](intent::MessageCreate event) -> intent::task<> {
        if (event.message.content != "!ping") co_return;
        bool refused = false;
        try {
            co_await event.message.reply("pong");
        } catch (const intent::ForbiddenError&) {
            refused = true;  // C++ does not allow co_await in a catch block
        }
        if (refused) co_await event.message.reply("I may not answer here");
    });
}
