// A relay as a program of its own, so that tests can kill it.
#include <intent/relay.hpp>

#include <cstdio>
#include <exception>

int main() {
    try {
        intent::Relay relay(intent::relay_options_from_env());
        return relay.run();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
