// What a bot remembers, as its author writes it: linked with the sandbox too, which has the same SQLite inside.
#include <intent/sandbox.hpp>
#include <intent/settings.hpp>

#include <string>

int main() {
    const intent::Setting<std::string> prefix("prefix", "!");
    const intent::Sandbox sandbox{intent::sandbox::Options{}};
    intent::Settings settings(":memory:");
    settings.set(prefix, sandbox.server(), "?");
    return settings.get(prefix, sandbox.server()) == "?" && settings.get(prefix) == "!" ? 0 : 1;
}
