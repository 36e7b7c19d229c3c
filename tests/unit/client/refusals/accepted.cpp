// Accepted: every shape of handler.
#include <intent/module.hpp>
#include <intent/scope.hpp>

#include <chrono>
#include <variant>

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

struct Overloads {
    intent::task<> operator()(intent::MessageCreate) const { co_return; }
    intent::task<> operator()(const intent::MessageDelete&) const { co_return; }
};

using Change = std::variant<intent::MessageCreate, intent::MessageDelete>;

struct Changes {
    intent::task<> on_change(Change) { co_return; }
};

void of_several_types(intent::Client& client, intent::Scope& scope, intent::Module& module, Changes& changes) {
    using intent::MessageCreate, intent::MessageDelete;
    client.on_in_order<MessageCreate, MessageDelete>(Overloads());
    client.on_in_order<MessageCreate, MessageDelete>([](auto) -> intent::task<> { co_return; });
    client.on_in_order<MessageCreate, MessageDelete>([](Change) -> intent::task<> { co_return; });
    client.on_in_order<MessageCreate, MessageDelete>(&Changes::on_change, &changes);
    scope.on_in_order<MessageCreate, MessageDelete>(&Changes::on_change, &changes);
    module.on_in_order<MessageCreate, MessageDelete>(&Changes::on_change, &changes);
    module.on_in_order<MessageCreate, MessageDelete>(Overloads());
    scope.on_in_order<MessageCreate, MessageDelete>([&changes](auto event) { return changes.on_change(event); });
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
