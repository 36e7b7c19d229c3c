// What went over the wire, for those who ask afterwards.
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

namespace intent::sandbox {

enum class JournalKind : std::uint8_t { frame, request, connection, fault };
enum class Direction : std::uint8_t { in, out };  ///< seen from the sandbox

/// What is told of a request, of a connection, or of a fault; unset and empty members are not told.
struct JournalDetails {
    std::string what = {};    ///< "opened" of a connection, "rate_limit" of a fault
    std::string reason = {};  ///< of a close
    std::optional<int> code = {};
    std::string method = {};
    std::string path = {};
    std::string query = {};
    std::optional<int> status = {};  ///< none: it was not answered
    double milliseconds = 0;
    std::size_t size = 0;  ///< of the answer's body
    std::string bucket = {};
    std::optional<int> remaining = {};
    std::string request = {};   ///< body
    std::string response = {};  ///< body
    std::optional<std::uint64_t> fault = {};
};

struct JournalEntry {
    std::uint64_t n = 0;
    Timestamp time = {};
    JournalKind kind = JournalKind::frame;
    Direction direction = Direction::out;
    bool text = false;  ///< a text frame
    ConnectionId connection = 0;
    Owner owner = {};
    Session::SharedEvent event = {};  ///< a frame's bytes follow from it and `seq`, when it is set
    std::uint64_t seq = 0;
    codec::Bytes bytes = {};
    std::unique_ptr<const JournalDetails> details = {};
    std::size_t cost = 0;  ///< bytes that it keeps in memory

    codec::Bytes frame() const;
};

/// The last entries. To record costs next to nothing: no text is made, and an event that many sessions get is kept
/// once. Secrets are kept as they came, and blotted out where an entry is shown (journal_text.hpp).
///
/// Distinct objects: safe. Shared objects: unsafe.
class Journal {
public:
    /// Numbers and keeps it.
    void add(JournalEntry entry);
    void clear();

    std::uint64_t last() const noexcept { return next_ - 1; }
    std::size_t size() const noexcept { return size_; }
    std::size_t bytes() const noexcept { return bytes_; }

    /// Which entries are wanted.
    struct Wanted {
        std::uint64_t after = 0;
        std::size_t limit = 500;
        unsigned kinds = all_kinds;  ///< bits by JournalKind
    };
    struct Page {
        std::vector<const JournalEntry*> entries;  ///< oldest first; good until the next change
        std::uint64_t skipped = 0;                 ///< behind `after`, but not among these: forgotten, or too many
    };
    Page page(const Wanted& wanted) const;
    bool has(const Wanted& wanted) const;

    static constexpr unsigned bit(JournalKind kind) noexcept { return 1u << static_cast<unsigned>(kind); }
    static constexpr unsigned all_kinds = 0xf;
    static constexpr std::size_t max_entries = 50'000;
    static constexpr std::size_t max_bytes = 64u << 20;
    static constexpr std::size_t max_body = 1u << 20;  ///< longer bodies of requests and answers are left out

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
    const Event* last_event_ = nullptr;  ///< paid for by the entry before
};

}  // namespace intent::sandbox
