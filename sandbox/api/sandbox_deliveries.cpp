// The part of the public class Sandbox for tests of webhook receivers.
#include "sandbox/api/sandbox_impl.hpp"
#include "sandbox/base/secrets.hpp"

namespace intent::inline v0 {

using sandbox::DeliveryRunner;

std::string Sandbox::deliver(std::string_view url, Secret secret, std::string_view body) {
    if (secret.empty()) throw ConfigError("secret: at least one character is required");
    std::string id = sandbox::make_token("").substr(0, 22);
    impl_->call([&](auto& parts) {
        parts.deliveries.deliver(
            {.id = id, .url = std::string(url), .secret = std::move(secret), .body = std::string(body)});
    });
    return id;
}

sandbox::Delivery Sandbox::wait_delivery(std::string_view id, std::chrono::milliseconds timeout, std::size_t attempts) {
    auto waiter =
        std::make_shared<DeliveryRunner::Waiter>(DeliveryRunner::Waiter{.id = std::string(id), .attempts = attempts});
    auto done = waiter->done.get_future();
    const std::weak_ptr<DeliveryRunner::Waiter> kept = waiter;
    impl_->call([&](auto& parts) { parts.deliveries.add_waiter(std::move(waiter)); });
    try {
        if (done.wait_for(timeout) == std::future_status::ready) return done.get();
        return impl_->call([&](auto& parts) {
            parts.deliveries.remove_waiter(kept);
            return parts.deliveries.find(id).value_or(sandbox::Delivery{.id = std::string(id)});
        });
    } catch (const std::future_error&) {  // the sandbox was reset or stopped
        return {.id = std::string(id), .state = sandbox::Delivery::State::dropped};
    }
}

void Sandbox::enable_deliveries(std::string_view url) {
    impl_->call([&](auto& parts) { parts.deliveries.enable(url); });
}

}  // namespace intent
