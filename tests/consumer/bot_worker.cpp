// A worker, as a bot's author writes it: the settings come from the environment.
#include <intent/worker.hpp>

#include <cstdio>

int main() {
    return intent::run([](intent::WorkerOptions& options) { options.max_in_flight = 64; },
                       [](intent::Client& client) {
                           client.on([](const intent::Ready& ready) {
                               std::printf("online as %s\n", ready.user.username.c_str());
                               std::fflush(stdout);
                           });
                           client.on([](intent::MessageCreate event) -> intent::task<> {
                               if (event.message.content == "!ping") co_await event.message.reply("pong");
                           });
                       });
}
