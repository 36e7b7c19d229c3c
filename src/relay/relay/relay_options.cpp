#include "relay/relay/relay_options.hpp"

#include "net/clock.hpp"
#include "net/environment.hpp"
#include "net/file.hpp"
#include "relay/wire/token.hpp"
#include "text/ascii.hpp"

#include <intent/errors.hpp>

#include <algorithm>
#include <chrono>

namespace intent::inline v0 {

RelayOptions relay_options_from_env() {
    RelayOptions options;
    options.client = options_from_env();
    options.broker = broker_options_from_env();
    if (auto id = net::environment_variable("INTENT_RELAY_ID"); id && !id->empty()) options.id = *std::move(id);
    return options;
}

}  // namespace intent

namespace intent::relay {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t max_id = 64;

bool is_id_character(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
}

void require(bool condition, const char* option, const char* allowed) {
    if (!condition) throw ConfigError(std::string(option) + ": " + allowed);
}

void check_client(const ClientOptions& client) {
    require(!client.token.empty(), "client.token", "missing");
    require(client.session_file.empty() && !client.session_store, "client.session_file and client.session_store",
            "must be unset, because a relay keeps the session on the broker");
    require(!client.io_thread, "client.io_thread", "must be unset");
}

}  // namespace

void check(const RelayOptions& options) {
    check_client(options.client);
    if (!is_name(options.broker.bot)) throw ConfigError("broker.bot: allowed are " + std::string(name_rule));
    require(options.id.size() <= max_id && std::ranges::all_of(options.id, is_id_character), "id",
            "allowed are up to 64 letters, digits, '-', '_' and '.'");
    const auto& stream = options.stream;
    require(stream.max_age >= 1min && stream.max_age <= std::chrono::days(365), "stream.max_age", "1 min to 365 days");
    require(stream.max_bytes >= (1 << 20), "stream.max_bytes", "at least 1 MiB");
    require(stream.duplicates >= 1s && stream.duplicates <= stream.max_age, "stream.duplicates", "1 s to max_age");
    require(stream.replicas >= 1 && stream.replicas <= 5, "stream.replicas", "1 to 5");
    const auto& backfill = options.backfill;
    require(backfill.concurrency >= 1 && backfill.concurrency <= 50, "backfill.concurrency", "1 to 50");
    require(options.lease_ttl >= 2s && options.lease_ttl <= 10min, "lease_ttl", "2 s to 10 min");
    require(options.answers_bytes >= (1 << 20), "answers_bytes", "at least 1 MiB");
    require(options.answers_kept >= 1s && options.answers_kept <= 24h, "answers_kept", "1 s to 1 day");
    require(options.max_requests >= 1 && options.max_requests <= 100'000, "max_requests", "1 to 100,000");
}

std::string make_relay_id() {
    constexpr std::size_t max_host = 40;
    constexpr std::string_view digits = "0123456789abcdef";
    const std::string host = net::read_file("/etc/hostname", 256).content.value_or("relay");
    std::string id;
    for (const char c : text::trimmed(host))
        id += is_id_character(c) ? c : '-';
    id.resize(std::min(id.size(), max_host));
    id += '-';
    for (auto [seed, i] = std::pair(net::random_seed(), 0); i < 8; ++i, seed >>= 4)
        id += digits[seed & 15];
    return id;
}

ClientOptions client_options(const RelayOptions& options) {
    ClientOptions client = options.client;
    client.handler_threads = 0;
    client.fetch_channels = false;
    client.slow_handler_warning = 0ms;
    client.max_rate_limit_wait.reset();  // each request of a worker has its own deadline
    // A back-fill needs the servers, and the channels of direct messages.
    client.caches = CacheLimits::none();
    client.caches.servers = 1'000'000;
    client.caches.channels = 100'000;
    return client;
}

std::string size_option(const std::string& name, const Names& names) {
    if (name == names.stream()) return "stream.max_bytes (--max-size)";
    if (name == names.dead_letter_stream()) return "stream.max_bytes (--max-size), of which it takes a quarter";
    if (name == names.answer_bucket()) return "answers_bytes (--answers-size)";
    return {};
}

std::vector<broker::StreamConfig> streams(const RelayOptions& options, const Names& names) {
    broker::StreamConfig events;
    events.name = names.stream();
    events.description = "Events of the bot " + names.bot();
    events.subjects = {names.events()};
    events.max_age = options.stream.max_age;
    events.max_bytes = options.stream.max_bytes;
    events.duplicates = options.stream.duplicates;
    events.replicas = options.stream.replicas;
    broker::StreamConfig dead_letters;
    dead_letters.name = names.dead_letter_stream();
    dead_letters.description = "Events that the applications of the bot " + names.bot() + " could not handle";
    dead_letters.subjects = {names.dead_letters()};
    dead_letters.max_age = std::chrono::days(30);
    dead_letters.max_bytes = options.stream.max_bytes / 4;
    dead_letters.duplicates = options.stream.duplicates;
    dead_letters.replicas = options.stream.replicas;
    return {events, dead_letters};
}

std::vector<broker::BucketConfig> buckets(const RelayOptions& options, const Names& names) {
    broker::BucketConfig state;
    state.name = names.bucket();
    state.description = "Leader and session of the bot " + names.bot();
    state.replicas = options.stream.replicas;
    broker::BucketConfig answers;
    answers.name = names.answer_bucket();
    answers.description = "Answers to REST requests of the bot " + names.bot();
    answers.ttl = options.answers_kept;
    answers.max_bytes = options.answers_bytes;
    answers.replicas = options.stream.replicas;
    broker::BucketConfig work;
    work.name = names.work_bucket();
    work.description = "Leases and attempts of the workers of the bot " + names.bot();
    work.ttl = 24h;
    work.replicas = options.stream.replicas;
    return {state, answers, work};
}

}  // namespace intent::relay
