#include "relay/broker/impl/status.hpp"

#include "text/peer_text.hpp"

#include <algorithm>

namespace intent::relay::broker {

std::string error_text(natsStatus status, const text::Redactor& secrets) {
    natsStatus last = NATS_OK;
    const char* detail = nats_GetLastError(&last);
    std::string_view text = natsStatus_GetText(status);
    if (detail != nullptr && *detail != '\0' && last == status) text = detail;
    // "(file.c:123): text" of the library's own sources.
    if (const auto end = text.find("): "); text.starts_with('(') && end != std::string_view::npos)
        text.remove_prefix(end + 3);
    return text::peer_text(text, secrets);
}

std::string connect_problem(natsStatus status, const std::string& text, const ConnectionOptions& options) {
    const auto has = [&](std::string_view part) { return text.find(part) != std::string::npos; };
    // Without TLS at the broker, and with TLS wanted here.
    if (status == NATS_SECURE_CONNECTION_WANTED)
        return "the broker offers no TLS; configure `tls` there, or use nats:// in urls (--broker, INTENT_BROKER) "
               "without tls, ca_file and certificate_file";
    if (status == NATS_SSL_ERROR && has("mismatch"))
        return text + "; the broker's certificate must name the host of urls (--broker, INTENT_BROKER)";
    if (status == NATS_SSL_ERROR && (has("issuer certificate") || has("self-signed") || has("self signed") ||
                                     has("certificate signature") || has("verify failed")))
        return text + (options.ca_file.empty()
                           ? "; no authority of this system has signed the broker's certificate, so set ca_file (--ca, "
                             "INTENT_BROKER_CA)"
                           : "; no authority in ca_file (--ca, INTENT_BROKER_CA) has signed the broker's certificate");
    // With TLS 1.3 the broker checks the client's certificate after the handshake, and then just ends the connection.
    if (status == NATS_PROTOCOL_ERROR && has("got ''"))
        return "the broker ended the connection without an answer; if it verifies client certificates, " +
               std::string(options.certificate_file.empty()
                               ? "set certificate_file and key_file (--certificate and --key, "
                                 "INTENT_BROKER_CERTIFICATE and INTENT_BROKER_KEY)"
                               : "it does not accept certificate_file (--certificate, INTENT_BROKER_CERTIFICATE)");
    return text;
}

void throw_error(natsStatus status, const std::string& what, const text::Redactor& secrets) {
    const std::string text = what + ": " + error_text(status, secrets);
    switch (status) {
        case NATS_INVALID_SUBJECT:
        case NATS_INVALID_ARG:
        case NATS_INVALID_QUEUE_NAME:
        case NATS_MAX_PAYLOAD:
        case NATS_ADDRESS_MISSING:
            throw ConfigError(text);
        case NATS_TIMEOUT:
            throw TimeoutError(what + ": no answer in time; " + std::string(silence_hint));
        case NATS_INSUFFICIENT_BUFFER:
        case NATS_CONNECTION_CLOSED:
        case NATS_DRAINING:
            throw NotSent(what + ": not connected to the broker");
        case NATS_CONNECTION_DISCONNECTED:
            throw LostRequest(what + ": the connection to the broker was lost, so the outcome is unknown");
        case NATS_NO_RESPONDERS:
            throw NoResponders(what + ": nobody listens (of the broker's API: JetStream is off for this account)");
        case NATS_NOT_PERMITTED:
            throw Forbidden(text);
        default:
            throw NetworkError(text);
    }
}

void throw_api_error(natsStatus status, jsErrCode code, const std::string& what, const text::Redactor& secrets) {
    if (code == 0) throw_error(status, what, secrets);
    const bool missing = verdict(0, code) == Verdict::missing;
    throw ApiError(what + ": " + error_text(status, secrets) + " (error " + std::to_string(code) + " of the broker)",
                   missing ? 404 : 0, code);
}

std::string over_limit_text(const Message& message, std::size_t limit) {
    return "publish to " + message.subject + ": " + std::to_string(payload_size(message)) +
           " bytes of body and headers are over the broker's limit of " + std::to_string(limit) +
           " (max_payload in its configuration)";
}

void check_subject(std::string_view subject, bool wildcards, std::string_view what) {
    const auto fail = [&](std::string_view problem) {
        throw ConfigError(std::string(what) + ": '" + text::peer_text(subject, {}) + "' " + std::string(problem));
    };
    constexpr std::size_t longest = 1'024;
    if (subject.empty()) fail("is empty");
    if (subject.size() > longest) fail("is too long (1024 bytes are allowed)");
    if (std::ranges::any_of(subject, [](unsigned char c) { return c <= ' ' || c == 0x7f; }))
        fail("has a space or a control character");
    std::size_t begin = 0;  // of the part
    for (std::size_t i = 0; i <= subject.size(); ++i) {
        if (i < subject.size() && subject[i] != '.') continue;
        if (i == begin) fail("has an empty part between dots");
        if (i == begin + 1 && (subject[begin] == '*' || subject[begin] == '>')) {
            if (!wildcards) fail("has a wildcard");
            if (subject[begin] == '>' && i < subject.size()) fail("has '>' before its end");
        }
        begin = i + 1;
    }
}

void check_name(std::string_view name, std::string_view what) {
    constexpr std::size_t longest = 255;
    const bool valid = !name.empty() && name.size() <= longest && std::ranges::none_of(name, [](unsigned char c) {
        return c <= ' ' || c >= 0x7f || c == '.' || c == '*' || c == '>' || c == '/' || c == '\\';
    });
    if (!valid)
        throw ConfigError(std::string(what) + ": '" + text::peer_text(name, {}) +
                          "' is not a name (1 to 255 printable ASCII characters without spaces, '.', '*', '>', '/')");
}

}  // namespace intent::relay::broker
