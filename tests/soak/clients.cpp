#include "tests/soak/clients.hpp"

#include "tests/support/waiting.hpp"

#include <intent/errors.hpp>

#include <charconv>
#include <string_view>

namespace intent::test {
namespace {

using namespace std::chrono_literals;

std::size_t serial_behind(std::string_view text, std::string_view head) {
    std::size_t serial = static_cast<std::size_t>(-1);
    if (text.starts_with(head)) std::from_chars(text.data() + head.size(), text.data() + text.size(), serial);
    return serial;
}

/// A call that a client makes because of an event: its end is noted, whichever it is.
task<> make_call(Client& client, Ledger& ledger, std::atomic<int>& under_way, std::size_t turn, std::size_t serial,
                 Message tick) {
    ++under_way;
    ++ledger.calls_begun[turn];
    try {
        if (turn % 3 != 2)
            co_await tick.reply("answer " + std::to_string(serial + static_cast<std::size_t>(Kind::answer)));
        else
            co_await client.rest().get_message(tick.channel_id, tick.id);
    } catch (const Error&) {
        ++ledger.calls_failed;
    }
    ++ledger.calls_ended[turn];
    --under_way;
}

}  // namespace

SoakClients::SoakClients(const SoakPlan& plan, int port, const std::vector<std::string>& tokens) : plan_(plan) {
    const std::string place = "127.0.0.1:" + std::to_string(port);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        ledgers_.push_back(std::make_unique<Ledger>(plan));
        under_way_.push_back(std::make_unique<std::atomic<int>>(0));
        ClientOptions options;
        options.token = tokens[i];
        options.gateway_url = "ws://" + place + "/gateway";
        options.rest_url = "http://" + place + "/api/v1";
        options.request_timeout = 5s;
        options.caches.users = 20;  // full within the first minute: what a cache takes later would look like a leak
        options.log = nullptr;
        clients_.push_back(std::make_unique<Client>(std::move(options)));
        equip(*clients_.back(), i);
    }
}

void SoakClients::equip(Client& client, std::size_t index) {
    Ledger* const ledger = ledgers_[index].get();
    std::atomic<int>* const under_way = under_way_[index].get();
    const auto clients = static_cast<std::size_t>(plan_.clients);
    client.on([&client, ledger, under_way, index, clients](MessageCreate event) -> task<> {
        const auto& content = event.message.content;
        ledger->deliver(serial_behind(content, "answer "));
        const auto serial = serial_behind(content, "tick ");
        ledger->deliver(serial);
        if (serial >= ledger->delivered.size()) co_return;
        const auto round = serial / SoakPlan::serials_per_round;
        if (round % clients != index) co_return;
        co_await make_call(client, *ledger, *under_way, round / clients, serial, std::move(event.message));
    });
    client.on([ledger](const MessageUpdate& event) { ledger->deliver(serial_behind(event.message.content, "edit ")); });
    client.on([ledger](const RawEvent& event) {
        if (event.name == "SOAK") ledger->deliver(serial_behind(event.json(), "{\"serial\":"));
    });
    client.on([ledger](const Gap& gap) { ledger->lose(gap.from, gap.to); });
    client.on([ledger](const ErrorEvent&) { ++ledger->errors; });
}

void SoakClients::start() {
    for (auto& client : clients_)
        client->start();
}

void SoakClients::wait_ready() {
    for (auto& client : clients_)
        eventually([&] { return client->gauges().ready; });
}

bool SoakClients::settled() const {
    for (std::size_t i = 0; i < clients_.size(); ++i) {
        const auto gauges = clients_[i]->gauges();
        if (!gauges.ready || gauges.queued_events != 0 || *under_way_[i] != 0) return false;
    }
    return true;
}

void SoakClients::stop() {
    for (auto& client : clients_)
        client->stop();
}

Gauges SoakClients::totals() const {
    Gauges sum;
    for (const auto& client : clients_) {
        const auto one = client->gauges();
        sum.events += one.events;
        sum.duplicates += one.duplicates;
        sum.bad_frames += one.bad_frames;
        sum.sequence_gaps += one.sequence_gaps;
        sum.sessions += one.sessions;
        sum.resumes += one.resumes;
        sum.gaps += one.gaps;
        sum.reconnects += one.reconnects;
    }
    return sum;
}

}  // namespace intent::test
