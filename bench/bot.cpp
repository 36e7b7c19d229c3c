// The README's bot, for measuring memory and answers. With an argument it also trusts that certificate.
#include <intent/intent.hpp>

#include <cstdio>

int main(int argc, char** argv) {
    auto options = intent::options_from_env();
    if (argc > 1) options.tls.extra_ca_file = argv[1];
    intent::Client client{std::move(options)};

    client.on([](const intent::Ready& ready) {
        std::printf("online as %s\n", ready.user.username.c_str());
        std::fflush(stdout);
    });
    client.on([](intent::MessageCreate event) -> intent::task<> {
        if (event.message.content == "!ping") co_await event.message.reply("pong");
    });
    return client.run();
}
