// Verifies requests to a bot's own HTTP endpoint: sent by the platform, recent, and not a duplicate (protocol §12).
#pragma once

#include <intent/clock.hpp>
#include <intent/detail/export.hpp>
#include <intent/detail/owned.hpp>
#include <intent/secret.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent::inline v0 {

/// The result of verifying a delivery. Handle it only for `ok`.
enum class DeliveryVerdict {
    ok,             ///< authentic, recent and new: answer 2xx and handle it
    duplicate,      ///< valid but already handled: answer 2xx so that it is not redelivered
    bad_signature,  ///< signed with another secret, or modified: answer 401
    stale,          ///< its time is more than 300 s off (a replay, or a wrong clock): answer 401
    malformed,      ///< a header is missing, duplicated or malformed: answer 400
};

/// "ok", "duplicate", "bad_signature", "stale", "malformed".
INTENT_API const char* name_of(DeliveryVerdict verdict) noexcept;

/// Options of a WebhookVerifier.
struct WebhookVerifierOptions {
    Clock clock = {};                      ///< timestamps are compared with its `wall_time`
    std::size_t max_deliveries = 100'000;  ///< maximum number of remembered ids, about 150 bytes each
};

/// Verifies deliveries: `X-Intent-Signature`, "sha256=" and 64 lower-case hex digits, is the HMAC-SHA256 of the text of
/// `X-Intent-Timestamp`, a dot and the raw body under the secret, compared in constant time. The timestamp must be at
/// most 300 s off. An `X-Intent-Delivery-Id` that was seen within 24 h is a duplicate. Only ids of correctly signed
/// deliveries are remembered, so others cannot displace them.
///
/// Pass the bytes of the body as received: parsed and re-serialized JSON has another signature.
///
/// Errors: invalid input throws nothing; std::bad_alloc is possible.
/// Distinct objects: safe. Shared objects: safe.
class INTENT_API WebhookVerifier {
public:
    using Headers = std::vector<std::pair<std::string, std::string>>;  ///< names and values

    /// Errors: ConfigError if the secret is empty, or `max_deliveries` is 0.
    explicit WebhookVerifier(Secret secret, WebhookVerifierOptions options = {});
    WebhookVerifier(WebhookVerifier&&) noexcept;
    WebhookVerifier& operator=(WebhookVerifier&&) noexcept;
    ~WebhookVerifier();

    /// Verifies a delivery by its headers (names in any case and order; other headers are ignored) and its body.
    DeliveryVerdict verify(const Headers& headers, std::string_view body);

    /// The same with the values of the three headers; a missing one is empty.
    DeliveryVerdict verify(std::string_view signature, std::string_view timestamp, std::string_view delivery_id,
                           std::string_view body);

    /// Call this if the delivery could not be handled: its redelivery is then not a duplicate.
    void forget(std::string_view delivery_id);

    /// The number of remembered delivery ids.
    std::size_t remembered() const;

private:
    struct State;
    detail::Owned<State> state_;
};

}  // namespace intent
