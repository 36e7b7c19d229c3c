#include "client/service/service.hpp"

#include "net/clock.hpp"

#include <intent/client.hpp>

#include <algorithm>
#include <bit>
#include <functional>
#include <utility>

namespace intent::client {

/// Held by everything that results from a Reload event.
class Service::Reloading final : public detail::PendingDispatch {
public:
    explicit Reloading(std::shared_ptr<Service> service) : service_(std::move(service)) {}
    ~Reloading() override { service_->notify(&Notifications::on_reload_end); }

private:
    const std::shared_ptr<Service> service_;
};

/// A piece of work for each handler thread. When the last one has run, all of them have made progress.
class Service::Round {
public:
    explicit Round(std::shared_ptr<Service> service) : service_(std::move(service)) {}
    ~Round() { service_->notify(&Notifications::on_progress); }
    Round(const Round&) = delete;
    Round& operator=(const Round&) = delete;

private:
    const std::shared_ptr<Service> service_;
};

Service::Service(const net::ServiceManager& manager, const detail::ClientContext& context)
    : log_(context.log()), socket_(manager.socket), watchdog_(manager.watchdog) {
    if (!manager.problem.empty()) log_(LogLevel::warn, "client", manager.problem);
}

template <class Input>
void Service::notify(Input input) {
    std::string problem;
    bool is_reported = false;
    {
        const std::lock_guard lock(mutex_);
        const std::string text = std::invoke(input, notifications_);
        if (text.empty()) return;
        problem = socket_.send(text);
        is_reported = !problem.empty() && std::has_single_bit(++failures_);
    }
    if (is_reported) log_(LogLevel::warn, "client", "NOTIFY_SOCKET: " + problem);
}

void Service::start(Client& client, const std::shared_ptr<Running>& running) {
    notify(&Notifications::on_start);
    client.on([self = shared_from_this()](const Ready&) { self->notify(&Notifications::on_connected); });
    client.on([self = shared_from_this()](const Resumed&) { self->notify(&Notifications::on_connected); });
    client.on([self = shared_from_this()](const Disconnect&) { self->notify(&Notifications::on_disconnected); });
    client.on([self = shared_from_this()](const Reconnecting& event) {
        self->notify([&event](Notifications& to) { return to.on_reconnecting(event.attempt, event.delay); });
    });
    if (watchdog_.count() == 0) return;
    running->loop().post([self = shared_from_this(), &on = *running] { self->watch(on); });
}

void Service::on_stopping() { notify(&Notifications::on_stopping); }

PendingRef Service::on_reload() {
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>(net::now().time_since_epoch());
    bool begun = false;
    notify([&](Notifications& to) {
        std::string text = to.on_reload(now);
        begun = !text.empty();
        return text;
    });
    return begun ? std::make_shared<Reloading>(shared_from_this()) : nullptr;
}

/// A thread that makes no progress keeps its round, and no other begins. A round that ends late is reported at once: a
/// handler may block for half of the watchdog's period.
void Service::watch(Running& running) {
    if (round_.expired()) {
        const auto round = std::make_shared<Round>(shared_from_this());
        round_ = round;
        const auto& lanes = running.lanes();
        for (unsigned lane = 0; lane < std::max(1u, lanes->threads()); ++lane)
            lanes->post([round] {}, lane);
    }
    const auto half =
        std::max(std::chrono::duration_cast<std::chrono::milliseconds>(watchdog_ / 2), std::chrono::milliseconds(1));
    running.after(
        half,
        [self = shared_from_this(), &running](bool cancelled) {
            if (!cancelled) self->watch(running);
        },
        net::Timer::Kind::real);
}

}  // namespace intent::client
