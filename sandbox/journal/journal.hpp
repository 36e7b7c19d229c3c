// Records the traffic of the sandbox for later queries.
#pragma once

#include "sandbox/gateway/gateway.hpp"

#include <intent/timestamp.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace intent::inline v0::sandbox {

enum class JournalKind : std::uint8_t { frame, request, connection, fault };
enum class Direction : std::uint8_t { in, out };  ///< seen from the sandbox

/// Details of a request, connection or fault entry. Unset and empty members are omitted.
struct JournalDetails {
    std::string what = {};    ///< e.g. "opened" for a connection, "rate_limit" for a fault
    std::string reason = {};  ///< close reason
    std::optional<int> code = {};
    std::string method = {};
    std::string path = {};
    std::string query = {};
    std::optional<int> status = {};  ///< unset: not answered
    double milliseconds = 0;
    std::size_t size = 0;  ///< of the response body
    std::string bucket = {};
    std::optional<int> remaining = {};
    std::string request = {};   ///< body
    std::string response = {};  ///< body
    std::optional<std::uint64_t> fault = {};
    std::string traceparent = {};  ///< header of the request
};

struct JournalEntry {
    std::uint64_t n = 0;
    Timestamp time = {};
    JournalKind kind = JournalKind::frame;
    Direction direction = Direction::out;
    bool text = false;  ///< a text frame
    ConnectionId connection = 0;
    Owner owner = {};
    Session::SharedEvent event = {};  ///< if set, the frame's bytes are derived from it and `seq`
    std::uint64_t seq = 0;
    codec::Bytes bytes = {};
    std::unique_ptr<const JournalDetails> details = {};
    std::size_t cost = 0;  ///< memory use in bytes

    codec::Bytes frame() const;
};

/// The latest entries. Recording is cheap: it formats no text and keeps an event that many sessions get only once.
/// Entries hold secrets; journal_text.hpp redacts them before an entry is shown.
class Journal {
public:
    /// Numbers and stores the entry. If the journal is full, drops the oldest entries.
    void add(JournalEntry entry);
    void clear();

    std::uint64_t last() const noexcept { return next_ - 1; }
    std::size_t size() const noexcept { return size_; }
    std::size_t bytes() const noexcept { return bytes_; }
    /// Entries that had to make room for later ones.
    std::uint64_t dropped() const noexcept { return dropped_; }

    /// Selects entries.
    struct Wanted {
        std::uint64_t after = 0;
        std::size_t limit = 500;
        unsigned kinds = all_kinds;  ///< bits by JournalKind
    };
    struct Page {
        std::vector<const JournalEntry*> entries;  ///< oldest first; valid until the next change
        std::uint64_t skipped = 0;                 ///< entries behind `after` that are dropped or exceed `limit`
    };
    Page page(const Wanted& wanted) const;
    bool has(const Wanted& wanted) const;

    static constexpr unsigned bit(JournalKind kind) noexcept { return 1u << static_cast<unsigned>(kind); }
    static constexpr unsigned all_kinds = 0xf;
    static constexpr std::size_t max_entries = 50'000;
    static constexpr std::size_t max_bytes = 64u << 20;
    static constexpr std::size_t max_body = 1u << 20;  ///< longer bodies of requests and responses are left out

private:
    const JournalEntry& at(std::size_t index) const { return ring_[(first_ + index) % ring_.size()]; }
    void drop_oldest();
    void make_room();
    std::uint64_t oldest() const noexcept { return next_ - size_; }
    std::size_t begin_after(std::uint64_t after) const noexcept;

    std::vector<JournalEntry> ring_;
    std::size_t first_ = 0;
    std::size_t size_ = 0;
    std::size_t bytes_ = 0;
    std::uint64_t next_ = 1;
    std::uint64_t dropped_ = 0;
    const Event* last_event_ = nullptr;  ///< of the previous entry, which includes its cost
};

}  // namespace intent::sandbox
