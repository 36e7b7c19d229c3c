// The bot's session in the bucket of the bot: where the next leader continues.
#pragma once

#include "relay/broker/key_value.hpp"
#include "relay/relay/relay_log.hpp"

#include <intent/session_store.hpp>

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace intent::relay {

/// What the key holds: the term of the leader that wrote it, and the content of the store.
struct SessionRecord {
    std::uint64_t term = 0;
    std::string content;
    friend bool operator==(const SessionRecord&, const SessionRecord&) = default;
};

/// "<term> <content>"
std::string format_session(const SessionRecord& record);
std::optional<SessionRecord> parse_session(std::string_view text);

/// A SessionStore for the leader of a term. A leader whose term is over cannot replace what a later one has written: a
/// write succeeds only over the revision that this store knows, and after a conflict only over earlier terms.
///
/// Threads: `lead` while the client is stopped; the rest as SessionStore.
class SessionCell final : public SessionStore {
public:
    explicit SessionCell(RelayLog log) : log_(std::move(log)) {}

    /// Where the key is. Before the first `lead`.
    void use(broker::KeyValue bucket) { bucket_.emplace(std::move(bucket)); }

    /// Begins a term: reads the record, and waits for the broker as long as `goes_on` returns true. False if it did
    /// not.
    bool lead(std::uint64_t term, const std::function<bool()>& goes_on);

    std::string read() override;
    void write(const std::string& content) override;

private:
    std::optional<broker::KeyValue> bucket_;
    RelayLog log_;
    std::mutex mutex_;
    std::uint64_t term_ = 0;
    std::uint64_t revision_ = 0;
    std::string content_;
    bool superseded_ = false;
};

}  // namespace intent::relay
