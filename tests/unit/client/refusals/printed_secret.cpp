// Refused: intent::Secret
#include <intent/secret.hpp>

#include <iostream>

void use(const intent::Secret& secret) { std::cout << secret; }
