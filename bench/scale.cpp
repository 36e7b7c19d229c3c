// Many clients in one process: starts one, and the others when a line arrives on standard input. Prints "ready N" when
// all started clients are ready, also after they have lost their connections.
//
//   intent_bench_scale CLIENTS        where to connect is in the environment, as for every bot
#include <intent/client.hpp>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <utility>

namespace intent::bench {
namespace {

/// One thread for all clients and their handlers.
ClientOptions sharing_threads(ClientOptions options) {
    options.io_thread = std::make_shared<IoThread>();
    options.handler_threads = 0;
    return options;
}

class Clients {
public:
    void start(int count) {
        const int before = wanted_.fetch_add(count);
        for (int i = before; i < before + count; ++i) {
            auto& one = clients_.emplace_back(options_);
            one.client.on([this, &one](const Ready&) { set(one, true); });
            one.client.on([this, &one](const Resumed&) { set(one, true); });
            one.client.on([this, &one](const Disconnect&) { set(one, false); });
            one.client.start();
        }
    }

private:
    struct One {
        explicit One(const ClientOptions& options) : client(options) {}
        Client client;
        bool ready = false;  // of the thread that runs its handlers
    };

    /// A failed attempt ends with a Disconnect, too.
    void set(One& one, bool ready) {
        if (std::exchange(one.ready, ready) == ready) return;
        if ((ready ? ++ready_ : --ready_) != wanted_) return;
        std::printf("ready %d\n", wanted_.load());
        std::fflush(stdout);
    }

    const ClientOptions options_ = [] {
        auto options = sharing_threads(options_from_env());
        options.log = nullptr;
        return options;
    }();
    std::atomic<int> wanted_ = 0;
    std::atomic<int> ready_ = 0;
    std::deque<One> clients_;
};

}  // namespace
}  // namespace intent::bench

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    intent::bench::Clients clients;
    clients.start(1);
    if (std::getchar() == EOF) return 0;
    clients.start(std::atoi(argv[1]) - 1);
    while (std::getchar() != EOF) {
    }
    std::_Exit(0);
}
