// The fixture of every test here: a separate platform and the bot.
#pragma once

#include "pong_bot.hpp"

#include <intent/intent.hpp>
#include <intent/sandbox.hpp>

#include <stdexcept>

struct World {
    World() {
        add_pong_bot(bot);
        bot.start();
        if (!sandbox.wait_online("bot", std::chrono::seconds(10)))
            throw std::runtime_error("the bot did not come online");
    }

    intent::Sandbox sandbox;  // in memory, on a free port
    intent::Client bot{sandbox.client_options()};
    const intent::ChannelId general = sandbox.general();
    intent::sandbox::User alice = sandbox.user("alice");
};
