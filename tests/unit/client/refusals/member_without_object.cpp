// Refused: intent: a member function needs its object: on(&Bot::on_message, this)
#include <intent/client.hpp>

struct Bot {
    void on_message(const intent::MessageCreate&) {}
};

void use(intent::Client& client) { client.on(&Bot::on_message); }
