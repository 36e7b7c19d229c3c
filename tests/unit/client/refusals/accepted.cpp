// Accepted: every shape of handler.
#include <intent/scope.hpp>

namespace {

void function(const intent::Ready&) {}
intent::task<> coroutine(intent::Ready) { co_return; }

struct Object {
    void operator()(const intent::Ready&) const noexcept {}
};

struct Base {
    void on_ready(const intent::Ready&) const noexcept {}
};

struct Bot : Base {
    void on_message(const intent::MessageCreate&) {}
    intent::task<> on_delete(intent::MessageDelete) { co_return; }
    intent::task<> tick() { co_return; }
};

}  // namespace

void members(intent::Client& client, intent::Scope& scope, Bot& bot, const Bot& constant) {
    client.on(&Bot::on_message, &bot);
    client.once(&Bot::on_delete, &bot);
    client.on(&Bot::on_ready, &constant);
    client.on_in_order(&Bot::on_delete, &bot);
    scope.on(&Bot::on_message, &bot);
    scope.once(&Bot::on_ready, &bot);
    scope.on_in_order(&Bot::on_delete, &bot);
    scope.on([](const intent::Ready&) {});
    scope.spawn("ticker", &Bot::tick, &bot);
    scope.spawn("ticker", [&bot] { return bot.tick(); });
    scope.every(std::chrono::minutes(5), &Bot::tick, &bot);
    scope.daily("09:30", "Europe/Berlin", [] {});
    client.every(std::chrono::minutes(5), [&bot] { return bot.tick(); }).named("tick");
    client.daily(std::chrono::hours(9), "UTC", &Bot::tick, &bot);
    client.daily(intent::DailyTime("09:30", "UTC").on(std::chrono::Monday), [] {});
    client.at(intent::Timestamp(), [calls = 0]() mutable { ++calls; });
    client.after(std::chrono::minutes(5), &Bot::tick, &bot);
    scope.after(std::chrono::seconds(1), [] {}).named("later");
    client.spawn("ticker", bot.tick());
    client.spawn("ticker", [&bot]() -> intent::task<> { co_await bot.tick(); });
}

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
