// Refused: intent: the predicate of a Collector takes a const reference to each of its event types
using namespace intent;

void collect(Client& client) {
    Collector<MessageCreate, MessageDelete> collector(client, [](const MessageCreate&) { return true; });
}
