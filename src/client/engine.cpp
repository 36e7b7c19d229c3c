#include "client/engine.hpp"

namespace intent::client {

void Engine::after(std::chrono::milliseconds delay, std::function<void(bool cancelled)> fire) {
    if (stopping) return fire(true);
    const std::uint64_t id = ++last_delay_;
    auto timer = std::make_unique<net::Timer>(loop);
    timer->arm(net::time_in(delay), [this, id] {
        auto due = delays_.extract(id);
        if (!due.empty()) due.mapped().fire(false);
    });
    delays_.emplace(id, Delay{std::move(timer), std::move(fire)});
}

void Engine::end() {
    if (!loop.shares()) return loop.stop();
    loop.end([this] {
        cancel_delays();
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
