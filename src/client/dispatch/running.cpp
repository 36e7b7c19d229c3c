#include "client/dispatch/running.hpp"

namespace intent::client {

Running::Running(const std::shared_ptr<net::Loop>& host, std::function<void(std::exception_ptr)> on_error,
                 std::shared_ptr<net::VirtualClock> clock)
    : loop_(host ? net::Loop(host, std::move(on_error), std::move(clock))
                 : net::Loop(std::move(on_error), std::move(clock))) {}

Running::~Running() { end_parts(); }

void Running::set_parts(std::unique_ptr<RestPort> rest, std::function<void()> end_parts) {
    rest_ = std::move(rest);
    end_parts_ = std::move(end_parts);
}

std::uint64_t Running::after(std::chrono::milliseconds delay, std::function<void(bool cancelled)> fire,
                             net::Timer::Kind kind) {
    auto when = net::Time::max();
    if (delay != no_limit) when = kind == net::Timer::Kind::real ? net::time_in(delay) : loop_.time_in(delay);
    return at(when, std::move(fire), kind);
}

std::uint64_t Running::at(net::Time when, std::function<void(bool cancelled)> fire, net::Timer::Kind kind) {
    if (stopping_) {
        fire(true);
        return 0;
    }
    const std::uint64_t id = ++last_delay_;
    std::unique_ptr<net::Timer> timer;
    if (when != net::Time::max()) {
        timer = std::make_unique<net::Timer>(loop_, kind);
        timer->arm(when, [this, id] {
            auto due = delays_.extract(id);
            if (!due.empty()) due.mapped().fire(false);
        });
    }
    delays_.emplace(id, Delay{std::move(timer), std::move(fire)});
    return id;
}

void Running::end_delay(std::uint64_t id) {
    auto ended = delays_.extract(id);
    if (!ended.empty()) ended.mapped().fire(true);
}

void Running::end() {
    if (!loop_.shares()) {
        loop_.stop();
        end_parts();
        return;
    }
    loop_.end([this] {
        cancel_delays();
        end_parts();
    });
}

void Running::end_parts() {
    if (const auto parts = std::exchange(end_parts_, nullptr)) parts();
}

void Running::cancel_delays() {
    while (!delays_.empty()) {
        auto first = delays_.extract(delays_.begin());
        first.mapped().fire(true);
    }
}

}  // namespace intent::client
