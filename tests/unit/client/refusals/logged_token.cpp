// Refused: Token
#include <intent/log.hpp>
#include <intent/token.hpp>

intent::LogRecord use(const intent::Token& token) {
    intent::LogRecord record;
    record.text = token;
    return record;
}
