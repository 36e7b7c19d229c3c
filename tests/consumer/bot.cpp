// A bot as its author writes it. Started without a token it prints the version and that the token is missing.
#include <intent/intent.hpp>

#include <cstdio>

int main() {
    std::printf("intent %.*s\n", static_cast<int>(intent::version().size()), intent::version().data());
    try {
        intent::Client client{intent::options_from_env()};
        client.on([](const intent::Ready& ready) {
            std::printf("online as %s\n", ready.user.username.c_str());
            std::fflush(stdout);
        });
        client.on([](intent::MessageCreate event) -> intent::task<> {
            if (event.message.content == "!ping") co_await event.message.reply("pong");
        });
        client.daily("00:00", "UTC", [] { std::printf("a new day\n"); });
        return client.run();
    } catch (const intent::ConfigError& error) {
        std::printf("%s\n", error.what());
        return 4;
    }
}
