// Refused: constraints not satisfied
#include <intent/client.hpp>

#include <chrono>

void use(intent::Client& client) {
    client.wait_for<int>([](int) { return true; }, std::chrono::seconds(1));
}
