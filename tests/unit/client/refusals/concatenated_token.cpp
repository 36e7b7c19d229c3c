// Refused: intent::Token
#include <intent/token.hpp>

#include <string>

std::string use(const intent::Token& token) { return "token " + token; }
