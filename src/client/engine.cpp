#include "client/engine.hpp"

#include "client/channel_fetch.hpp"

namespace intent::client {

Engine::Engine(const std::shared_ptr<net::Loop>& host, std::function<void(std::exception_ptr)> on_error)
    : loop(host ? net::Loop(host, std::move(on_error)) : net::Loop(std::move(on_error))) {}

Engine::~Engine() = default;

std::uint64_t Engine::after(std::chrono::milliseconds delay, std::function<void(bool cancelled)> fire) {
    if (stopping) {
        fire(true);
        return 0;
    }
    const std::uint64_t id = ++last_delay_;
    auto timer = std::make_unique<net::Timer>(loop);
    timer->arm(net::time_in(delay), [this, id] {
        auto due = delays_.extract(id);
        if (!due.empty()) due.mapped().fire(false);
    });
    delays_.emplace(id, Delay{std::move(timer), std::move(fire)});
    return id;
}

void Engine::end_delay(std::uint64_t id) {
    auto ended = delays_.extract(id);
    if (!ended.empty()) ended.mapped().fire(true);
}

void Engine::end() {
    if (!loop.shares()) return loop.stop();
    loop.end([this] {
        cancel_delays();
        channels.reset();
        commands.reset();
        session.reset();
        rest.reset();
    });
}

void Engine::recover() {
    if (rest) rest->recover();
    if (session) session->recover();
}

void Engine::cancel_delays() {
    while (!delays_.empty()) {
        auto first = delays_.extract(delays_.begin());
        first.mapped().fire(true);
    }
}

}  // namespace intent::client
