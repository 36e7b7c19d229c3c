// A worker that tests kill: `intent_relay_worker URL pool|ordered HANDLING` prints a line when it begins and when it
// ends with an event: "begin 2 text 1" (channel, text, attempt), "end 2 text". Handling takes HANDLING milliseconds.
// The text "crash" kills it, "bad" fails; "reply" posts first.
#include <intent/worker.hpp>

#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>

int main(int, char** arguments) {
    intent::WorkerOptions options;
    options.broker.urls = {arguments[1]};
    options.application = "app";
    options.mode = arguments[2] == std::string("ordered") ? intent::WorkerMode::ordered : intent::WorkerMode::pool;
    options.ack_wait = std::chrono::seconds(2);
    options.retry_delays = {std::chrono::milliseconds(20)};
    options.fetch_channels = false;
    const std::chrono::milliseconds handling{std::atoi(arguments[3])};
    return intent::run(options, [&](intent::Client& client) {
        client.on([&](intent::MessageCreate event) -> intent::task<> {
            const std::string text = event.message.content;
            const std::string channel = event.message.channel_id.str();
            std::printf("begin %s %s %u\n", channel.c_str(), text.c_str(), event.delivery().attempt);
            std::fflush(stdout);
            if (text == "reply") co_await event.message.reply("done");
            if (text == "crash" || text == "reply") ::kill(::getpid(), SIGKILL);
            if (handling.count() > 0) co_await client.sleep_for(handling);
            if (text == "bad") throw std::runtime_error("bad");
            std::printf("end %s %s\n", channel.c_str(), text.c_str());
            std::fflush(stdout);
        });
        client.on([](const intent::Ready&) {});
    });
}
