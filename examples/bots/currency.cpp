// `INTENT_TOKEN=… currency_bot [FILE]`: the currency bot, with its accounts in FILE (accounts.txt).
#include "currency.hpp"

int main(int argc, char** argv) {
    const std::filesystem::path file = argc > 1 ? argv[1] : "accounts.txt";
    return intent::run([&file](intent::Client& client) { return Currency(client, file); });
}
