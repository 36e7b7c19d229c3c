// What 20 coroutines that handle messages cost to compile.
#include <intent/intent.hpp>

void add_all(intent::Client& client) {
    using namespace intent;
    client.on([](MessageCreate event) -> task<> {
        if (event.message.content == "!c0") co_await event.message.reply("done 0");
    });
    client.on([](MessageCreate event) -> task<> {
        if (event.message.content == "!c1") co_await event.message.reply("done 1");
    });
    client.on([](MessageCreate event) -> task<> {
        if (event.message.content == "!c2") co_await event.message.reply("done 2");
    });
    client.on([](MessageCreate event) -> task<> {
        if (event.message.content == "!c3") co_await event.message.reply("done 3");
    });
    client.on([](MessageCreate event) -> task<> {
        if (event.message.content == "!c4") co_await event.message.reply("done 4");
    });
    client.on([](MessageCreate event) -> task<> {
        if (event.message.content == "!c5") co_await event.message.reply("done 5");
    });
    client.on([](MessageCreate event) -> task<> {
        if (event.message.content == "!c6") co_await event.message.reply("done 6");
    });
    client.on([](MessageCreate event) -> task<> {
        if (event.message.content == "!c7") co_await event.message.reply("done 7");
    });
    client.on([](MessageCreate event) -> task<> {
        if (event.message.content == "!c8") co_await event.message.reply("done 8");
    });
    client.on([](MessageCreate event) -> task<> {
        if (event.message.content == "!c9") co_await event.message.reply("done 9");
    });
    client.on([](MessageCreate event) -> task<> {
        if (event.message.content == "!c10") co_await event.message.reply("done 10");
    });
    client.on([](MessageCreate event) -> task<> {
        if (event.message.content == "!c11") co_await event.message.reply("done 11");
    });
    client.on([](MessageCreate event) -> task<> {
        if (event.message.content == "!c12") co_await event.message.reply("done 12");
    });
    client.on([](MessageCreate event) -> task<> {
        if (event.message.content == "!c13") co_await event.message.reply("done 13");
    });
    client.on([](MessageCreate event) -> task<> {
        if (event.message.content == "!c14") co_await event.message.reply("done 14");
    });
    client.on([](MessageCreate event) -> task<> {
        if (event.message.content == "!c15") co_await event.message.reply("done 15");
    });
    client.on([](MessageCreate event) -> task<> {
        if (event.message.content == "!c16") co_await event.message.reply("done 16");
    });
    client.on([](MessageCreate event) -> task<> {
        if (event.message.content == "!c17") co_await event.message.reply("done 17");
    });
    client.on([](MessageCreate event) -> task<> {
        if (event.message.content == "!c18") co_await event.message.reply("done 18");
    });
    client.on([](MessageCreate event) -> task<> {
        if (event.message.content == "!c19") co_await event.message.reply("done 19");
    });
}
