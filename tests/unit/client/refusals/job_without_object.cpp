// Refused: intent: a member function needs its object: every(5min, &Bot::tick, this)
#include <intent/client.hpp>

struct Bot {
    void tick() {}
};

void use(intent::Client& client) { client.daily("09:30", "UTC", &Bot::tick); }
