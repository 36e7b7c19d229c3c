#include "net/environment.hpp"

#include "net/impl/loop_impl.hpp"

#include <boost/asio/signal_set.hpp>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <initializer_list>
#include <mutex>
#include <utility>

namespace intent::net {

std::optional<std::string> environment_variable(const char* name) {
    const char* value = std::getenv(name);
    if (!value) return std::nullopt;
    return std::string(value);
}

bool is_terminal(int descriptor) { return isatty(descriptor) == 1; }

namespace {

ProxyRules::Rule first_set(std::initializer_list<const char*> names) {
    for (const char* name : names)
        if (auto value = environment_variable(name); value && !value->empty()) return {name, *std::move(value)};
    return {};
}

}  // namespace

ProxyRules proxies_from_environment() {
    return {.plain = first_set({"http_proxy", "all_proxy", "ALL_PROXY"}),
            .secure = first_set({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}),
            .exceptions = first_set({"no_proxy", "NO_PROXY"}).url};
}

struct SignalWaiter::Impl : std::enable_shared_from_this<SignalWaiter::Impl> {
    Impl(boost::asio::io_context& io, std::function<void(int)> callback, Signals which)
        : signals(io), on_signal(std::move(callback)) {
        if (which == Signals::reload) {
            signals.add(SIGHUP);
        } else {
            signals.add(SIGINT);
            signals.add(SIGTERM);
        }
    }

    void wait() {
        std::lock_guard lock(mutex);
        if (!alive) return;
        signals.async_wait([self = shared_from_this()](const boost::system::error_code& error, int number) {
            if (error) return;
            std::function<void(int)> callback;
            {
                std::lock_guard hold(self->mutex);
                if (!self->alive) return;
                callback = self->on_signal;
            }
            self->wait();
            callback(number);
        });
    }

    void end() {
        std::lock_guard lock(mutex);
        alive = false;
        boost::system::error_code ignored;
        signals.clear(ignored);
        signals.cancel(ignored);
    }

    std::mutex mutex;  // the loop waits on the set, and any thread may end it
    bool alive = true;
    boost::asio::signal_set signals;
    std::function<void(int)> on_signal;
};

SignalWaiter::SignalWaiter(Loop& loop, std::function<void(int)> on_signal, Signals which)
    : impl_(std::make_shared<Impl>(loop.impl().io, std::move(on_signal), which)) {
    impl_->wait();
}

SignalWaiter::~SignalWaiter() { impl_->end(); }

}  // namespace intent::net
