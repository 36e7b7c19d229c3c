// `INTENT_TOKEN=… currency_bot [FILE]`: members have coins, which they can pay to each other. FILE (currency.db) keeps
// the coins.
#include "currency.hpp"

int main(int argc, char** argv) {
    const std::string file = argc > 1 ? argv[1] : "currency.db";
    return intent::run([&file](intent::Client& client) { return Currency(client, file); });
}
