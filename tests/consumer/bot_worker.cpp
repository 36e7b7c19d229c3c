// A worker, as a bot's author writes it: the settings come from the environment.
#include <intent/worker.hpp>

int main() {
    return intent::run([](intent::WorkerOptions& options) { options.max_in_flight = 64; },
                       [](intent::Client& client) { client.on([](const intent::MessageCreate&) {}); });
}
