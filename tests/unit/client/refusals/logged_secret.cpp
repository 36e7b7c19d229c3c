// Refused: Secret
#include <intent/log.hpp>
#include <intent/secret.hpp>

intent::LogRecord use(const intent::Secret& secret) {
    intent::LogRecord record;
    record.text = secret;
    return record;
}
