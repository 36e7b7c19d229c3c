// A relay. Where to connect is in the environment, as for `intent relay`.
#include <intent/relay.hpp>

#include <utility>

int main() {
    auto options = intent::relay_options_from_env();
    return intent::Relay(std::move(options)).run();
}
