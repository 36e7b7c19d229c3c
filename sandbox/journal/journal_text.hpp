// Formats entries of the journal as lines of JSON.
#pragma once

#include "sandbox/journal/journal.hpp"
#include "sandbox/journal/redactor.hpp"
#include "sandbox/store/store.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <unordered_map>
#include <vector>

namespace intent::inline v0::sandbox {

/// Formats entries with their secrets redacted. Create a new object for each query: it caches names and tokens.
///
/// Distinct objects: unsafe if they share a store. Shared objects: unsafe.
class JournalText {
public:
    explicit JournalText(Store& store) : store_(store), redactor_(store.tokens()) {}

    boost::json::object object(const JournalEntry& entry);
    /// Ends with a line break.
    std::string line(const JournalEntry& entry);
    struct Lines {
        std::string text;
        std::size_t left_out = 0;  ///< number of omitted entries, the oldest ones
    };
    /// The newest of `entries` that fit in `max_bytes`, oldest first; always at least one line.
    Lines lines(const std::vector<const JournalEntry*>& entries, std::size_t max_bytes);
    /// A text of an entry with its secrets redacted.
    std::string clean(std::string text) const {
        redactor_.text(text);
        return text;
    }
    /// A user's name; empty for an unset id.
    const std::string& name(UserId user);

private:
    void add_frame(boost::json::object& out, const JournalEntry& entry) const;
    void add_request(boost::json::object& out, const JournalDetails& details) const;
    boost::json::value body(const std::string& text) const;
    boost::json::value user(const JournalEntry& entry);

    Store& store_;
    JournalRedactor redactor_;
    std::unordered_map<UserId, std::string> names_;
};

const char* name_of(JournalKind kind) noexcept;

}  // namespace intent::sandbox
