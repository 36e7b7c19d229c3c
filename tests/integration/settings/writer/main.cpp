// Changes settings without end, for a test that kills it: `writer FILE` prints each number once its change is
// committed.
#include <intent/settings.hpp>

#include <cstdint>
#include <cstdio>
#include <string>

int main(int, char** arguments) {
    const intent::Setting<std::int64_t> number("number");
    const intent::Setting<std::string> text("text");
    const intent::UserId alice{1};
    const intent::UserId bob{2};

    intent::Settings settings(arguments[1]);
    for (;;) {
        const std::int64_t next = settings.transaction([&](intent::Settings::Transaction& t) {
            const std::int64_t value = t.add(number, intent::global, 1);
            // Both halves of a transfer, with a text long enough for several pages.
            t.add(number, alice, -1);
            t.add(number, bob, 1);
            t.set(text, intent::global, std::string(20'000, static_cast<char>('a' + value % 26)));
            return value;
        });
        settings.set(number, intent::ServerId{1}, next);
        std::printf("%lld\n", static_cast<long long>(next));
        std::fflush(stdout);
    }
}
