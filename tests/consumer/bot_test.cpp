// A test of a bot against the platform in its own process, as the bot's author writes it.
#include <intent/intent.hpp>
#include <intent/sandbox.hpp>

#include <cstdio>

int main() {
    intent::Sandbox sandbox{intent::sandbox::Options{}};
    std::printf("%s\n", sandbox.rest_url().c_str());
    return sandbox.rest_url().starts_with("http://127.0.0.1:") ? 0 : 1;
}
