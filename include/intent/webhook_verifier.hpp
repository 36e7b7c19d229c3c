// Judges what comes to a bot's own HTTP endpoint: is it from the platform, fresh, and new? (protocol §12)
#pragma once

#include <intent/secret.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace intent {

/// What a delivery is worth. Everything but `ok` is not to be handled.
enum class DeliveryVerdict {
    ok,             ///< from who knows the secret, fresh, seen for the first time: answer 2xx and handle it
    duplicate,      ///< as `ok`, but seen before: answer 2xx, lest it comes again, and do nothing
    bad_signature,  ///< well-formed, but signed with another secret, or changed on the way: answer 401
    stale,          ///< its time is more than 300 s off: replayed, or a clock is wrong: answer 401
    malformed,      ///< a header is missing, there twice, or not of its form: answer 400
};

/// "ok", "duplicate", "bad_signature", "stale", "malformed".
const char* name_of(DeliveryVerdict verdict) noexcept;

/// How a WebhookVerifier judges.
struct WebhookVerifierOptions {
    /// The wall clock that deliveries' times are compared with; unset: the system's.
    std::function<std::chrono::system_clock::time_point()> clock = {};
    std::size_t max_deliveries = 100'000;  ///< ids remembered at most, some 150 bytes each; of more the oldest go
};

/// Verifies deliveries: `X-Intent-Signature: sha256=<64 lower-case hex digits>` is the HMAC-SHA256 of
/// `<X-Intent-Timestamp>.<raw body>` under the secret, and is compared in constant time; the timestamp is at most 300 s
/// off; an `X-Intent-Delivery-Id` that was seen within 24 h is a duplicate. Only what is signed is remembered, so
/// strangers cannot push ids out.
///
/// Hand over the body's bytes as they were received: JSON that was read and written again has another signature.
///
/// Errors: none for bad input, however bad; std::bad_alloc.
/// Distinct objects: safe. Shared objects: safe.
class WebhookVerifier {
public:
    using Headers = std::vector<std::pair<std::string, std::string>>;

    /// Errors: ConfigError if the secret is empty, or `max_deliveries` is 0.
    explicit WebhookVerifier(Secret secret, WebhookVerifierOptions options = {});
    WebhookVerifier(WebhookVerifier&&) noexcept;
    WebhookVerifier& operator=(WebhookVerifier&&) noexcept;
    ~WebhookVerifier();

    /// Judges a delivery by its headers (names in any case, in any order, among others) and its body.
    DeliveryVerdict verify(const Headers& headers, std::string_view body);

    /// The same with the three headers' values picked out; a missing one is empty.
    DeliveryVerdict verify(std::string_view signature, std::string_view timestamp, std::string_view delivery_id,
                           std::string_view body);

    /// The delivery could not be handled after all: when it comes again it is no duplicate.
    void forget(std::string_view delivery_id);

    /// Delivery ids that are remembered.
    std::size_t remembered() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace intent
