#include "tools/intent/support/http.hpp"

#include "net/clock.hpp"
#include "net/environment.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

namespace tool {

namespace net = intent::net;

struct Http::Impl {
    explicit Impl(net::ProxyRules proxies) : proxy(std::move(proxies)) {}

    // Shared between the loop's thread and the command's.
    struct State {
        std::mutex mutex;
        std::condition_variable changed;
        std::optional<net::HttpResult> result;
        bool interrupted = false;
    };

    const net::ProxyRules proxy;
    std::shared_ptr<State> state = std::make_shared<State>();
    net::Loop loop;
    net::HttpClient client{loop, {.proxy = proxy, .user_agent = "intent-tool", .max_body_bytes = std::size_t{1} << 30}};
    std::unique_ptr<net::SignalWaiter> signals;
};

Http::Http() : Http(net::proxies_from_environment()) {}

Http::Http(net::ProxyRules proxy) : impl_(std::make_unique<Impl>(std::move(proxy))) { impl_->loop.start(); }

Http::~Http() {
    impl_->signals.reset();
    impl_->loop.stop();
}

net::HttpResult Http::call(net::HttpRequest request) {
    const auto& state = impl_->state;
    std::unique_lock lock(state->mutex);
    if (state->interrupted) throw Interrupted();
    state->result.reset();
    impl_->loop.post([client = &impl_->client, state, request = std::move(request)]() mutable {
        client->start(std::move(request), [state](net::HttpResult result) {
            const std::lock_guard guard(state->mutex);
            state->result = std::move(result);
            state->changed.notify_all();
        });
    });
    state->changed.wait(lock, [&] { return state->result || state->interrupted; });
    if (!state->result) throw Interrupted();
    return *std::move(state->result);
}

void Http::pause(std::chrono::milliseconds time) {
    const auto& state = impl_->state;
    std::unique_lock lock(state->mutex);
    if (state->changed.wait_until(lock, net::time_in(time), [&] { return state->interrupted; })) throw Interrupted();
}

void Http::heed_signals() {
    impl_->signals = std::make_unique<net::SignalWaiter>(impl_->loop, [state = impl_->state](int) {
        const std::lock_guard guard(state->mutex);
        state->interrupted = true;
        state->changed.notify_all();
    });
}

}  // namespace tool
