// Accepted: every shape of handler.
#include <intent/client.hpp>

namespace {

void function(const intent::Ready&) {}
intent::task<> coroutine(intent::Ready) { co_return; }

struct Object {
    void operator()(const intent::Ready&) const noexcept {}
};

}  // namespace

void use(intent::Client& client) {
    client.on(function);
    client.on(&function);
    client.on(coroutine);
    client.on(Object());
    client.on([](const intent::MessageCreate&) {});
    client.on([](intent::MessageCreate) {});
    client.on([](intent::MessageCreate&&) {});
    client.on([](const intent::RawEvent&) noexcept {});
    int calls = 0;
    client.on([calls](const intent::ErrorEvent&) mutable { ++calls; });
    client.once([](intent::MessageCreate event) -> intent::task<> { co_await event.message.reply("pong"); });
}
