#include "net/hmac.hpp"
#include "text/ascii.hpp"

#include <intent/errors.hpp>
#include <intent/limits.hpp>
#include <intent/webhook_verifier.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <mutex>
#include <optional>
#include <span>
#include <unordered_map>

namespace intent::inline v0 {

namespace {

constexpr std::chrono::seconds tolerance = limits::delivery_time_difference;
constexpr std::chrono::hours memory = limits::delivery_id_lifetime;
constexpr std::size_t max_id_size = 256;
constexpr std::size_t max_time_digits = 12;  // of a time in seconds, enough for tens of thousands of years

/// Parses "sha256=" and 64 lower-case hex digits.
std::optional<net::Sha256> read_signature(std::string_view text) {
    constexpr std::string_view prefix = "sha256=";
    net::Sha256 sum{};
    if (!text.starts_with(prefix) || text.size() != prefix.size() + 2 * sum.size()) return std::nullopt;
    text.remove_prefix(prefix.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool digit = c >= '0' && c <= '9';
        if (!digit && (c < 'a' || c > 'f')) return std::nullopt;
        const int value = digit ? c - '0' : c - 'a' + 10;
        sum[i / 2] = static_cast<std::uint8_t>(sum[i / 2] << 4 | value);
    }
    return sum;
}

std::optional<std::chrono::seconds> read_time(std::string_view text) {
    if (text.empty() || text.size() > max_time_digits) return std::nullopt;
    std::int64_t seconds = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        seconds = seconds * 10 + (c - '0');
    }
    return std::chrono::seconds(seconds);
}

bool is_id(std::string_view text) {
    return !text.empty() && text.size() <= max_id_size &&
           std::ranges::all_of(text, [](unsigned char c) { return c > 0x20 && c < 0x7f; });
}

/// A keyed hash of an id: fixed size, and without the secret nobody can produce a collision.
using Key = std::array<std::uint8_t, 16>;

struct KeyHash {
    std::size_t operator()(const Key& key) const noexcept {
        std::size_t hash = 0;
        std::memcpy(&hash, key.data(), sizeof hash);
        return hash;
    }
};

}  // namespace

const char* name_of(DeliveryVerdict verdict) noexcept {
    switch (verdict) {
        case DeliveryVerdict::ok:
            return "ok";
        case DeliveryVerdict::duplicate:
            return "duplicate";
        case DeliveryVerdict::bad_signature:
            return "bad_signature";
        case DeliveryVerdict::stale:
            return "stale";
        case DeliveryVerdict::malformed:
            break;
    }
    return "malformed";
}

struct WebhookVerifier::State {
    State(Secret its_secret, WebhookVerifierOptions its_options)
        : secret(std::move(its_secret)), options(std::move(its_options)) {
        if (secret.empty()) throw ConfigError("secret: empty; set the secret that the platform signs deliveries with");
        if (options.max_deliveries == 0) throw ConfigError("max_deliveries: 0; it must be at least 1");
    }

    Key key_of(std::string_view id) const {
        const auto sum = net::hmac_sha256(secret.reveal(), {"delivery id ", id});
        Key key;
        std::copy_n(sum.begin(), key.size(), key.begin());
        return key;
    }

    /// Returns false if it is already present.
    bool remember(const Key& key, Timestamp now) {
        const std::lock_guard lock(mutex);
        while (!order.empty() && now - order.front().first > memory)
            forget_oldest();
        if (seen.contains(key)) return false;
        while (order.size() >= options.max_deliveries)
            forget_oldest();
        order.emplace_back(now, key);
        seen.emplace(key, now);
        return true;
    }

    void forget_oldest() {
        const auto [when, key] = order.front();
        order.pop_front();
        // A key that was forgotten and added again is in the order twice: the later position counts.
        const auto found = seen.find(key);
        if (found != seen.end() && found->second == when) seen.erase(found);
    }

    Secret secret;
    WebhookVerifierOptions options;
    mutable std::mutex mutex;  // guards the following members
    std::unordered_map<Key, Timestamp, KeyHash> seen;
    std::deque<std::pair<Timestamp, Key>> order;
};

WebhookVerifier::WebhookVerifier(Secret secret, WebhookVerifierOptions options)
    : state_(new State(std::move(secret), std::move(options))) {}
WebhookVerifier::WebhookVerifier(WebhookVerifier&&) noexcept = default;
WebhookVerifier& WebhookVerifier::operator=(WebhookVerifier&&) noexcept = default;
WebhookVerifier::~WebhookVerifier() = default;

DeliveryVerdict WebhookVerifier::verify(const Headers& headers, std::string_view body) {
    constexpr std::array<std::string_view, 3> names{"x-intent-signature", "x-intent-timestamp", "x-intent-delivery-id"};
    std::array<std::string_view, 3> values{};
    std::array<int, 3> times{};
    for (const auto& [name, value] : headers) {
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (!text::equals_ignoring_case(name, names[i])) continue;
            values[i] = value;
            ++times[i];
        }
    }
    if (std::ranges::any_of(times, [](int count) { return count != 1; })) return DeliveryVerdict::malformed;
    return verify(values[0], values[1], values[2], body);
}

DeliveryVerdict WebhookVerifier::verify(std::string_view signature, std::string_view timestamp,
                                        std::string_view delivery_id, std::string_view body) {
    const auto claimed = read_signature(signature);
    const auto time = read_time(timestamp);
    if (!claimed || !time || !is_id(delivery_id)) return DeliveryVerdict::malformed;
    const auto now = state_->options.clock.wall_time();
    const auto off = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()) - *time;
    if (off > tolerance || off < -tolerance) return DeliveryVerdict::stale;
    const auto actual = net::hmac_sha256(state_->secret.reveal(), {timestamp, ".", body});
    if (!net::equal_in_constant_time(std::as_bytes(std::span(*claimed)), std::as_bytes(std::span(actual))))
        return DeliveryVerdict::bad_signature;
    return state_->remember(state_->key_of(delivery_id), now) ? DeliveryVerdict::ok : DeliveryVerdict::duplicate;
}

void WebhookVerifier::forget(std::string_view delivery_id) {
    const auto key = state_->key_of(delivery_id);
    const std::lock_guard lock(state_->mutex);
    state_->seen.erase(key);
}

std::size_t WebhookVerifier::remembered() const {
    const std::lock_guard lock(state_->mutex);
    return state_->seen.size();
}

}  // namespace intent
