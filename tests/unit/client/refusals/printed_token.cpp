// Refused: intent::Token
#include <intent/token.hpp>

#include <iostream>

void use(const intent::Token& token) { std::cout << token; }
