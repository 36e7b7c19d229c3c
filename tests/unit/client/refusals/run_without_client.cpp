// Refused: intent: run takes a function with a Client& as its parameter
#include <intent/run.hpp>

int use() {
    return intent::run([] {});
}
