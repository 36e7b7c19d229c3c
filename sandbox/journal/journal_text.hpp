// Entries of the journal as lines of JSON.
#pragma once

#include "sandbox/journal/journal.hpp"
#include "sandbox/journal/redactor.hpp"
#include "sandbox/store/store.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <unordered_map>
#include <vector>

namespace intent::sandbox {

/// Shows entries, with their secrets blotted out. To be made anew for each look: it remembers names and tokens.
///
/// Distinct objects: unsafe with one store. Shared objects: unsafe.
class JournalText {
public:
    explicit JournalText(Store& store) : store_(store), blotter_(store.tokens()) {}

    boost::json::object object(const JournalEntry& entry);
    /// With a line break behind it.
    std::string line(const JournalEntry& entry);
    struct Lines {
        std::string text;
        std::size_t left_out = 0;  ///< entries, the oldest
    };
    /// The newest of `entries` whose lines fit in `max_bytes` together, oldest first; one line in any case.
    Lines lines(const std::vector<const JournalEntry*>& entries, std::size_t max_bytes);
    /// Some text out of an entry, fit to be shown.
    std::string clean(std::string text) const {
        blotter_.text(text);
        return text;
    }
    /// A user's name; empty for nobody.
    const std::string& name(UserId user);

private:
    void add_frame(boost::json::object& out, const JournalEntry& entry) const;
    void add_request(boost::json::object& out, const JournalDetails& details) const;
    boost::json::value body(const std::string& text) const;
    boost::json::value user(const JournalEntry& entry);

    Store& store_;
    JournalRedactor blotter_;
    std::unordered_map<UserId, std::string> names_;
};

const char* name_of(JournalKind kind) noexcept;

}  // namespace intent::sandbox
