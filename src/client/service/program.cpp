#include "client/service/service.hpp"
#include "net/environment.hpp"

#include <intent/detail/program.hpp>

#include <memory>
#include <optional>

namespace intent::inline v0::detail {

int Program::run(Client& client) {
    const auto context = client.context_;
    const auto manager = net::service_manager_from_environment();
    const bool is_service = !manager.socket.empty();
    // Without a terminal, SIGHUP does not mean that the terminal was closed.
    const auto running = is_service || !net::has_terminal() ? context->running() : nullptr;
    if (!running) return client.run();
    std::shared_ptr<client::Service> service;
    std::optional<net::SignalWaiter> stops;
    if (is_service) {
        service = std::make_shared<client::Service>(manager, *context);
        service->start(client, running);
        stops.emplace(running->loop(), [service](int) { service->on_stopping(); });
    }
    const std::weak_ptr<ClientContext> weak = context;
    const net::SignalWaiter reloads(
        running->loop(),
        [weak, service](int) {
            if (const auto alive = weak.lock()) alive->reload(service ? service->on_reload() : nullptr);
        },
        net::SignalWaiter::Signals::reload);
    const int status = client.run();
    if (service) service->on_stopping();
    return status;
}

}  // namespace intent::detail
