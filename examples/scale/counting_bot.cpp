// The counting bot as a program: without an argument a Client, with `--worker` a Worker.
#include "counting_bot.hpp"

#include <intent/worker.hpp>

#include <cstring>

int main(int argc, char** argv) {
    const bool worker = argc == 2 && std::strcmp(argv[1], "--worker") == 0;
    if (argc > 1 && !worker) {
        std::fprintf(stderr, "counting_bot: the only flag is --worker\n");
        return 2;
    }
    if (!worker) return intent::run(add_counting_bot);
    // A worker that is killed is missed after 5 s, so that the demo need not wait long.
    return intent::run([](intent::WorkerOptions& options) { options.ack_wait = std::chrono::seconds(5); },
                       add_counting_bot);
}
